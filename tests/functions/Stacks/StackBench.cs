using Amazon.CloudFormation;
using Amazon.S3;
using Amazon.SimpleSystemsManagement;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Kinds;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>One stack step of a service, over the simulated table and whatever CloudFormation a test brings.</summary>
internal sealed class StackBench(
    Desk desk,
    IAmazonCloudFormation cloudFormation,
    IAmazonS3? s3 = null,
    IAmazonSimpleSystemsManagement? parameters = null
) : IAsyncDisposable
{
    public const string Account = StubbedAccount.Id;

    public const string StackName = "inventory-dev-api";

    private readonly EnteredTask _task = new(desk, "api", "stack", "stack");

    public Desk Desk { get; } = desk;

    public StackWork Work { get; } =
        new(
            desk.Settings,
            new Sources(desk, desk.Settings, StepKinds.BuiltIn),
            new StackComparison(desk.Settings),
            new PlannedChanges(desk.Ledger)
        );

    /// <summary>The service's folder; the step's template is <c>api.yaml</c>.</summary>
    public MemoryFolder Folder { get; } =
        new(
            (
                "deployer.yaml",
                $$"""
                service: inventory
                targets: { dev: { account: "{{Account}}", region: us-east-1 } }
                steps: { api: { stack: "{{StackName}}", template: api.yaml } }
                """
            ),
            ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
        );

    /// <summary>What the service's steps released before.</summary>
    public Dictionary<string, ReleasedStep> Released { get; } = [];

    /// <summary>AWS's clock.</summary>
    public DateTime Now { get; set; } = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The record of the step's task, as the next entry finds it.</summary>
    public TaskRecord Record
    {
        get => _task.Record;
        set => _task.Record = value;
    }

    /// <summary>Enters the step as a task with a token does, and keeps the record that it leaves.</summary>
    public Task<T> Enter<T>(Func<StepRun, Task<T>> work) => _task.Enter(Folder, Target(), work, Released);

    /// <summary>Writes the step anew, for another deployment.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="step">The step's keys beside <c>stack</c>, as YAML.</param>
    public void Begin(string deployment, string step)
    {
        Folder.With(
            "deployer.yaml",
            $$"""
            service: inventory
            targets: { dev: { account: "{{Account}}", region: us-east-1 } }
            steps: { api: { stack: "{{StackName}}", {{step}} } }
            """
        );
        _task.Begin(deployment);
    }

    /// <summary>Enters <c>UpdateStack</c>.</summary>
    public Task<Outcome> Advance() => Enter(Work.Advance);

    /// <summary>Compares the step with what it released last.</summary>
    public async Task<Comparison> Compare(ComparisonProgress? progress = null)
    {
        foreach (var released in await Desk.Ledger.Query(ReleasedStep.All("inventory", "dev")))
        {
            Released[released.Step] = released;
        }

        return await Enter(run => new StackComparison(Desk.Settings).Compare(run, progress ?? ComparisonProgress.Whole));
    }

    /// <summary>Plans the step once, after a comparison.</summary>
    public Task<StepPlan> Plan(Comparison comparison, PlannedAction action = PlannedAction.Update) =>
        Enter(run =>
            new StackPlanner(Desk.Settings, new Sources(Desk, Desk.Settings, StepKinds.BuiltIn)).Plan(
                run,
                new StepPlan
                {
                    Step = "api",
                    Kind = "stack",
                    Action = action,
                },
                comparison
            )
        );

    /// <summary>Enters <c>RemoveStack</c>.</summary>
    public Task<Outcome> Remove() => Enter(new StackRemoval(Desk.Settings, Desk.Ledger).Advance);

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    private TargetAccount Target() => StubbedAccount.With(cloudFormation, s3: s3, parameters: parameters, enteredAt: Now);
}
