namespace Deployer.Functions.Errors;

/// <summary>
/// Values that may be in a text of AWS and must not leave with it. One of fewer than four characters is left: <c>1</c>, <c>dev</c> or
/// <c>no</c> stand in names, numbers and words of nearly every cause, so that what would be left says neither what failed nor where, and
/// the places that are cut out would give the value away; and so short a value can be guessed without any cause.
/// </summary>
public sealed class SecretValues
{
    private const int Shortest = 4;
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    /// <summary>Whether all was added that can be found out in this entry, so that it is not read again.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Adds a value; nothing for <see langword="null"/> and what is too short to be one.</summary>
    public void Add(string? value)
    {
        if (value is { Length: >= Shortest })
        {
            _values.Add(value);
        }
    }

    /// <summary>A text without the values; the longest first, so that none is left in part.</summary>
    public string Hide(string text) =>
        _values
            .OrderByDescending(value => value.Length)
            .ThenBy(value => value, StringComparer.Ordinal)
            .Aggregate(text, (hidden, value) => hidden.Replace(value, CauseText.Hidden, StringComparison.Ordinal));

    /// <summary>How many there are: never the values themselves.</summary>
    public override string ToString() => $"{_values.Count} secret values";
}
