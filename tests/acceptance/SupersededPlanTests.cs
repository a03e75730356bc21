using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Errors;

namespace Deployer.Acceptance.Tests;

/// <summary>A plan that waits is no wish any more once a newer deployment has said otherwise, also where that had nothing to do.</summary>
public sealed class SupersededPlanTests : IDisposable
{
    private const string Step = """
          logs:
            stack: inventory-${target}-logs
            template: stacks/logs.yaml
        """;

    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_newer_deployment_with_nothing_to_do_supersedes_a_plan_that_waits()
    {
        await Deployed();
        await Logs(3);
        var older = await Run("deploy");
        await Logs(1);

        var newer = await Run("deploy");
        var approved = await Decide("approve", older);

        older.ExitCode.ShouldBe(4, older.Terminal);
        newer.ExitCode.ShouldBe(0, newer.Terminal);
        newer.Report.Verdict.ShouldBe("nothing-to-do");
        approved.ExitCode.ShouldBe(2, approved.Terminal);
        approved.Report.Error.ShouldBe(nameof(SupersededException));
        approved.Report.Cause!.ShouldEndWith(" of inventory to dev, which needs no approval");
        approved.Report.Cause!.ShouldContain(" is superseded by the newer plan ");
    }

    [Fact]
    public async Task A_newer_deployment_by_a_file_without_a_rule_supersedes_a_plan_that_waits()
    {
        await Deployed();
        await Logs(3);
        var older = await Run("deploy");
        await Logs(1);
        await Rule("approval: true", "approval: false");

        var newer = await Run("deploy");
        var approved = await Decide("approve", older);

        older.ExitCode.ShouldBe(4, older.Terminal);
        newer.Report.Verdict.ShouldBe("nothing-to-do", newer.Terminal);
        approved.ExitCode.ShouldBe(2, approved.Terminal);
        approved.Report.Error.ShouldBe(nameof(SupersededException));
        approved.Report.Cause!.ShouldContain(" is superseded by the newer deployment ");
    }

    [Fact]
    public async Task A_look_at_a_plan_leaves_one_that_waits()
    {
        await Deployed();
        await Logs(3);
        var older = await Run("deploy");
        await Logs(1);

        var looked = await Run("plan");
        var approved = await Decide("approve", older);

        looked.ExitCode.ShouldBe(0, looked.Terminal);
        approved.Report.Verdict.ShouldBe("succeeded", approved.Terminal);
    }

    private async Task Deployed()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(_service, Step);
        await Logs(1);
        (await Run("rehearse")).Report.Verdict.ShouldBe("succeeded");
        await Rule("region: us-east-1, ", "region: us-east-1, approval: true, ");
    }

    private Task Rule(string from, string to) => SmallService.Change(_service, "deployer.yaml", from, to);

    private Task Logs(int days) =>
        File.WriteAllTextAsync(
            Path.Combine(_service, "stacks", "logs.yaml"),
            $$"""
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: inventory-dev-orders, RetentionInDays: {{days}} }

            """
        );

    private Task<CommandResult> Run(string command) => CommandLine.InProcess(command, _service, "--target", "dev", "--state", State);

    private Task<CommandResult> Decide(string verb, CommandResult waiting) =>
        CommandLine.InProcess(verb, waiting.Report.Plan!.Plan, "--rehearsed", State);
}
