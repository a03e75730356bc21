using System.Text.Json;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Doctor;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>The example's simulated accounts, opened with the classes behind the command line.</summary>
internal sealed class SimulatedAccounts : IAsyncDisposable
{
    /// <summary>Values of the environments of the example's functions that nobody else may see.</summary>
    private static readonly string[] EnvironmentValues = ["orders-dev", "reports-dev"];

    private readonly RehearsedPlace _place;

    private readonly string _state;

    private SimulatedAccounts(RehearsedPlace place, string state) => (_place, _state) = (place, state);

    /// <summary>Clients of the target's account, as its administrator.</summary>
    public AccountClients Target => _place.Target;

    /// <summary>The world and its services.</summary>
    public AwsRehearsal Rehearsal => _place.Rehearsal;

    /// <summary>Clients of the deployer's account, as its administrator.</summary>
    public AccountClients Tools => _place.Tools;

    private RehearsedService Service => _place.Service;

    /// <summary>Opens the accounts that are kept in a folder, or makes them there.</summary>
    public static Task<SimulatedAccounts> Open(string state, params string[] faults) =>
        Open(CommandLine.Inventory, state, instance: null, faults);

    /// <summary>Opens the accounts of a changed copy of the example.</summary>
    public static Task<SimulatedAccounts> OpenService(string service, string state, params string[] faults) =>
        Open(service, state, instance: null, faults);

    /// <summary>Opens the accounts for a development instance of the example, or of a changed copy of it.</summary>
    public static Task<SimulatedAccounts> OpenInstance(string state, string instance, string? service = null, ulong seed = 1) =>
        Open(service ?? CommandLine.Inventory, state, instance, [], seed: seed);

    /// <summary>Opens the accounts for another target of the example, or of a changed copy of it.</summary>
    public static Task<SimulatedAccounts> OpenTarget(string target, string state, string? service = null) =>
        Open(service ?? CommandLine.Inventory, state, instance: null, [], target);

    private static async Task<SimulatedAccounts> Open(
        string folder,
        string state,
        string? instance,
        string[] faults,
        string target = "dev",
        ulong seed = 1
    ) =>
        new(
            await RehearsedPlaces.Open(
                RehearsedService.Read(folder, target, instance),
                new RehearsalSettings(faults, state, seed, InProcess: true),
                NoProgress.Instance
            ),
            state
        );

    /// <summary>Deploys the example through its pipeline, or the development instance.</summary>
    public Task<DeploymentReport> Deploy() => _place.Deploy();

    /// <summary>Points the simulated git host at the repository in the folder of these accounts, for one that was made elsewhere.</summary>
    public Task MoveRepository() => Rehearsal.Publish(Service.Spec.Repository!.Url, Path.Combine(_state, "repository"));

    /// <summary>Commits the service as it is now, for the next execution of its pipeline.</summary>
    public async Task Publish()
    {
        await Service.Commit(_state);
        await MoveRepository();
    }

    /// <summary>Approves a plan, in the pipeline that waits for it where there is one.</summary>
    public Task<DeploymentReport> Approve(string plan) => _place.Decide(plan, new PlanDecision(Approved: true, Digest: null, Reason: null));

    /// <summary>Removes the development instance.</summary>
    public Task<DeploymentReport> Remove() => _place.Remove();

    /// <summary>The sort keys of a partition of the deployer's table.</summary>
    public async Task<IReadOnlyList<string>> Keys(string partition) =>
        [
            .. (
                await Tools.DynamoDB.QueryAsync(
                    new Amazon.DynamoDBv2.Model.QueryRequest
                    {
                        TableName = "deployer-dev",
                        KeyConditionExpression = "pk = :pk",
                        ExpressionAttributeValues = new() { [":pk"] = new(partition) },
                    }
                )
            ).Items.Select(item => item["sk"].S),
        ];

