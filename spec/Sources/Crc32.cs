namespace Deployer.Spec.Sources;

/// <summary>The checksum of a zip's entries (ISO 3309, polynomial EDB88320), which .NET does not compare when it unpacks.</summary>
internal static class Crc32
{
    private static readonly uint[] Table =
    [
        .. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (sum, _) => Shift(sum))),
    ];

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }
        return ~sum;
    }

    private static uint Shift(uint sum) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
}
