using System.Net;
using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Kinds;
using NSubstitute;

namespace Deployer.Functions.Tests.Ions;

/// <summary>
/// A build of ion-dev that was started: a test decides how it stands and what it left, and enters the task that waits for it.
/// </summary>
internal sealed class IonBench : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly Desk _desk;

    private IonBench(Desk desk)
    {
        _desk = desk;
        desk.CodeBuild.BatchGetBuildsAsync(Arg.Any<BatchGetBuildsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new BatchGetBuildsResponse { Builds = IsBuildGone ? [] : [Build] });
        desk.S3.GetObjectAsync(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                Answer is null
                    ? throw new AmazonS3Exception("no such key") { StatusCode = HttpStatusCode.NotFound }
                    : new GetObjectResponse { ResponseStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Answer)) }
            );
    }

    /// <summary>The request token of the attempt to deploy.</summary>
    public const string Token = "d-one-ions-deploy-1";

    /// <summary>The build.</summary>
    public Build Build { get; } = new() { Id = "deployer-dev-ions:1", BuildStatus = StatusType.SUCCEEDED };

    /// <summary>Whether CodeBuild no longer knows the build.</summary>
    public bool IsBuildGone { get; set; }

    /// <summary>What ion-dev printed; <see langword="null"/> when the build left nothing.</summary>
    public string? Answer { get; set; }

    /// <summary>Libraries that may conflict, as YAML.</summary>
    public string AllowConflicts { get; set; } = "[]";

    /// <summary>The version of ion-dev that the step names; <see langword="null"/> for none.</summary>
    public string? StepsIonDev { get; set; }

    /// <summary>The version of ion-dev that the ions' own alias has; <see langword="null"/> for no alias.</summary>
    public string? AliassIonDev { get; set; } = "1.0.352";

    /// <summary>For how long a task has waited for its build.</summary>
    public TimeSpan Waited { get; set; }

    public IAmazonCodeBuild CodeBuild => _desk.CodeBuild;

    public IAmazonCloudWatchLogs Logs => _desk.Logs;

    public static async Task<IonBench> Open() => new(await Desk.Open());

    /// <summary>The task that waits for a push enters again.</summary>
    public Task<Outcome> Push() =>
        Enter(
            new PushWork(Builds, Revisions, libraries: null!, _desk.Ledger),
            new TaskRecord
            {
                Deployment = new("one"),
                Step = "ions",
                Task = "push",
                Kind = "ions",
                State = TaskState.Running,
                Phase = "build",
                Resource = Build.Id,
            }.Keep<PushProgress>(_ => new() { Key = ":rev", Name = Commit })
        );

    /// <summary>The task that waits for a deployment enters again, while ion-dev starts it.</summary>
    public Task<Outcome> Deploy() => Deploy(state: TaskState.Running, Build.Id);

    /// <summary>The task enters again after an entry that asked for its build and died before it wrote down which one it is.</summary>
    public Task<Outcome> DeployAgain() => Deploy(TaskState.Begun, resource: null);

    /// <summary>The task enters again once ion-dev has answered, and looks at a group.</summary>
    public Task<Outcome> Deploy(SimulatedGroup group) =>
        EnterDeploy(
            Deploying with
            {
                RequestToken = Token,
                State = TaskState.Running,
                Phase = "build",
                Resource = Build.Id,
            },
            group.Account
        );

    /// <summary>The task token that an event about a resource would answer; <see langword="null"/> where none waits for it.</summary>
    public async Task<string?> Waiting(string resource) => (await _desk.Ledger.Query(WaitRecord.All(resource))).SingleOrDefault()?.Token;

    private Task<Outcome> Deploy(TaskState state, string? resource) =>
        EnterDeploy(Deploying with { RequestToken = Token, State = state, Phase = "build", Resource = resource });

    /// <summary>The task enters for the first time, and again as it has left its record.</summary>
    public async Task<Outcome> Begin(SimulatedGroup group) =>
        await EnterDeploy(await _desk.Ledger.Read(TaskRecord.Key(new("one"), "ions", "deploy")) ?? Deploying, group.Account);

    /// <summary>The task that waits for an execution that has begun enters again.</summary>
    public async Task<Outcome> Judge(SimulatedGroup group) =>
        await EnterDeploy(
            await _desk.Ledger.Read(TaskRecord.Key(new("one"), "ions", "deploy"))
                ?? Deploying with
                {
                    State = TaskState.Running,
                    Phase = "deploy",
                    Resource = SimulatedGroup.Execution,
                },
            group.Account
        );

    private static TaskRecord Deploying { get; } =
        new()
        {
            Deployment = new("one"),
            Step = "ions",
            Task = "deploy",
            Kind = "ions",
        };

    private async Task<Outcome> EnterDeploy(TaskRecord record, TargetAccount? account = null)
    {
        var pushed = new TaskRecord
        {
            Deployment = new("one"),
            Step = "ions",
            Task = "push",
            Kind = "ions",
            State = TaskState.Succeeded,
        }.Keep<PushProgress>(_ => new() { Key = ":rev", Name = Commit });
        await _desk.Ledger.Put(TaskRecord.Key(new("one"), pushed.Step, pushed.Task), pushed);
        return await Enter(new DeployWork(Builds, _desk.Ledger, Revisions, _desk.Executions), record, account);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private IonBuilds Builds => new(_desk, _desk.Settings, new Sources(_desk, _desk.Settings, StepKinds.BuiltIn), new BuildLog(_desk));

    private Revisions Revisions => new(_desk, _desk.Settings, _desk.Ledger);

    private async Task<Outcome> Enter(IStepWork work, TaskRecord record, TargetAccount? account = null)
    {
        var named = StepsIonDev is null ? string.Empty : $", ionDev: {StepsIonDev}";
        var folder = IonFolder.With(
            $$"""{ ions: { ions: ions, group: inventory-dev, allowConflicts: {{AllowConflicts}}{{named}} } }""",
            libraries: "acme/a {:mvn/version \"2\"}",
            AliassIonDev
        );
        var waiting = Waited == TimeSpan.Zero ? record : record with { WaitsSince = EnteredAt - Waited };
        return await work.Advance(_desk.Run(folder, waiting, account ?? Account()));
    }

    private static DateTime EnteredAt { get; } = new(2026, 11, 2, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>An account without a code bucket.</summary>
    private static TargetAccount Account()
    {
        var tagging = Substitute.For<IAmazonResourceGroupsTaggingAPI>();
        tagging.GetResourcesAsync(Arg.Any<GetResourcesRequest>(), Arg.Any<CancellationToken>()).Returns(new GetResourcesResponse());
        return StubbedAccount.With(tagging: tagging, enteredAt: EnteredAt);
    }
}