    /// <summary>The environment variables of a function of the target, of one of its versions or aliases where that is named.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Variables(string function, string? qualifier = null) =>
        (
            await Call<Amazon.Lambda.Model.GetFunctionConfigurationResponse>(
                new Amazon.Lambda.Model.GetFunctionConfigurationRequest { FunctionName = function, Qualifier = qualifier }
            )
        )
            .Environment
            ?.Variables
        ?? [];

    /// <summary>Asks a service of the target, as the account's administrator.</summary>
    public Task<T> Call<T>(Amazon.Runtime.AmazonWebServiceRequest request)
        where T : Amazon.Runtime.AmazonWebServiceResponse =>
        Rehearsal.World.Do(() => Rehearsal.World.Api.Invoke<T>(Principal.Root(Service.Target.Account), Service.Target.Region, request));

    /// <summary>Asks a service of the deployer's account, as the account's administrator.</summary>
    public Task<T> InTools<T>(Amazon.Runtime.AmazonWebServiceRequest request)
        where T : Amazon.Runtime.AmazonWebServiceResponse =>
        Rehearsal.World.Do(() =>
            Rehearsal.World.Api.Invoke<T>(Principal.Root(Service.Accounts.ToolsAccount), Service.Accounts.Region, request)
        );

    /// <summary>Lets the people of a schedule act from now on; for runs that are no deployment.</summary>
    public async Task<ScheduledPeople> LetIn(string file)
    {
        var schedule = await ServiceSchedule.Read(file, Service);
        var people = await ScheduledPeople.Begin(
            Rehearsal,
            schedule,
            await ServiceSchedule.OpenScene(schedule, Service, _state),
            (_, _) => true
        );
        await Rehearsal.Observe(new PeopleWatch(people).Add);
        return people;
    }

    /// <summary>Plans the example.</summary>
    public Task<ServicePlan> Plan() => _place.Plan();

    /// <summary>Has the deployer check what a deployment needs.</summary>
    public Task<DoctorReport> Doctor() =>
        new DoctorRun(
            Tools,
            Service.Deployer.Stage,
            new ServiceAtTarget(Service.Source, Service.Spec, Service.Target),
            _ => Rehearsal.Pass(TimeSpan.FromMinutes(1)),
            _ => { }
        ).Run(CancellationToken.None);

    /// <summary>The permissions that the doctor asks for.</summary>
    public IReadOnlyList<NeededPermission> NeededPermissions()
    {
        var settings = Service.Deployer.Settings() with
        {
            // The example's builds have a role of their own, those of the orders have no ions and need none.
            BuildRoles = $"arn:aws:iam::{Service.Accounts.ToolsAccount}:role/deployer-{Service.Deployer.Stage}-build-",
        };
        using var services = FunctionServices.Over(settings, FunctionServices.Nowhere);
        using var run = new CheckRun(
            "check",
            new ServiceSource(Service.Source, Service.Spec, string.Empty),
            Service.Target,
            Service.Accounts.ToolsAccount
        );
        return [.. services.GetServices<IPermissionNeeds>().SelectMany(needs => needs.For(run))];
    }

    /// <summary>Redrives an execution and runs it to its end.</summary>
    public Task<DeploymentReport> Redrive(string execution) => _place.Redrive(execution);

    /// <summary>Turns the example's group on or off.</summary>
    public Task<DeploymentReport> ChangeCapacity(string capacity) => _place.ChangeCapacity(capacity, []);

    /// <summary>Redrives an execution and lets it go on.</summary>
    public Task BeginRedrive(string execution) =>
        Tools.StepFunctions.RedriveExecutionAsync(new RedriveExecutionRequest { ExecutionArn = execution });

