namespace Deployer.Functions.Steps;

/// <summary>How far a comparison of many things has come: what was found without a difference is not read again.</summary>
/// <remarks>
/// Lambda answers 15 reads of configurations a second, for a whole account and region
/// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a function of the deployer has a minute.
/// </remarks>
/// <param name="compared">The things that were found without a difference before.</param>
/// <param name="reads">How many reads may be made until the comparison pauses.</param>
public sealed class ComparisonProgress(IEnumerable<string> compared, int reads)
{
    /// <summary>The reads of one batch, which take about seven seconds at Lambda's rate.</summary>
    public const int BatchReads = 100;

    private readonly HashSet<string> _compared = new(compared, StringComparer.Ordinal);
    private readonly List<string> _notices = [];
    private int _left = reads;

    /// <summary>A comparison from the beginning that does not pause.</summary>
    public static ComparisonProgress Whole => new([], int.MaxValue);

    /// <summary>The things that were found without a difference.</summary>
    public IReadOnlyCollection<string> Compared => _compared;

    /// <summary>How many reads may still be made.</summary>
    public int ReadsLeft => _left;

    /// <summary>Whether things are left that may not be read any more in this batch.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether a thing is to be read now.</summary>
    /// <param name="thing">Its name.</param>
    /// <param name="count">How many reads it takes.</param>
    public bool ShouldRead(string thing, int count)
    {
        if (_compared.Contains(thing))
        {
            return false;
        }

        if (_left < count)
        {
            IsPaused = true;
            return false;
        }

        _left -= count;
        return true;
    }

    /// <summary>What is no difference and has to be known about what was compared since this was made, a sentence each.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Notes that a thing was found without a difference, and what has to be known about it.</summary>
    public void Add(string thing, params IEnumerable<string> notices)
    {
        _compared.Add(thing);
        _notices.AddRange(notices);
    }
}
