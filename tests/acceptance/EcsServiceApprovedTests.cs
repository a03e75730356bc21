using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>A plan for an ECS service that is approved twice.</summary>
public sealed class EcsServiceApprovedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_approval_changes_nothing_and_shows_the_deployment_of_the_first()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, values", "region: us-east-1, approval: true, values");
        var waiting = await CommandLine.InProcess("deploy", service, "--target", "dev", "--state", state);
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        waiting.ShouldChangeNothing();
        string[] approve = ["approve", waiting.Report.Plan!.Plan, "--rehearsed", state];

        var approved = await CommandLine.InProcess(approve);
        var runs = await ContainerService.Described(service, state);
        var again = await CommandLine.InProcess(approve);

        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        approved.Count("UpdateService").ShouldBe(1);
        (again.ExitCode, again.Report.Deployment).ShouldBe((0, approved.Report.Deployment), again.Terminal);
        again.ShouldChangeNothing();
        again.Count("StartExecution").ShouldBe(0);
        string.Join(' ', again.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("nothing was started: this is the deployment of plan");
        (await ContainerService.Described(service, state)).ShouldBe(runs);
    }
}
