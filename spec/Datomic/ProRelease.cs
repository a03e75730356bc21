using System.Globalization;

namespace Deployer.Spec.Datomic;

/// <summary>
/// A release of Datomic Pro, such as <c>1.0.7705</c>; the fourth number of a release such as <c>0.9.5561.62</c> counts the corrections of
/// its parent (https://docs.datomic.com/release-notices.html).
/// </summary>
/// <param name="Text">The release as it is written.</param>
/// <param name="Numbers">Its three or four numbers.</param>
public sealed record ProRelease(string Text, IReadOnlyList<int> Numbers) : IComparable<ProRelease>
{
    /// <summary>A release in words.</summary>
    internal const string Expectation = "a release of Datomic Pro such as 1.0.7705";

    /// <summary>The release of a text; <see langword="null"/> when it is none.</summary>
    public static ProRelease? Find(string text)
    {
        var parts = text.Split('.');
        var numbers = new int[parts.Length];
        for (var at = 0; at < parts.Length; at++)
        {
            if (!int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at]))
            {
                return null;
            }
        }
        return parts.Length is 3 or 4 ? new ProRelease(text, numbers) : null;
    }

    /// <summary>Older first.</summary>
    public int CompareTo(ProRelease? other)
    {
        if (other is null)
        {
            return 1;
        }
        for (var at = 0; at < Math.Max(Numbers.Count, other.Numbers.Count); at++)
        {
            var (own, its) = (at < Numbers.Count ? Numbers[at] : 0, at < other.Numbers.Count ? other.Numbers[at] : 0);
            if (own != its)
            {
                return own.CompareTo(its);
            }
        }
        return 0;
    }

    /// <summary>Whether the release comes before another.</summary>
    public bool IsBefore(ProRelease other) => CompareTo(other) < 0;

    /// <inheritdoc/>
    public bool Equals(ProRelease? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers[^1].GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
