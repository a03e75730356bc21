using Amazon.CloudFormation.Model;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Ssm;

namespace Deployer.Acceptance.Tests;

/// <summary>A development instance from its first deployment to its removal, beside the target's own stacks.</summary>
public sealed class InstanceLife : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();

    internal DeploymentReport Deployed { get; private set; } = null!;

    internal DeploymentReport Again { get; private set; } = null!;

    internal DeploymentReport Off { get; private set; } = null!;

    internal DeploymentReport Removed { get; private set; } = null!;

    internal DeploymentReport RemovedAgain { get; private set; } = null!;

    /// <summary>When stacks of the target were changed last, before and after.</summary>
    public (string Before, string After) Others { get; private set; }

    /// <summary>Names of published parameters and Lambdas while the instance stood, and after its removal.</summary>
    public IReadOnlyList<string> Stood { get; private set; } = [];

    /// <inheritdoc cref="Stood"/>
    public IReadOnlyList<string> LeftAfterRemoval { get; private set; } = [];

    /// <summary>What happened to the instance's stacks and Lambdas in the removal, in order.</summary>
    public IReadOnlyList<string> Order { get; private set; } = [];

    /// <summary>The deployer's records of the instance after its removal.</summary>
    public IReadOnlyList<string> Records { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        // With some seeds the last launch comes in the very moment of a heartbeat, which ends the wait as well.
        await using var accounts = await SimulatedAccounts.OpenInstance(_state.Path, "x", seed: 3);
        var before = await Changes(accounts);
        Deployed = await accounts.Deploy();
        Again = await accounts.Deploy();
        Stood = await Own(accounts);
        Off = await accounts.ChangeCapacity("off");
        Removed = await accounts.Remove();
        LeftAfterRemoval = await Own(accounts);
        Records = [.. await accounts.Keys("INSTANCES"), .. await accounts.Keys("TARGET#inventory#dev-x"), .. await Watches(accounts)];
        Order = await Deletions(accounts);
        Others = (before, await Changes(accounts));
        RemovedAgain = await accounts.Remove();
    }

    /// <summary>The history of the removal.</summary>
    public IReadOnlyList<HistoryEvent> RemovalHistory { get; private set; } = [];

    /// <summary>What is watched for the instance.</summary>
    private static async Task<IReadOnlyList<string>> Watches(SimulatedAccounts accounts) =>
        [
            .. (await accounts.Tools.DynamoDB.ScanAsync(new Amazon.DynamoDBv2.Model.ScanRequest { TableName = "deployer-dev" }))
                .Items.Where(item => item["sk"].S == "inventory#dev-x")
                .Select(item => item["pk"].S),
        ];

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string> Changes(SimulatedAccounts accounts) =>
        string.Join(
            '\n',
            (await accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest()))
                .Stacks.OrderBy(stack => stack.StackName, StringComparer.Ordinal)
                .Select(stack => $"{stack.StackName} {stack.StackStatus} {stack.LastUpdatedTime}")
        );

    private static Task<IReadOnlyList<string>> Own(SimulatedAccounts accounts) =>
        accounts.Rehearsal.World.Do<IReadOnlyList<string>>(() =>
            [
                .. accounts
                    .Rehearsal.World.Store.Table<SsmParameter>("ssm/parameters")
                    .WithPrefix(string.Empty)
                    .Select(parameter => parameter.Value.Name)
                    .Where(name => name.StartsWith("/inventory/dev-x/", StringComparison.Ordinal)),
                .. accounts
                    .Rehearsal.World.Store.Table<Function>("lambda/functions")
                    .WithPrefix(string.Empty)
                    .Select(function => function.Value.Name)
                    .Where(name => name.StartsWith("inventory-dev-x", StringComparison.Ordinal)),
            ]
        );

    private async Task<IReadOnlyList<string>> Deletions(SimulatedAccounts accounts)
    {
        RemovalHistory = await accounts.History(Removed.Deployment!);
        var happened = RemovalHistory
            .Where(entry => entry.StateExitedEventDetails?.Name == "DeployIons")
            .Select(entry => (At: entry.Timestamp, What: "Lambdas emptied"))
            .ToList();
        foreach (var stack in Deployed.Stacks)
        {
            var id = (await accounts.Target.CloudFormation.ListStacksAsync(new ListStacksRequest()))
                .StackSummaries.Single(found => found.StackName == stack.Name)
                .StackId;
            var events = (
                await accounts.Target.CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = id })
            ).StackEvents;
            happened.AddRange(
                events
                    .Where(found =>
                        found.PhysicalResourceId == id && found.ResourceStatus.Value.StartsWith("DELETE", StringComparison.Ordinal)
                    )
                    .Select(found => (found.Timestamp, $"{stack.Name} {found.ResourceStatus}"))
            );
        }

        return [.. happened.OrderBy(entry => entry.At).Select(entry => entry.What)];
    }
}

