using Deployer.Functions.Ions;

namespace Deployer.Functions.Tests.Ions;

public sealed class PromotionTests
{
    private const string Library = "datomic/libs/org/clojure/clojure/1.11.4/clojure-1.11.4.jar";

    private static readonly PushedRevision Pushed = new()
    {
        Target = "prod",
        Step = "ions",
        Name = "rev-1",
        Key = ":rev",
        Content = "content",
        Source = "source",
        Deployment = new("inventory-prod-1"),
        At = "2030-01-02",
        Zip = "zip",
        Libraries = new Dictionary<string, string> { [Library] = "10 bytes, MD5 aa" },
    };

    private static readonly PushedRevision Tried = Pushed with { Target = "dev", Deployment = new("inventory-dev-1"), At = "2030-01-01" };

    [Fact]
    public void Equal_bytes_are_no_difference() => Promotion.Differences(Pushed, [Tried]).ShouldBeEmpty();

    [Fact]
    public void What_was_never_tried_is_compared_with_nothing() =>
        Promotion
            .Differences(
                Pushed,
                [Tried with { Name = "rev-2", Content = "other", Zip = "other" }, Tried with { Step = "other", Zip = "other" }]
            )
            .ShouldBeEmpty();

    [Fact]
    public void The_same_source_under_another_name_is_compared() =>
        Promotion
            .Differences(Pushed, [Tried with { Name = "rev-2", Zip = "other" }])
            .ShouldHaveSingleItem()
            .ShouldStartWith("its zip holds other files than that of rev-2");

    [Fact]
    public void The_same_name_for_another_source_is_a_difference() =>
        Promotion
            .Differences(Pushed, [Tried with { Content = "other", Zip = "other" }])
            .ShouldHaveSingleItem()
            .ShouldStartWith("it was made of other sources than rev-1");

    [Fact]
    public void What_was_released_is_compared_before_what_was_only_pushed_later() =>
        Promotion
            .Differences(Pushed, [Tried with { Target = "dev-x", Zip = "other" }, Tried with { ReleasedBy = new("inventory-dev-1") }])
            .ShouldBeEmpty();

    [Fact]
    public void What_was_released_before_lacks_nothing()
    {
        Lacking(Tried with { ReleasedBy = new("inventory-dev-1") }).ShouldBeNull();
        Lacking(Tried with { Name = "rev-2", ReleasedBy = new("inventory-dev-1") }).ShouldBeNull();
        Lacking(Tried, Tried with { Target = "dev-2", ReleasedBy = new("inventory-dev-2") }).ShouldBeNull();
    }

    [Fact]
    public void What_was_pushed_only_was_not_released() =>
        Lacking(Tried).ShouldBe("was pushed to dev by deployment inventory-dev-1 and never released");

    [Fact]
    public void A_release_of_something_else_does_not_count()
    {
        var released = Tried with { ReleasedBy = new("inventory-dev-1") };

        Lacking().ShouldBe("was never released");
        Lacking(released with { Step = "other" }, released with { Name = "rev-2", Content = "other" }).ShouldBe("was never released");
    }

    [Theory]
    [InlineData("10 bytes, MD5 bb", false)]
    [InlineData("11 bytes", false)]
    [InlineData("10 bytes", true)]
    public void Libraries_are_compared_by_what_both_accounts_report(string other, bool same) =>
        Promotion
            .Differences(Pushed, [Tried with { Libraries = new Dictionary<string, string> { [Library] = other } }])
            .Count.ShouldBe(same ? 0 : 1);

    private static string? Lacking(params PushedRevision[] earlier) => Promotion.Lacking(Pushed.Step, Pushed.Name, Pushed.Content, earlier);
}
