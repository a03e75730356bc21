using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A deployer that is installed beside a system that runs already, as it should or nearly so: of what it finds it has no record, since
/// somebody else deployed it.
/// </summary>
public sealed class AdoptedSystem : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public CommandResult Again { get; private set; } = null!;

    public CommandResult OneDiffers { get; private set; } = null!;

    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        var state = await Scheduled.CopyDeployed(_folder.Path);
        await using (var accounts = await SimulatedAccounts.Open(state))
        {
            await accounts.ForgetRecords();
        }

        First = await CommandLine.Rehearse("--state", state);
        Again = await CommandLine.Rehearse("--state", state);
        await using (var accounts = await SimulatedAccounts.Open(state))
        {
            await accounts.ForgetRecords();
            await accounts
                .Target.Target("us-east-1")
                .Lambda.UpdateFunctionConfigurationAsync(
                    new()
                    {
                        FunctionName = "inventory-consumer-dev-orders",
                        Environment = new() { Variables = new() { ["LOG_LEVEL"] = "info" } },
                    }
                );
        }

        OneDiffers = await CommandLine.Rehearse("--state", state);
        await using (var accounts = await SimulatedAccounts.Open(state))
        {
            Variables = await accounts.Variables("inventory-consumer-dev-orders");
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class RunningSystemTests(AdoptedSystem adopted) : IClassFixture<AdoptedSystem>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_run_over_a_system_that_runs_as_wanted_changes_nothing_of_it()
    {
        adopted.First.Report.Verdict.ShouldBe(Verdict.Succeeded, adopted.First.Report.Cause);
        adopted.First.Report.Steps.ShouldAllBe(step => step.Action == StepAction.None || step.Action == StepAction.Pushed);
        // What is compared is made to compare it: change sets, and the revision that is to be had in the code bucket.
        string[] compared = ["CreateChangeSet", "StartBuild"];
        adopted.First.Report.Calls.Select(call => call.Operation).Intersect(Expectations.Changes.Except(compared)).ShouldBeEmpty();
        adopted.First.Report.Stacks.ShouldAllBe(stack => stack.Action == StepAction.None);
        adopted.First.Report.Executions.ShouldAllBe(execution => execution.Machine != "datomic-inventory-dev");
        adopted.First.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void From_then_on_it_is_known_and_the_next_run_has_nothing_to_do()
    {
        adopted.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo, adopted.Again.Report.Cause);
        adopted.Again.ShouldChangeNothing();
        adopted.Again.Report.Transitions.ShouldBeInRange(1, 15);
    }

    [Fact]
    public void Of_a_system_that_nearly_runs_as_wanted_only_what_differs_is_changed()
    {
        adopted.OneDiffers.Report.Verdict.ShouldBe(Verdict.Succeeded, adopted.OneDiffers.Report.Cause);
        adopted.OneDiffers.Count("UpdateFunctionConfiguration").ShouldBe(1);
        adopted.OneDiffers.Count("ExecuteChangeSet").ShouldBe(0);
        adopted.OneDiffers.Report.Executions.ShouldAllBe(execution => execution.Machine != "datomic-inventory-dev");
        adopted.Variables.Keys.ShouldBe(["LOG_LEVEL", "DATOMIC_ENDPOINT", "DATOMIC_SYSTEM_NAME"], ignoreOrder: true);
    }

    /// <summary>
    /// A running execution keeps the definition with which it began
    /// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html), and calls the functions as they are.
    /// </summary>
    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(300)]
    [InlineData(900)]
    public async Task A_deployer_that_is_upgraded_while_it_deploys_ends_what_it_began(int seconds)
    {
        var state = await Scheduled.CopyPrepared(_folder.Path);
        await using (var accounts = await SimulatedAccounts.Open(state))
        {
            (await accounts.Plan()).Problems.ShouldBe(0);
            var execution = await accounts.BeginDeployment(TimeSpan.FromSeconds(30 + seconds));
            await accounts.UpgradeDeployer(await NextVersion());
            await accounts.Rehearsal.RunUntilClosed(execution);
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(6));

            var ended = await accounts.Describe(execution);
            (ended.Status.Value, ended.Cause).ShouldBe(("SUCCEEDED", null));
            (await accounts.Leftovers()).ShouldBe((0, 0));
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo);
        }
    }

    [Fact]
    public async Task What_failed_before_an_upgrade_is_redriven_after_it()
    {
        var state = await Scheduled.CopyPrepared(_folder.Path);
        string execution;
        await using (var accounts = await SimulatedAccounts.Open(state, "stack-rolls-back"))
        {
            execution = (await accounts.Deploy()).Deployment.ShouldNotBeNull();
            await accounts.UpgradeDeployer(await NextVersion());
        }

        await using (var accounts = await SimulatedAccounts.Open(state))
        {
            var redriven = await accounts.Redrive(execution);

            redriven.Verdict.ShouldBe(Verdict.Succeeded, redriven.Cause);
            (redriven.LocksHeld, redriven.WaitsOpen).ShouldBe((0, 0));
        }
    }

    /// <summary>
    /// A version of the deployer whose functions have other settings, whose roles have their permissions in other policies, and whose
    /// machine has another first state.
    /// </summary>
    private async Task<string> NextVersion()
    {
        var product = Path.Combine(_folder.Path, "next");
        foreach (var folder in new[] { "statemachines", "templates" })
        {
            Directory.CreateDirectory(Path.Combine(product, folder));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder)))
            {
                File.Copy(file, Path.Combine(product, folder, Path.GetFileName(file)));
            }
        }

        File.Copy(Path.Combine(Repository.Root, "template.yaml"), Path.Combine(product, "template.yaml"));
        await SmallService.Change(product, "template.yaml", "MemorySize: ", "MemorySize: 1");
        await SmallService.Change(product, "template.yaml", "PolicyName: work", "PolicyName: next");
        await SmallService.Change(
            product,
            "statemachines/deploy.asl.json",
            "\"StartAt\": \"Begin\",\n  \"States\": {",
            "\"StartAt\": \"Before\",\n  \"States\": {\n    \"Before\": { \"Type\": \"Pass\", \"Next\": \"Begin\" },"
        );
        return product;
    }
}
