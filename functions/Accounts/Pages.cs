namespace Deployer.Functions.Accounts;

/// <summary>Reads what AWS answers in pages.</summary>
public static class Pages
{
    /// <summary>The pages of an answer, each asked for when it is needed.</summary>
    /// <param name="request">Asks for the page of a token; <see langword="null"/> for the first page.</param>
    /// <param name="nextToken">The token of the page after a page; none for the last one.</param>
    public static async IAsyncEnumerable<TPage> Read<TPage>(Func<string?, Task<TPage>> request, Func<TPage, string?> nextToken)
    {
        string? token = null;
        do
        {
            var page = await request(token);
            yield return page;
            token = nextToken(page);
        } while (!string.IsNullOrEmpty(token));
    }

    /// <summary>What all pages of an answer list.</summary>
    /// <param name="request">Asks for the page of a token; <see langword="null"/> for the first page.</param>
    /// <param name="items">What a page lists; <see langword="null"/> for nothing.</param>
    /// <param name="nextToken">The token of the page after a page; none for the last one.</param>
    public static async Task<List<TItem>> All<TPage, TItem>(
        Func<string?, Task<TPage>> request,
        Func<TPage, IEnumerable<TItem>?> items,
        Func<TPage, string?> nextToken
    )
    {
        var all = new List<TItem>();
        await foreach (var page in Read(request, nextToken))
        {
            all.AddRange(items(page) ?? []);
        }

        return all;
    }
}
