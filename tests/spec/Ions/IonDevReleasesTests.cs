using Deployer.Spec.Ions;

namespace Deployer.Spec.Tests.Ions;

public sealed class IonDevReleasesTests
{
    [Theory]
    [InlineData("9500", "1.0.352")]
    [InlineData("9399", "1.0.352")]
    [InlineData("9392", "1.0.326")]
    [InlineData("8927", "0.9.265")]
    [InlineData("8879", null)]
    [InlineData("unknown", null)]
    public void A_release_needs_the_ion_dev_that_knows_its_libraries(string release, string? needed) =>
        IonDevReleases.Needed(release).ShouldBe(needed);

    [Theory]
    [InlineData("1.0.326", "1.0.352", true)]
    [InlineData("0.9.290", "1.0.294", true)]
    [InlineData("1.0.352", "1.0.352", false)]
    [InlineData("1.0.400", "1.0.352", false)]
    [InlineData("a branch", "1.0.352", false)]
    public void Versions_are_compared_as_numbers(string version, string than, bool older) =>
        IonDevReleases.IsOlder(version, than).ShouldBe(older);
}
