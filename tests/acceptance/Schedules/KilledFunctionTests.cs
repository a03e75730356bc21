using System.Text.Json;
using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.Sns;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// Functions die after a request has had its effect and before they hear of it: each function of the deployer, after each of its requests,
/// whatever it is that the execution does.
/// </summary>
public sealed class KilledFunctionTests(ITestOutputHelper output)
{
    private const int Redrives = 60;

    /// <summary>So many waits for a look that each sweep may have died in.</summary>
    private const int Looks = 6;

    private const string OfPipeline = KilledRuns.OfPipeline;

    // What each execution runs, those among them that events and schedules start.
    private static readonly string[] OfDeployment =
    [
        OfPipeline,
        "Begin",
        "Plan",
        "PrepareStack",
        "UpdateStack",
        "PushIons",
        "DeployIons",
        "ResolveEndpoint",
        "InjectEndpoint",
        "Prove",
        "Finish",
        "Notify",
        "Resume",
        "Settle",
        "Sweep",
    ];

    private static readonly string[] OfCapacity = ["Begin", "Plan", "ChangeCapacity", "Prove", "Finish", "Settle", "Sweep"];
    private static readonly string[] OfRemoval = ["Begin", "Plan", "RemoveStack", "Prove", "Finish", "Resume", "Settle", "Sweep"];
    private static readonly string[] OfRollback =
    [
        "Begin",
        "Plan",
        "PushIons",
        "DeployIons",
        "Prove",
        "Finish",
        "Resume",
        "Settle",
        "Sweep",
    ];
    private static readonly string[] OfService =
    [
        OfPipeline,
        "Begin",
        "Plan",
        "DeployService",
        "Prove",
        "Finish",
        "Resume",
        "Settle",
        "Sweep",
    ];
    private static readonly string[] OfTransactors =
    [
        OfPipeline,
        "Begin",
        "Plan",
        "ReplaceStandby",
        "ReplaceActive",
        "WatchTransactors",
        "Prove",
        "Finish",
        "Resume",
        "Settle",
        "Sweep",
    ];
    private static readonly string[] OfApproval =
    [
        "BeginPlan",
        "PlanStep",
        "FinishPlan",
        "Begin",
        "PrepareStack",
        "UpdateStack",
        "Prove",
        "Finish",
        "Resume",
    ];
    private static readonly string[] OfPlanAction = [OfPipeline, "BeginPlan", "PlanStep", "FinishPlan"];
    private static readonly string[] OfPlan = ["BeginPlan", "PlanStep", "FinishPlan"];
    private static readonly string[] OfLook = ["Resume", "Sweep"];

    private static readonly string Redriven = Scheduled.Lines(
        Redrives,
        time => $"  - {{ who: bob, when: {{ closes: 1, occurrence: {time}, wait: 1m }}, do: redrive }}"
    );

