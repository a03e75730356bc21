using Deployer.Functions.Ions;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonQuotasCheckTests
{
    private const string Account = "111111111111";

    [Theory]
    [InlineData(0, 1, CheckStatus.Problem, ", so that no build of ions starts")]
    [InlineData(1, 1, CheckStatus.Ok, "")]
    [InlineData(1, 2, CheckStatus.Notice, ", and the service has 2 steps with ions, whose builds wait for each other")]
    [InlineData(60, 2, CheckStatus.Ok, "")]
    public void Fewer_builds_at_once_than_the_service_has_are_found_with_the_quota_s_name(
        double quota,
        int steps,
        CheckStatus status,
        string said
    )
    {
        var found = IonQuotasCheck.JudgeBuilds(Account, quota, steps);

        found.Status.ShouldBe(status);
        found.Text.ShouldBe($"account 111111111111 may run {quota} builds of CodeBuild at once (Linux/Small){said}");
        found.Remedy.ShouldBe(
            status == CheckStatus.Ok
                ? null
                : "ask for a higher quota: Service Quotas, AWS CodeBuild, 'Concurrently running builds for Linux/Small environment'"
        );
    }

    [Theory]
    [InlineData(5, new[] { 2, 1 }, CheckStatus.Ok)]
    [InlineData(5, new[] { 2, 2 }, CheckStatus.Notice)]
    [InlineData(5, new int[0], CheckStatus.Ok)]
    [InlineData(0, new int[0], CheckStatus.Notice)]
    public void An_account_without_room_for_one_more_instance_is_found(double quota, int[] running, CheckStatus status)
    {
        var found = IonQuotasCheck.JudgeInstances(Account, quota, running);

        found.Status.ShouldBe(status);
        found.Text.ShouldStartWith($"account 111111111111 runs {running.Sum()} of {quota} vCPUs of on-demand standard instances");
        (found.Remedy is null).ShouldBe(status == CheckStatus.Ok);
    }

    /// <summary>https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html.</summary>
    [Theory]
    [InlineData("t3.small", true)]
    [InlineData("i3.large", true)]
    [InlineData("im4gn.large", true)]
    [InlineData("c7gn.xlarge", true)]
    [InlineData("inf1.xlarge", false)]
    [InlineData("trn1.2xlarge", false)]
    [InlineData("hpc6a.48xlarge", false)]
    [InlineData("g5.xlarge", false)]
    [InlineData("x1.32xlarge", false)]
    [InlineData("u-6tb1.metal", false)]
    public void Other_families_have_quotas_of_their_own(string type, bool isStandard) =>
        IonQuotasCheck.IsStandard(type).ShouldBe(isStandard);
}