    /// <summary>Starts the pipeline and lets a while pass, in which its deployment goes on.</summary>
    /// <returns>ARN of the deployment's execution.</returns>
    public async Task<string> BeginDeployment(TimeSpan time)
    {
        var known = (await Rehearsal.Executions()).Select(execution => execution.Arn).ToHashSet();
        await Rehearsal.World.Do(() =>
            Rehearsal.World.Api.Invoke<Amazon.CodePipeline.Model.StartPipelineExecutionResponse>(
                Principal.Root(Service.Accounts.ToolsAccount),
                Service.Accounts.Region,
                new Amazon.CodePipeline.Model.StartPipelineExecutionRequest { Name = Service.Accounts.Pipeline }
            )
        );
        await Rehearsal.Pass(time);
        return (await Rehearsal.Executions())
            .Single(execution => execution.MachineName == "deployer-dev-deploy" && !known.Contains(execution.Arn))
            .Arn;
    }

    /// <summary>Removes every record of the deployer, as if it had deployed nothing here yet.</summary>
    public async Task ForgetRecords()
    {
        var records = await Tools.DynamoDB.ScanAsync(new Amazon.DynamoDBv2.Model.ScanRequest { TableName = "deployer-dev" });
        records.Items.ShouldNotBeEmpty();
        foreach (var record in records.Items)
        {
            await Tools.DynamoDB.DeleteItemAsync("deployer-dev", new() { ["pk"] = record["pk"], ["sk"] = record["sk"] });
        }
    }

    /// <summary>Installs another version of the deployer in the accounts, while whatever runs goes on.</summary>
    /// <param name="product">The folder with its template and machines.</param>
    public Task UpgradeDeployer(string product) =>
        Rehearsal.Prepare(Service.Accounts, Service.Target.Declared, Service.Target.Account, Service.Target.Region, product);

    /// <summary>Adds what a service of its own needs to the accounts of another one.</summary>
    /// <param name="name">What tells it from others of the same target.</param>
    public Task Add(string name) =>
        Rehearsal.Prepare(Service.Accounts, name, Service.Target.Account, Service.Target.Region, RehearsedService.Product);

    /// <summary>Lets time pass until a stack of the target has this status.</summary>
    public Task Until(string stack, StackStatus status) =>
        Rehearsal.World.RunUntil(() =>
            Rehearsal
                .World.Api.Invoke<DescribeStacksResponse>(
                    Principal.Root(Service.Target.Account),
                    Service.Target.Region,
                    new DescribeStacksRequest { StackName = stack }
                )
                .Stacks[0]
                .StackStatus == status
        );

