using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>ion-dev on another image than the template's.</summary>
public sealed class BuildImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_of_ones_own_is_rehearsed_with_a_notice()
    {
        const string Image = "222222222222.dkr.ecr.us-east-1.amazonaws.com/clojure:1";

        var run = await Run(Image);

        run.ExitCode.ShouldBe(0, run.Report.Cause);
        run.Report.NoticesOfDocument!.ShouldHaveSingleItem()
            .ShouldStartWith($"the programs of the image {Image} are not known to the rehearsal: ");
        run.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task An_image_of_CodeBuild_without_a_list_fails_the_deployment_by_its_name()
    {
        const string Image = "aws/codebuild/standard:6.0";

        var run = await Run(Image);

        run.ExitCode.ShouldBe(1);
        run.Report.Cause.ShouldNotBeNull().ShouldContain($"The rehearsal does not know the programs of the image {Image}.");
        run.ShouldLeaveNothingBehind();
    }

    private async Task<CommandResult> Run(string image)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "      BuildRoles: service\n",
            $"      BuildRoles: service\n      BuildImage: {image}\n"
        );
        return await CommandLine.InProcess("rehearse", service, "--target", "dev");
    }
}
