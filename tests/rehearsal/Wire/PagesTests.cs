using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Wire;

public sealed class PagesTests
{
    private static readonly string[] All = ["a", "b", "c"];

    [Fact]
    public void A_page_goes_on_at_the_place_that_its_token_names_and_the_last_one_has_none()
    {
        var (first, next) = Pages.ByPlace(All, token: null, size: 2, Invalid);
        first.ShouldBe(["a", "b"]);

        var (second, end) = Pages.ByPlace(All, next, size: 2, Invalid);
        (second.Single(), end).ShouldBe(("c", null));
    }

    [Fact]
    public void A_list_as_long_as_a_page_has_one_page() => Pages.ByPlace(All, token: null, size: 3, Invalid).Next.ShouldBeNull();

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData(" 1")]
    public void A_token_that_is_no_place_is_refused_in_the_words_of_the_service(string token) =>
        Should.Throw<ApiException>(() => Pages.ByPlace(All, token, size: 2, Invalid)).Message.ShouldBe("no token of ours");

    [Fact]
    public void A_page_by_position_goes_on_after_the_last_item_shown_even_where_that_is_gone()
    {
        var (first, next) = Pages.ByPosition(All, item => item, token: null, size: 2);
        (string.Concat(first), next).ShouldBe(("ab", "b"));

        var (second, end) = Pages.ByPosition(["a", "c"], item => item, next, size: 2);
        (second.Single(), end).ShouldBe(("c", null));
    }

    private static ApiException Invalid() => new("InvalidToken", "no token of ours");
}