    /// <summary>Starts the deployer's machine with an input of one's own and runs it to its end.</summary>
    public async Task<DescribeExecutionResponse> Start(string input)
    {
        var machines = await Tools.StepFunctions.ListStateMachinesAsync(new ListStateMachinesRequest());
        var machine = machines.StateMachines.Single(machine => machine.Name == "deployer-dev-deploy");
        var started = await Tools.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest { StateMachineArn = machine.StateMachineArn, Input = input }
        );
        await Rehearsal.RunUntilClosed(started.ExecutionArn);
        return await Describe(started.ExecutionArn);
    }

    /// <summary>Somebody at the console changes a stack of the target: its tags, by UpdateStack.</summary>
    public async Task BeginUpdateByHand(string stack)
    {
        var described = (await Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stack })).Stacks[0];
        await Target.CloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = stack,
                UsePreviousTemplate = true,
                Capabilities = [Capability.CAPABILITY_NAMED_IAM],
                Parameters = described.Parameters.ConvertAll(parameter => new Parameter
                {
                    ParameterKey = parameter.ParameterKey,
                    UsePreviousValue = true,
                }),
                Tags = [new Amazon.CloudFormation.Model.Tag { Key = "changed", Value = "by hand" }],
            }
        );
    }

    /// <summary>The record of dev's one revision, changed as somebody would who tampers with it.</summary>
    public async Task ChangeRevision(Func<string, string> change)
    {
        var item = await RevisionItem("dev");
        item["document"] = new(change(item["document"].S));
        await Tools.DynamoDB.PutItemAsync("deployer-dev", item);
    }

    /// <summary>The record of a stage's one revision.</summary>
    public async Task<PushedRevision> Revision(string stage) =>
        JsonSerializer.Deserialize<PushedRevision>((await RevisionItem(stage))["document"].S, JsonSerializerOptions.Web)!;

    /// <summary>Somebody deploys the first revision of the example's group, past the deployer.</summary>
    /// <param name="number">Which time it is.</param>
    /// <param name="group">The group that it is deployed to, of the same application.</param>
    /// <returns>ARN of the execution, which runs.</returns>
    public async Task<string> DeployIonsByHand(int number = 1, string group = "inventory-dev")
    {
        const string First = "inventory-dev";
        var machines = $"arn:aws:states:{Service.Target.Region}:{Service.Target.Account}:stateMachine:datomic-";
        var first = (
            await Target.StepFunctions.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = $"{machines}{First}" })
        ).Executions.MinBy(execution => execution.StartDate)!;
        var input = (
            await Target.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = first.ExecutionArn })
        ).Input;
        return (
            await Target.StepFunctions.StartExecutionAsync(
                new StartExecutionRequest
                {
                    StateMachineArn = $"{machines}{group}",
                    Name = $"{group}-by-hand-{number}",
                    Input = input.Replace(First, group, StringComparison.Ordinal),
                }
            )
        ).ExecutionArn;
    }

    /// <summary>
    /// Has somebody deploy what the group ran first as soon as the deployment that runs next is about to deploy its ions, and lets no list
    /// of executions show it for a minute.
    /// </summary>
    /// <returns>The ARN of the execution, once it is there.</returns>
    public async Task<Task<string>> DeployIonsUnseenBeside()
    {
        const string Look = "test/deploy-ions";
        const string End = "test/deploy-ions-seen";
        var (target, tools) = (Service.Target, Service.Accounts.ToolsAccount);
        var group = $"arn:aws:states:{target.Region}:{target.Account}:stateMachine:datomic-inventory-dev";
        var machine = $"arn:aws:states:{target.Region}:{tools}:stateMachine:deployer-dev-deploy";
        var begun = new TaskCompletionSource<string>();
        var first = (
            await Target.StepFunctions.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = group })
        ).Executions.MinBy(execution => execution.StartDate)!;
        var described = await Target.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = first.ExecutionArn }
        );
        var world = Rehearsal.World;
        await world.Do(() =>
        {
            world.OnDue(Look, _ => Act());
            world.Schedule(TimeSpan.FromMilliseconds(100), Look, string.Empty);
        });
        return begun.Task;

        void Act()
        {
            if (!IsAboutToDeploy())
            {
                world.Schedule(TimeSpan.FromMilliseconds(100), Look, string.Empty);
                return;
            }

            var stale = StaleReads.In(world).Ask("states:ListExecutions", world.Now);
            world.OnDue(End, _ => StaleReads.In(world).End(stale));
            world.Schedule(StaleReads.Longest, End, string.Empty);
            begun.SetResult(
                Ask<StartExecutionResponse>(
                    target.Account,
                    new StartExecutionRequest
                    {
                        StateMachineArn = group,
                        Name = "inventory-dev-by-hand",
                        Input = described.Input,
                    }
                ).ExecutionArn
            );
        }

        bool IsAboutToDeploy() =>
            Ask<ListExecutionsResponse>(
                tools,
                new ListExecutionsRequest { StateMachineArn = machine, StatusFilter = Amazon.StepFunctions.ExecutionStatus.RUNNING }
            )
                .Executions.Any(execution =>
                    Ask<GetExecutionHistoryResponse>(
                        tools,
                        new GetExecutionHistoryRequest { ExecutionArn = execution.ExecutionArn, MaxResults = 1000 }
                    )
                        .Events.Any(happened => happened.StateEnteredEventDetails?.Name == "DeployIons")
                );

        T Ask<T>(string account, Amazon.Runtime.AmazonWebServiceRequest request)
            where T : Amazon.Runtime.AmazonWebServiceResponse => world.Api.Invoke<T>(Principal.Root(account), target.Region, request);
    }

    /// <summary>Makes a second bucket in the target that is tagged as the code bucket is.</summary>
    public async Task MakeSecondCodeBucket()
    {
        await Target.S3.PutBucketAsync("another-code-bucket");
        await Target.S3.PutBucketTaggingAsync(
            new Amazon.S3.Model.PutBucketTaggingRequest
            {
                BucketName = "another-code-bucket",
                TagSet = [new Amazon.S3.Model.Tag { Key = "datomic:code", Value = "true" }],
            }
        );
    }

    /// <summary>The Auto Scaling group of a compute group.</summary>
    public async Task<Amazon.AutoScaling.Model.AutoScalingGroup> ScalingGroup(string group = "inventory-dev") =>
        (
            await Target.AutoScaling.DescribeAutoScalingGroupsAsync(
                new Amazon.AutoScaling.Model.DescribeAutoScalingGroupsRequest
                {
                    Filters = [new Amazon.AutoScaling.Model.Filter { Name = "tag:datomic:tx-group", Values = [group] }],
                }
            )
        ).AutoScalingGroups.Single();

    /// <summary>How an execution stands.</summary>
    public Task<DescribeExecutionResponse> Describe(string execution) =>
        Tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });

    /// <summary>The history of an execution of the deployer.</summary>
    public Task<IReadOnlyList<HistoryEvent>> History(string execution) => _place.Report.History(execution);

    /// <summary>How many locks are held and how many tokens are kept.</summary>
    public Task<(int Locks, int Waits)> Leftovers() => _place.Report.Leftovers();

    /// <summary>Everything secret that these accounts have seen: session tokens, task tokens, values of environments.</summary>
    public async Task<IReadOnlyList<string>> Secrets()
    {
        var sessions = await Rehearsal.World.Do(() =>
            Rehearsal
                .World.Store.Table<IssuedSession>("sts/sessions")
                .WithPrefix(string.Empty)
                .Select(session => session.Value.SessionToken)
                .ToList()
        );
        var secrets = new HashSet<string>([.. sessions, .. EnvironmentValues]);
        foreach (var execution in (await Rehearsal.Executions()).Where(execution => execution.MachineName == "deployer-dev-deploy"))
        {
            secrets.UnionWith(
                (await History(execution.Arn))
                    .Select(happened => happened.TaskScheduledEventDetails?.Parameters)
                    .OfType<string>()
                    .Select(TaskToken)
                    .OfType<string>()
            );
        }

        return [.. secrets];
    }

    /// <summary>What the deployer's functions have written, without what Lambda itself adds.</summary>
    public Task<IReadOnlyList<string>> FunctionLog() =>
        Rehearsal.World.Do<IReadOnlyList<string>>(() =>
        {
            var logs = new LogStore(Rehearsal.World);
            var group = logs.Find(Service.Accounts.ToolsAccount, Service.Accounts.Region, "/aws/lambda/deployer-dev");
            return
            [
                .. logs.Events(group.ShouldNotBeNull())
                    .Select(written => written.Message)
                    .Where(line => line.Split(' ')[0] is not ("START" or "END")),
            ];
        });

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    private async Task<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> RevisionItem(string stage) =>
        (
            await Tools.DynamoDB.QueryAsync(
                new Amazon.DynamoDBv2.Model.QueryRequest
                {
                    TableName = $"deployer-{stage}",
                    KeyConditionExpression = "pk = :pk",
                    ExpressionAttributeValues = new() { [":pk"] = new("REVISIONS#inventory") },
                }
            )
        ).Items.Single();

    private static string? TaskToken(string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        return document.RootElement.TryGetProperty("Payload", out var payload) && payload.TryGetProperty("token", out var token)
            ? token.GetString()
            : null;
    }

    private sealed class NoProgress : IProgressView
    {
        public static readonly NoProgress Instance = new();

        public void Report(ProgressEvent happened) { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
