using Deployer.Spec.Datomic;

namespace Deployer.Spec.Tests.Datomic;

public sealed class DatomicReleaseTests
{
    [Theory]
    [InlineData("1172", "9392", "1217", "9399", -1)]
    [InlineData("1217", "9399", "1172", "9392", 1)]
    [InlineData("480", "8770", "480", "8772", -1)]
    [InlineData("470", "8654", "470", "8654.1", -1)]
    [InlineData("470", "8654.1", "470", "8654.1", 0)]
    [InlineData("1217", null, "1217", "9399", 0)]
    [InlineData("981", null, "1217", "9399", -1)]
    public void Releases_are_compared_by_both_numbers_and_storage_by_the_first(
        string cft,
        string? code,
        string otherCft,
        string? otherCode,
        int expected
    ) => Math.Sign(Of(cft, code).CompareTo(Of(otherCft, otherCode))).ShouldBe(expected);

    [Fact]
    public void A_stack_without_Datomics_outputs_has_no_release() =>
        DatomicRelease.OfOutputs(new Dictionary<string, string> { ["Url"] = "https://example.com" }).ShouldBeNull();

    [Theory]
    [InlineData("470-8654", "nodejs6.10")]
    [InlineData("470-8654.1", "nodejs8.10")]
    [InlineData("990-9202", "nodejs14.x")]
    [InlineData("1172-9392", "nodejs22.x")]
    [InlineData("1217-9399", "nodejs22.x")]
    public void The_runtime_of_custom_resources_is_known_by_release(string release, string runtime) =>
        CustomResourceRuntimes.For(Of(release.Split('-')[0], release.Split('-')[1])).ShouldBe(runtime);

    private static DatomicRelease Of(string cft, string? code)
    {
        var outputs = new Dictionary<string, string> { ["DatomicCFTVersion"] = cft };
        if (code is not null)
        {
            outputs["DatomicCloudVersion"] = code;
        }
        return DatomicRelease.OfOutputs(outputs)!;
    }
}
