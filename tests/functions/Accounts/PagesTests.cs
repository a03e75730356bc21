using Deployer.Functions.Accounts;

namespace Deployer.Functions.Tests.Accounts;

/// <summary>What AWS answers in pages, such as an execution's history.</summary>
public sealed class PagesTests
{
    private sealed record Page(IReadOnlyList<int>? Items, string? Next);

    private readonly List<string?> _asked = [];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task All_pages_are_read_in_their_order_each_by_the_token_of_the_one_before(string? last)
    {
        var all = await Pages.All(Answer(last), page => page.Items, page => page.Next);

        all.ShouldBe([1, 2, 3, 4, 5]);
        _asked.ShouldBe([null, "second", "third"]);
    }

    /// <summary>AWS may answer a page with nothing and a token.</summary>
    [Fact]
    public async Task A_page_without_anything_is_not_the_last()
    {
        var all = await Pages.All(
            token =>
            {
                _asked.Add(token);
                return Task.FromResult(token is null ? new Page(null, "second") : new Page([1], null));
            },
            page => page.Items,
            page => page.Next
        );

        all.ShouldBe([1]);
        _asked.ShouldBe([null, "second"]);
    }

    [Fact]
    public async Task A_page_is_asked_for_when_it_is_needed()
    {
        await foreach (var page in Pages.Read(Answer(last: null), page => page.Next))
        {
            if (page.Next == "third")
            {
                break;
            }
        }

        _asked.ShouldBe([null, "second"]);
    }

    private Func<string?, Task<Page>> Answer(string? last) =>
        token =>
        {
            _asked.Add(token);
            return Task.FromResult(
                token switch
                {
                    null => new Page([1, 2], "second"),
                    "second" => new Page([3, 4], "third"),
                    _ => new Page([5], last),
                }
            );
        };
}
