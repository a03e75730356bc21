using Deployer.Spec.Datomic;

namespace Deployer.Spec.Tests.Datomic;

public sealed class ProReleasesTests
{
    [Theory]
    [InlineData("1.0.7491", "1.0.7705", -1)]
    [InlineData("0.9.5561", "0.9.5561.62", -1)]
    [InlineData("0.9.5561.62", "1.0.6735", -1)]
    [InlineData("1.0.10000", "1.0.7705", 1)]
    [InlineData("1.0.7705", "1.0.7705", 0)]
    public void Releases_are_ordered_by_their_numbers(string one, string other, int order) =>
        Math.Sign(Release(one).CompareTo(Release(other))).ShouldBe(order);

    [Theory]
    [InlineData("")]
    [InlineData("1.0")]
    [InlineData("1.0.x")]
    [InlineData("1.0.7705-rc1")]
    [InlineData("1.2.3.4.5")]
    public void Other_texts_are_no_releases(string text) => ProRelease.Find(text).ShouldBeNull();

    [Theory]
    [InlineData("0.9.4609", "0.9.4699", "0.9.4699")]
    [InlineData("0.9.4609", "1.0.7705", "0.9.4699")]
    [InlineData("0.9.4699", "1.0.7705", null)]
    [InlineData("1.0.7491", "1.0.7705", null)]
    [InlineData("1.0.7705", "1.0.7705", null)]
    // Of what is newer than all that is known nobody can say that the way back is open.
    [InlineData("1.0.7705", "1.0.8000", "1.0.8000")]
    [InlineData("1.0.8000", "1.0.8000", null)]
    public void The_way_back_is_closed_by_a_change_of_the_storage_s_format(string running, string wanted, string? change) =>
        ProReleases.ChangeOfFormat(Release(running), Release(wanted)).ShouldBe(change is null ? null : Release(change));

    [Theory]
    [InlineData("1.0.6735", false)]
    [InlineData("1.0.7021", true)]
    [InlineData("1.0.7075", true)]
    [InlineData("1.0.7180", false)]
    [InlineData("1.0.7705", false)]
    public void Releases_with_a_fault_of_memory_are_known(string release, bool has) =>
        (ProReleases.KnownFault(Release(release)) is not null).ShouldBe(has);

    [Fact]
    public void No_release_that_replaces_a_withdrawn_one_has_a_fault_itself() =>
        ProReleases.Withdrawn.ShouldAllBe(withdrawn => ProReleases.KnownFault(withdrawn.Instead) == null);

    private static ProRelease Release(string text) => ProRelease.Find(text).ShouldNotBeNull();
}
