namespace Deployer.Functions.Steps;

/// <summary>How far a comparison of many things has come: what was found without a difference is not read again.</summary>
/// <remarks>
/// Lambda answers 15 reads of configurations a second, for a whole account and region
/// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a function of the deployer has a minute.
/// </remarks>
/// <param name="compared">The things that were found without a difference before.</param>
/// <param name="reads">How many reads may be made until the comparison pauses.</param>
/// <param name="listing">How far the listing of what is compared had come; <see langword="null"/> when it had not begun.</param>
public sealed class ComparisonProgress(IEnumerable<string> compared, int reads, ListedPages? listing = null)
{
    /// <summary>The reads of one batch, which take about seven seconds at Lambda's rate.</summary>
    public const int BatchReads = 100;

    /// <summary>
    /// How many reads a page of a listing counts as: it has up to 50 functions with all their variables, and takes longer than one.
    /// </summary>
    public const int PageReads = 4;

    private readonly HashSet<string> _compared = new(compared, StringComparer.Ordinal);
    private readonly List<string> _notices = [];
    private int _left = reads;

    /// <summary>A comparison from the beginning that does not pause.</summary>
    public static ComparisonProgress Whole => new([], int.MaxValue);

    /// <summary>The things that were found without a difference.</summary>
    public IReadOnlyCollection<string> Compared => _compared;

    /// <summary>How many reads may still be made.</summary>
    public int ReadsLeft => _left;

    /// <summary>How far the listing of what is compared has come; <see langword="null"/> when it has not begun.</summary>
    public ListedPages? Listing { get; private set; } = listing;

    /// <summary>Whether things are left that may not be read any more in this batch.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether a thing is to be read now.</summary>
    /// <param name="thing">Its name.</param>
    /// <param name="count">How many reads it takes.</param>
    public bool ShouldRead(string thing, int count)
    {
        return !_compared.Contains(thing) && MayRead(count);
    }

    /// <summary>Lists what is compared, page by page, and each page once, also where a batch has not room for all of them.</summary>
    /// <param name="request">Asks for the page of a token; <see langword="null"/> for the first page.</param>
    /// <param name="found">What is kept of a page, a text each.</param>
    /// <param name="nextToken">The token of the page after a page; none for the last one.</param>
    /// <returns>What was kept of all pages; <see langword="null"/> when pages are left for the next batch.</returns>
    public async Task<IReadOnlyList<string>?> List<TPage>(
        Func<string?, Task<TPage>> request,
        Func<TPage, IEnumerable<string>> found,
        Func<TPage, string?> nextToken
    )
    {
        while (Listing is not { Next: null })
        {
            if (!MayRead(PageReads))
            {
                return null;
            }

            var page = await request(Listing?.Next);
            var next = nextToken(page);
            Listing = new ListedPages(string.IsNullOrEmpty(next) ? null : next, [.. Listing?.Found ?? [], .. found(page)]);
        }

        return Listing.Found;
    }

    private bool MayRead(int count)
    {
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