    [Fact]
    public async Task A_deployment_whose_functions_are_killed_after_any_request_and_redriven_comes_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                var effects = string.Empty;
                var result = await Scheduled.Rehearse(
                    acts + Redriven,
                    async (accounts, result) => effects = $"{await accounts.EffectsOf(result)}"
                );
                return RunEnd.Of(result, effects);
            },
            OfDeployment
        );

    [Theory]
    [InlineData("off")]
    [InlineData("on")]
    public async Task A_change_of_capacity_comes_to_the_same_end(string capacity) =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var state = await (capacity == "off" ? Scheduled.CopyDeployed(folder.Path) : Scheduled.CopyTurnedOff(folder.Path));
                var result = await CommandLine.InProcess([
                    "group",
                    capacity,
                    CommandLine.Inventory,
                    "--target",
                    "dev",
                    "--state",
                    state,
                    "--schedule",
                    await Scheduled.Write(folder.Path, acts + Redriven),
                ]);
                await using var accounts = await SimulatedAccounts.Open(state);
                var group = await accounts.ScalingGroup();
                return RunEnd.Of(result, $"{group.MinSize} {group.DesiredCapacity} {group.MaxSize} {group.Instances?.Count ?? 0}");
            },
            OfCapacity
        );

    [Fact]
    public async Task A_removal_of_a_development_instance_comes_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var state = await Scheduled.CopyInstance(folder.Path);
                var result = await CommandLine.InProcess([
                    "remove",
                    CommandLine.Inventory,
                    "--target",
                    "dev",
                    "--instance",
                    Scheduled.Instance,
                    "--state",
                    state,
                    "--schedule",
                    await Scheduled.Write(folder.Path, acts + Redriven),
                ]);
                await using var accounts = await SimulatedAccounts.OpenInstance(state, Scheduled.Instance);
                var stacks = (await accounts.Target.CloudFormation.DescribeStacksAsync(new())).Stacks.Select(stack =>
                    $"{stack.StackName} {stack.StackStatus}"
                );
                var records = (await accounts.Keys("INSTANCES")).Concat(await accounts.Keys($"TARGET#inventory#dev-{Scheduled.Instance}"));
                return RunEnd.Of(result, string.Join('\n', stacks.Order(StringComparer.Ordinal).Concat(records)));
            },
            OfRemoval
        );

    [Fact]
    public async Task A_rollback_comes_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var (state, service, revision) = await Scheduled.CopyReleased(folder.Path);
                var result = await CommandLine.InProcess([
                    "rollback",
                    service,
                    "--target",
                    "dev",
                    "--to",
                    revision,
                    "--state",
                    state,
                    "--schedule",
                    await Scheduled.Write(folder.Path, acts + Redriven),
                ]);
                await using var accounts = await SimulatedAccounts.Open(state);
                result.Report.Ions.ShouldHaveSingleItem().Instances.ShouldAllBe(instance => instance.Revision == revision);
                return RunEnd.Of(result, $"{await accounts.EffectsOf(result)}");
            },
            OfRollback
        );

    [Fact]
    public async Task A_deployment_of_an_ECS_service_comes_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var (state, service) = await ContainerService.CopyDeployed(folder.Path);
                var result = await Rehearse(service, state, folder, acts);
                return RunEnd.Of(result, await ContainerService.Described(service, state));
            },
            OfService
        );

    [Fact]
    public async Task Transactors_that_are_replaced_come_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var (state, service) = await OrdersService.CopyDeployed(folder.Path);
                await OrdersService.AnotherImage(service);
                var result = await Rehearse(service, state, folder, acts);
                var writer = await OrdersService.Writer(service, state);
                return RunEnd.Of(
                    result,
                    $"{await OrdersService.Described(service, state)}; {writer.Gaps.Count} times without writes, "
                        + $"{(writer.IsWritable ? "written again" : "not written")}"
                );
            },
            OfTransactors
        );

    /// <summary>The plan waits, a person approves it, and what was approved is deployed.</summary>
    [Fact]
    public async Task A_plan_that_waits_and_the_deployment_of_what_was_approved_come_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var service = await LogsService.Deployed();
                await service.Retain(3);
                var file = await Scheduled.Write(service.Folder, acts + "  - { who: alice, when: { at: 40m }, do: approve }\n" + Redriven);
                var result = await service.Run("deploy", "--schedule", file);
                await using var accounts = await SimulatedAccounts.OpenService(service.Path, service.State);
                return RunEnd.Of(
                    result,
                    $"approved by {result.Report.Plan!.ApprovedBy}; {await LogsOf(accounts)}; "
                        + await CountMessages(accounts, "waitingForApproval")
                );
            },
            OfApproval
        );

    /// <summary>The plan action of a pipeline, and the deploy action after its manual approval.</summary>
    [Fact]
    public async Task A_pipeline_with_an_approval_comes_to_the_same_end() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                var service = await ApprovedInPipeline.Write(folder.Path);
                var state = Path.Combine(folder.Path, "state");
                var file = await Scheduled.Write(folder.Path, acts + Redriven);
                var waiting = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state, "--schedule", file);
                var approved = await CommandLine.InProcess("approve", waiting.Report.Plan!.Plan, "--rehearsed", state);
                await using var accounts = await SimulatedAccounts.OpenService(service, state);
                return new RunEnd(
                    $"{waiting.Report.Verdict}, then {approved.Report.Verdict} {approved.Report.Error} {approved.Report.Cause}; "
                        + $"locks held {approved.Report.LocksHeld}, waits open {approved.Report.WaitsOpen}; {await LogsOf(accounts)}",
                    waiting.Report.People!
                );
            },
            OfPlanAction
        );

    /// <summary>
    /// Others have changed a stack: the deployer looks, and deploys again what was deployed, at once, by a plan that needs no approval, or
    /// by one that waits for it.
    /// </summary>
    [Theory]
    [InlineData("onStackChange: redeploy", "Redeployed")]
    [InlineData("approval: { for: [ replacements ] }, onStackChange: redeploy", "Redeployed")]
    [InlineData("approval: true, onStackChange: redeploy", "Planned")]
    [InlineData("onStackChange: notify", "Reported")]
    public async Task A_change_by_others_comes_to_the_same_end(string keys, string result) =>
        await KillEach(
            async acts =>
            {
                await using var target = await ChangedTarget.CopyDeployed(keys);
                var before = (await target.Executions()).Concat(await target.Executions("deployer-dev-plan")).ToList();
                var people = await target.Accounts.LetIn(await Scheduled.Write(target.Folder, acts + Redriven));
                await target.UpdateByHand("third", 7);
                for (var look = 0; look < Looks; look++)
                {
                    await target.PassLooks();
                }

                // One that finds nothing, since an event came late, is none that did anything.
                var looks = (await target.Looks()).Where(look => look.Result != LookResult.NothingDiffers).ToList();
                looks.ShouldAllBe(look => look.Result.ToString() == result);
                var started = (await target.Executions())
                    .Concat(await target.Executions("deployer-dev-plan"))
                    .ExceptBy(before.Select(execution => execution.Arn), execution => execution.Arn)
                    .Select(execution =>
                        $"{execution.MachineName} {execution.Name} {execution.Status} {execution.Error} {execution.Cause}".TrimEnd()
                    )
                    .Order(StringComparer.Ordinal);
                var (locks, waits) = await target.Accounts.Leftovers();
                return new RunEnd(
                    $"{looks.Count} looks; {string.Join(", ", started)}; {await target.Days("third")} days; "
                        + $"{await CountMessages(target.Accounts, "stackChanged")}; locks held {locks}, waits open {waits}",
                    await people.Reports()
                );
            },
            OfLook
        );

    /// <summary>How often the stack of the logs was made or updated, and for how long it keeps them.</summary>
    private static async Task<string> LogsOf(SimulatedAccounts accounts)
    {
        var events = (
            await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = "inventory-dev-logs" })
        ).StackEvents;
        var operations = events.Count(happened =>
            happened.PhysicalResourceId == happened.StackId && happened.ResourceStatus.Value is "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS"
        );
        var template = await accounts.Target.CloudFormation.GetTemplateAsync(new() { StackName = "inventory-dev-logs" });
        var days = template.TemplateBody[template.TemplateBody.IndexOf("RetentionInDays", StringComparison.Ordinal)..].Trim();
        return $"{operations} operations, {days}";
    }

    /// <summary>How many different messages of a kind people were sent: one that is sent twice has the same text.</summary>
    private static async Task<string> CountMessages(SimulatedAccounts accounts, string kind)
    {
        var world = accounts.Rehearsal.World;
        var count = (await world.Do(() => SnsService.Messages(world)))
            .Where(message => message.Attributes["kind"] == kind)
            .DistinctBy(message => message.Messages["default"])
            .Count();
        return $"{count} messages of {kind}";
    }

    [Fact]
    public void Every_function_of_the_deployer_is_killed() =>
        OfDeployment
            .Concat(OfCapacity)
            .Concat(OfRemoval)
            .Concat(OfRollback)
            .Concat(OfService)
            .Concat(OfTransactors)
            .Concat(OfPlan)
            .Distinct()
            .ShouldBe(Scheduled.Functions, ignoreOrder: true);

    [Fact]
    public async Task A_plan_is_the_same() =>
        await KillEach(
            async acts =>
            {
                using var folder = new TemporaryFolder();
                await using var accounts = await SimulatedAccounts.Open(await Scheduled.CopyDeployed(folder.Path));
                var people = await accounts.LetIn(await Scheduled.Write(folder.Path, acts));
                var plan = await accounts.Plan();
                return new RunEnd(JsonSerializer.Serialize(plan, JsonSerializerOptions.Web), await people.Reports());
            },
            OfPlan
        );

    private async Task KillEach(Func<string, Task<RunEnd>> run, IReadOnlyList<string> expected) =>
        await new KilledRuns(output, run).KillEach(Scheduled.Functions, expected);

    private static async Task<CommandResult> Rehearse(string service, string state, TemporaryFolder folder, string acts) =>
        await CommandLine.InProcess([
            "rehearse",
            service,
            "--target",
            "dev",
            "--state",
            state,
            "--schedule",
            await Scheduled.Write(folder.Path, acts + Redriven),
        ]);
}
