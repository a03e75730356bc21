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
}
