namespace Deployer.Spec.Sources;

/// <summary>The checksum of a zip's entries (ISO 3309, polynomial EDB88320), which .NET does not compare when it unpacks.</summary>
internal static class Crc32
{
    private static readonly uint[] Table =
    [
        .. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (sum, _) => Shift(sum))),
    ];

    /// <summary>The checksum of bytes that come after others.</summary>
    /// <param name="before">The checksum of what came before; 0 at the beginning.</param>
    /// <param name="bytes">The bytes.</param>
    public static uint Append(uint before, ReadOnlySpan<byte> bytes)
    {
        var sum = ~before;
        foreach (var value in bytes)
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint Shift(uint sum) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
}
