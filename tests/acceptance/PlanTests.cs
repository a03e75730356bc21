using System.Text.Json;
using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>Plans of the example, before its first deployment and after it.</summary>
public sealed class PlannedExample : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();

    public CommandResult Before { get; private set; } = null!;

    public IReadOnlyList<string> StacksAfterPlan { get; private set; } = [];

    public int ChangeSetsAfterPlan { get; private set; }

    public (int Locks, int Waits) LeftAfterPlan { get; private set; }

    /// <summary>The records that stay.</summary>
    public IReadOnlyList<string> LastingAfterPlan { get; private set; } = [];

    public CommandResult Deployed { get; private set; } = null!;

    public CommandResult After { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Before = await Plan(CommandLine.Inventory);
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            var stacks = (await accounts.Target.CloudFormation.ListStacksAsync(new ListStacksRequest()))
                .StackSummaries.Where(stack => stack.StackStatus != Amazon.CloudFormation.StackStatus.DELETE_COMPLETE)
                .ToList();
            StacksAfterPlan = [.. stacks.Select(stack => $"{stack.StackName} {stack.StackStatus}")];
            foreach (var stack in stacks)
            {
                ChangeSetsAfterPlan +=
                    (
                        await accounts.Target.CloudFormation.ListChangeSetsAsync(new ListChangeSetsRequest { StackName = stack.StackName })
                    ).Summaries?.Count(summary => summary.ExecutionStatus == Amazon.CloudFormation.ExecutionStatus.AVAILABLE) ?? 0;
            }

            LeftAfterPlan = await accounts.Leftovers();
            LastingAfterPlan =
            [
                .. (await accounts.Tools.DynamoDB.ScanAsync(new ScanRequest { TableName = "deployer-dev" }))
                    .Items.Where(item => !item.ContainsKey(LedgerTable.ExpiryName))
                    .Select(item => $"{item["pk"].S} {item["sk"].S}"),
            ];
        }

        Deployed = await CommandLine.Rehearse("--state", _state.Path);
        After = await Plan(CommandLine.Inventory);
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static ServicePlan Read(CommandResult result) =>
        JsonSerializer.Deserialize<ServicePlan>(result.Json, JsonSerializerOptions.Web)!;

    private Task<CommandResult> Plan(string service) => CommandLine.InProcess("plan", service, "--target", "dev", "--state", _state.Path);
}

public sealed class PlanTests(PlannedExample planned) : IClassFixture<PlannedExample>
{
    private static readonly string[] Order = ["group", "ions", "network", "api", "endpoint"];

    private ServicePlan Before => PlannedExample.Read(planned.Before);

    [Fact]
    public void What_a_plan_writes_down_ends_with_its_lifetime() => planned.LastingAfterPlan.ShouldBe([]);

    [Fact]
    public void The_document_is_the_approved_one_as_a_whole() =>
        planned.Before.Json.ShouldBeApproved("tests/acceptance/Approved/plan.json");

    [Fact]
    public void Every_step_is_shown_in_an_order_of_dependencies()
    {
        planned.Before.ExitCode.ShouldBe(0);
        Before.Steps.Select(step => step.Step).ShouldBe(Order, ignoreOrder: true);
        Before.Steps[0].Step.ShouldBe("group");
        Before.Changing.ShouldBe(5);
    }

    [Fact]
    public void An_update_names_each_resource_and_its_properties()
    {
        var group = Step(Before, "group");

        (group.Kind, group.Subject, group.Action, group.Problem).ShouldBe(("stack", "inventory-dev", PlannedAction.Update, null));
        var changes = group.Part(StackChange.Part).ShouldNotBeNull();
        changes.ShouldContain(change => change.Change == ChangeKind.Modified && change.Properties.Count > 0);
        group.LimitMinutes.ShouldBe(40);
    }

    [Fact]
    public void What_may_be_replaced_deserves_a_second_look() =>
        Step(Before, "group")
            .Part(StackChange.Part)!
            .ShouldContain(change => change.Type == "AWS::AutoScaling::AutoScalingGroup" && change.Risk == "may be replaced");

    [Fact]
    public void Values_of_steps_that_have_not_run_are_known_after_apply()
    {
        var network = Step(Before, "network");
        network.Part(StackChange.Part).ShouldBeNull();
        network.KnownAfterApply.ShouldBe(["steps.group.outputs.LoadBalancer"]);
        Step(Before, "ions").KnownAfterApply.ShouldBe(["steps.group.outputs.CodeDeployDeploymentGroup"]);
        Step(Before, "endpoint").KnownAfterApply.ShouldContain("steps.network.outputs.EndpointId");
    }

    [Fact]
    public void A_plan_leaves_nothing_behind_and_holds_nothing()
    {
        planned.StacksAfterPlan.ShouldNotBeEmpty();
        planned.StacksAfterPlan.ShouldAllBe(stack => stack.EndsWith("_COMPLETE"));
        planned.ChangeSetsAfterPlan.ShouldBe(0);
        planned.LeftAfterPlan.ShouldBe((0, 0));
    }

    [Fact]
    public void A_deployment_after_the_plan_does_what_it_said()
    {
        planned.Deployed.ExitCode.ShouldBe(0);
        planned.Deployed.Report.Steps.Select(step => step.Name).ShouldBe(Order, ignoreOrder: true);
    }

    [Fact]
    public void After_the_deployment_nothing_has_changes()
    {
        var after = PlannedExample.Read(planned.After);

        after.Steps.ShouldAllBe(step => step.Action == PlannedAction.None);
        (after.Changing, after.Risks, after.Problems).ShouldBe((0, 0, 0));
    }

    private static StepPlan Step(ServicePlan plan, string name) => plan.Steps.Single(step => step.Step == name);
}
