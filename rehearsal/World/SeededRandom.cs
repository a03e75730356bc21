namespace Deployer.Rehearsal.World;

/// <summary>
/// Randomness that a seed and a count of draws determine (SplitMix64), so that a stored world goes on where it stopped
/// instead of giving the same ids twice.
/// </summary>
public sealed class SeededRandom(ulong seed, ulong drawn = 0)
{
    private const string Hex = "0123456789abcdef";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>How many values were drawn so far.</summary>
    public ulong Drawn { get; private set; } = drawn;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var z = seed + (++Drawn * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 up to, without, 1.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 up to, without, <paramref name="limit"/>.</summary>
    public int Next(int limit) => (int)(NextBits() % (ulong)limit);

    /// <summary>True once in <paramref name="times"/> draws, on average.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    /// <summary>Lower-case hexadecimal digits, as in instance and endpoint ids.</summary>
    public string HexId(int length) => Characters(Hex, length);

    /// <summary>Upper-case letters and digits, as in access keys and the tail of physical ids.</summary>
    public string UpperId(int length) => Characters(Upper, length);

    /// <summary>A version 4 UUID in AWS's lower-case form.</summary>
    public string Uuid() => $"{HexId(8)}-{HexId(4)}-4{HexId(3)}-a{HexId(3)}-{HexId(12)}";

    private string Characters(string alphabet, int length) =>
        string.Create(
            length,
            this,
            (span, random) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = alphabet[random.Next(alphabet.Length)];
                }
            }
        );
}
