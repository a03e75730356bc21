using System.Globalization;

namespace Deployer.Spec.Steps;

/// <summary>
/// Sizes of memory as Java and Datomic write them: bytes, or a number with <c>k</c>, <c>m</c> or <c>g</c>
/// (https://docs.datomic.com/operation/system-properties.html, "Memory settings").
/// </summary>
internal static class ByteSize
{
    public const long Mebi = 1024 * 1024;

    /// <summary>The bytes of a size; <see langword="null"/> for another text.</summary>
    public static long? Find(string text)
    {
        var factor =
            text.Length == 0
                ? 0
                : char.ToLowerInvariant(text[^1]) switch
                {
                    'k' => 1024,
                    'm' => Mebi,
                    'g' => 1024 * Mebi,
                    _ => 1,
                };
        var digits = factor > 1 ? text[..^1] : text;
        return digits.Length <= 12 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && factor > 0
            ? number * factor
            : null;
    }

    /// <summary>A size in words: in <c>g</c> where it is a whole number of them, else in <c>m</c>.</summary>
    public static string Text(long bytes) =>
        bytes >= 1024 * Mebi && bytes % (1024 * Mebi) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * Mebi)}g")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebi}m");
}