public sealed class DevelopmentInstanceTests(InstanceLife life) : IClassFixture<InstanceLife>
{
    /// <summary>Its group had been turned off: it is turned on again before its ions are emptied.</summary>
    [Theory]
    [InlineData("ChangeCapacity")]
    [InlineData("RemoveStack")]
    public void An_event_ends_a_wait_of_the_removal_before_its_heartbeat(string state) =>
        life
            .RemovalHistory.EndsByAnEvent(state)
            .ShouldBeTrue(
                string.Join(
                    '\n',
                    life.RemovalHistory.Where(happened => happened.IsOf(state, life.RemovalHistory))
                        .Select(happened => $"{happened.Timestamp:HH:mm:ss} {happened.Type} {happened.TaskFailedEventDetails?.Error}")
                )
            );

    [Fact]
    public void It_has_stacks_a_group_and_ions_of_its_own()
    {
        life.Deployed.Verdict.ShouldBe(Verdict.Succeeded, life.Deployed.Cause);
        life.Deployed.Target.ShouldBe("dev-x");
        life.Deployed.Stacks.Select(stack => $"{stack.Name} {stack.Action.Text()}")
            .ShouldBe(["inventory-dev-x created", "inventory-dev-x-network created", "inventory-dev-x-api created"], ignoreOrder: true);
        life.Deployed.Ions.Single().Group.ShouldBe("inventory-dev-x");
        life.Stood.ShouldContain("inventory-dev-x-get-item");
        life.Stood.ShouldContain("/inventory/dev-x/group/CodeDeployDeploymentGroup");
    }

    [Fact]
    public void Deploying_it_again_changes_nothing() => life.Again.Verdict.ShouldBe(Verdict.NothingToDo);

    [Fact]
    public void Its_group_is_turned_off_by_itself_and_on_again_for_its_removal()
    {
        life.Off.Verdict.ShouldBe(Verdict.Succeeded, life.Off.Cause);
        life.Off.Stacks.Select(stack => $"{stack.Name} {stack.Action.Text()}").ShouldBe(["inventory-dev-x off"]);
        life.Removed.Steps.Select(step => step.Name).ShouldBe(["group", "api", "network", "ions"], ignoreOrder: true);
    }

    [Fact]
    public void Its_removal_leaves_nothing_of_it()
    {
        life.Removed.Verdict.ShouldBe(Verdict.Succeeded, life.Removed.Cause);
        life.LeftAfterRemoval.ShouldBeEmpty();
        life.Records.ShouldBe(["LOCK"]);
        life.Removed.Stacks.ShouldAllBe(stack => stack.Action == StepAction.Removed && stack.Status == "NONE");
        (life.Removed.LocksHeld, life.Removed.WaitsOpen).ShouldBe((0, 0));
    }

    [Fact]
    public void What_needs_the_lambdas_goes_first_then_the_lambdas_then_what_they_hang_on()
    {
        var order = life.Order.ToList();
        order[^1].ShouldBe("inventory-dev-x DELETE_COMPLETE");
        order[^2].ShouldBe("inventory-dev-x DELETE_IN_PROGRESS");
        order.ShouldContain("inventory-dev-x-network DELETE_COMPLETE");
        order.IndexOf("Lambdas emptied").ShouldBeGreaterThan(order.IndexOf("inventory-dev-x-api DELETE_COMPLETE"));
        order.IndexOf("Lambdas emptied").ShouldBeLessThan(order.IndexOf("inventory-dev-x DELETE_IN_PROGRESS"));
    }

    [Fact]
    public void The_targets_own_stacks_are_not_touched() => life.Others.After.ShouldBe(life.Others.Before);

    [Fact]
    public void One_that_is_not_there_is_refused_by_name()
    {
        life.RemovedAgain.Error.ShouldBe("SpecInvalidException");
        life.RemovedAgain.Cause.ShouldBe("there is no development instance 'x' of inventory in target 'dev'; there is none at all");
    }
}
