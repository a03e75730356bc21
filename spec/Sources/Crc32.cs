namespace Deployer.Spec.Sources;

/// <summary>The checksum of a zip's entries (ISO 3309, polynomial EDB88320), which .NET does not compare when it unpacks.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = CreateTable();

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

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (var value = 0u; value < table.Length; value++)
        {
            table[value] = value;
            for (var bit = 0; bit < 8; bit++)
            {
                table[value] = Shift(table[value]);
            }
        }

        return table;
    }

    private static uint Shift(uint sum) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
}
