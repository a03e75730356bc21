using Deployer.Spec.Datomic;

namespace Deployer.Spec.Tests.Datomic;

public sealed class DatomicNoticeTests
{
    [Fact]
    public void The_notices_of_every_release_in_between_are_reported() =>
        DatomicNotice
            .Between(new(535, 8812), new(1217, 9399))
            .Select(notice => notice.Release.ToString())
            .ShouldBe(["616-8879", "668-8927", "732-8992", "884-9095", "990-9202"]);

    [Fact]
    public void The_notice_of_the_running_release_is_not_repeated_and_that_of_the_wanted_one_is_reported() =>
        DatomicNotice.Between(new(732, 8992), new(884, 9095)).Select(notice => notice.Release.ToString()).ShouldBe(["884-9095"]);

    [Fact]
    public void Between_recent_releases_there_is_none() => DatomicNotice.Between(new(1172, 9392), new(1217, 9399)).ShouldBeEmpty();
}
