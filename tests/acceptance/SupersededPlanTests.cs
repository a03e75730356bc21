using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;

namespace Deployer.Acceptance.Tests;

/// <summary>A plan that waits is no wish any more once a newer deployment has said otherwise, also where that had nothing to do.</summary>
public sealed class SupersededPlanTests : IDisposable
{
    private LogsService? _service;

    private LogsService Service => _service ?? throw new InvalidOperationException("it is not deployed yet");

    public void Dispose() => _service?.Dispose();

    [Fact]
    public async Task A_newer_deployment_with_nothing_to_do_supersedes_a_plan_that_waits()
    {
        await Deployed();
        await Service.Retain(3);
        var older = await Service.Run("deploy");
        await Service.Retain(1);

        var newer = await Service.Run("deploy");
        var approved = await Decide("approve", older);

        older.ExitCode.ShouldBe(4, older.Terminal);
        newer.ExitCode.ShouldBe(0, newer.Terminal);
        newer.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        approved.ExitCode.ShouldBe(2, approved.Terminal);
        approved.Report.Error.ShouldBe(nameof(SupersededException));
        approved.Report.Cause!.ShouldEndWith(" of inventory to dev, which needs no approval");
        approved.Report.Cause!.ShouldContain(" is superseded by the newer plan ");
        await using var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        var about = await accounts.Told(older.Report.Plan!.Plan);
        about.Select(detail => (string?)detail["kind"]).ShouldBe(["waitingForApproval", "superseded"]);
        ((string?)about[1]["cause"]).ShouldNotBeNull().ShouldStartWith("the newer plan ");
        ((string?)about[1]["cause"]).ShouldNotBeNull().ShouldEndWith(" takes its place; it needs no approval and is deployed at once");
        ((string?)about[1]["plan"]!["digest"]).ShouldBe(older.Report.Plan!.Digest);
        about[1].ShouldTellWhole();
        ((string?)about[1]["next"]!["command"]).ShouldBe("deployer history . --target dev --region us-east-1");
    }

    [Fact]
    public async Task A_newer_deployment_by_a_file_without_a_rule_supersedes_a_plan_that_waits()
    {
        await Deployed();
        await Service.Retain(3);
        var older = await Service.Run("deploy");
        await Service.Retain(1);
        await Service.Change("approval: true", "approval: false");

        var newer = await Service.Run("deploy");
        var approved = await Decide("approve", older);

        older.ExitCode.ShouldBe(4, older.Terminal);
        newer.Report.Verdict.ShouldBe(Verdict.NothingToDo, newer.Terminal);
        approved.ExitCode.ShouldBe(2, approved.Terminal);
        approved.Report.Error.ShouldBe(nameof(SupersededException));
        approved.Report.Cause!.ShouldContain(" is superseded by the newer deployment ");
        await using var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        var about = await accounts.Told(older.Report.Plan!.Plan);
        about.Select(detail => (string?)detail["kind"]).ShouldBe(["waitingForApproval", "superseded"]);
        var (name, superseded) = (new ExecutionArn(newer.Report.Deployment!).Deployment, about[1]);
        ((string?)superseded["cause"]).ShouldBe($"the newer deployment {name} takes its place; it needed no approval");
        ((string?)superseded["plan"]!["digest"]).ShouldBe(older.Report.Plan.Digest);
        superseded.ShouldTellWhole();
        ((string?)superseded["next"]!["command"]).ShouldBe($"deployer watch {newer.Report.Deployment}");
    }

    /// <summary>Once it is told of, nothing is left that a later deployment would have to look at.</summary>
    [Fact]
    public async Task A_deployment_without_a_rule_asks_for_a_plan_that_waits_only_where_one_does()
    {
        await Deployed();
        await Service.Retain(3);
        (await Service.Run("deploy")).ExitCode.ShouldBe(4);
        await Service.Retain(1);
        await Service.Change("approval: true", "approval: false");

        var superseding = await Service.Run("deploy");
        var idle = await Service.Run("deploy");
        var again = await Service.Run("deploy");

        superseding.Report.Verdict.ShouldBe(Verdict.NothingToDo, superseding.Terminal);
        Requests(superseding).ShouldBeGreaterThan(Requests(idle));
        Requests(again).ShouldBe(Requests(idle));
        (await Held())!.WaitingPlan.ShouldBeNull();

        static int Requests(CommandResult deployed) =>
            deployed.Report.Calls.Where(call => call.Role == "deployer-dev-Finish").Sum(call => call.Count);

        async Task<LockRecord?> Held()
        {
            await using var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State);
            return await accounts.Tools.Ledger("dev").Read(LockRecord.Key("inventory", "dev"));
        }
    }

    [Fact]
    public async Task A_look_at_a_plan_leaves_one_that_waits()
    {
        await Deployed();
        await Service.Retain(3);
        var older = await Service.Run("deploy");
        await Service.Retain(1);

        var looked = await Service.Run("plan");
        var approved = await Decide("approve", older);

        looked.ExitCode.ShouldBe(0, looked.Terminal);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
    }

    [Fact]
    public async Task Of_a_plan_that_had_nothing_to_do_nobody_is_told_that_it_is_superseded()
    {
        await Deployed();
        var older = await Service.Run("deploy");
        await Service.Retain(3);

        var newer = await Service.Run("deploy");

        older.Report.Verdict.ShouldBe(Verdict.NothingToDo, older.Terminal);
        newer.Report.Verdict.ShouldBe(Verdict.WaitingForApproval, newer.Terminal);
        await using var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State);
        (
            await NotificationReport.Read(accounts.Tools.Ledger("dev"), new ExecutionArn(older.Report.Plan!.Plan).Deployment.Value)
        ).ShouldBeNull();
    }

    private async Task Deployed() => _service = await LogsService.Deployed();

    private Task<CommandResult> Decide(string verb, CommandResult waiting) =>
        CommandLine.InProcess(verb, waiting.Report.Plan!.Plan, "--rehearsed", Service.State);
}
