using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A target account outside of the organisation, whose roles ask for an external id.</summary>
public sealed class ExternalIdTests : IDisposable
{
    private const string Id = "inventory-of-acme";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_functions_and_the_build_name_it_and_it_is_in_no_report()
    {
        var service = await Ask(deployerKnows: true);

        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        run.Report.Verdict.ShouldBe(Verdict.Succeeded, run.Report.Cause);
        run.Terminal.ShouldNotContain(Id);
    }

    [Fact]
    public async Task A_deployer_that_does_not_know_it_is_refused()
    {
        var service = await Ask(deployerKnows: false);

        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        run.Report.Verdict.ShouldBe(Verdict.Failed);
        run.Report.Cause.ShouldNotBeNull().ShouldContain("not authorized to perform: sts:AssumeRole");
        run.Report.Cause.ShouldNotContain(Id);
    }

    private async Task<string> Ask(bool deployerKnows)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        const string File = "accounts/accounts.yaml";
        await SmallService.Change(service, File, "ToolsRegion: us-east-1 }", $"ToolsRegion: us-east-1, ExternalId: {Id} }}");
        if (deployerKnows)
        {
            await SmallService.Change(
                service,
                File,
                "      AllowedTargets: \"${account}\"\n",
                $"      AllowedTargets: \"${{account}}\"\n      ExternalId: {Id}\n"
            );
        }

        return service;
    }
}
