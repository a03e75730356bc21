using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Kinds;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Deployments;

/// <summary>The deployer's table, simulated, and executions whose standing a test decides.</summary>
internal sealed class Desk : IAsyncDisposable, IAws
{
    private const string Account = "222222222222";
    private readonly Dictionary<string, ExecutionStatus> _executions = [];
    private readonly Dictionary<string, int> _redrives = [];
    private readonly HashSet<string> _unknown = [];

    private Desk(IEnumerable<Fault> faults)
    {
        World = new RehearsalWorld(new RehearsalOptions { Faults = new Faults(faults) });
        Connection = new AwsConnection(
            new BasicAWSCredentials(Account, "test"),
            "us-east-1",
            "http://aws.test",
            new Transport(new InMemoryTransport(new Gateway(World)))
        );
        StepFunctions = Substitute.For<IAmazonStepFunctions>();
        StepFunctions
            .DescribeExecutionAsync(Arg.Any<DescribeExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                var arn = call.Arg<DescribeExecutionRequest>().ExecutionArn;
                return _unknown.Contains(arn)
                    ? throw new ExecutionDoesNotExistException("Execution Does Not Exist")
                    : new DescribeExecutionResponse
                    {
                        ExecutionArn = arn,
                        Status = _executions.GetValueOrDefault(arn, ExecutionStatus.RUNNING),
                        RedriveCount = _redrives.GetValueOrDefault(arn),
                        Input = Inputs.GetValueOrDefault(arn),
                    };
            });
        StepFunctions
            .SendTaskSuccessAsync(Arg.Any<SendTaskSuccessRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                Answers.Add($"success {call.Arg<SendTaskSuccessRequest>().TaskToken}");
                return new SendTaskSuccessResponse();
            });
        StepFunctions
            .SendTaskFailureAsync(Arg.Any<SendTaskFailureRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                var request = call.Arg<SendTaskFailureRequest>();
                Answers.Add($"{request.Error} {request.TaskToken}");
                return new SendTaskFailureResponse();
            });
        Settings = new Settings("dev", "deployer-dev", "bucket", string.Empty, string.Empty, new HashSet<string>())
        {
            Region = "us-east-1",
        };
        Ledger = new LedgerTable(this, Settings);
        Executions = new Executions(this);
        EventBridge = Substitute.For<IAmazonEventBridge>();
        EventBridge
            .PutEventsAsync(Arg.Any<PutEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                Events.AddRange(call.Arg<PutEventsRequest>().Entries);
                return PutEvents(call.Arg<PutEventsRequest>());
            });
        Notifier = new Notifier(this, Settings, Ledger);
        Settling = new Settling(Ledger, Executions, Notifier, new Remedies([]));
        Lock = new TargetLock(Ledger, Executions, Settling);
    }

    public RehearsalWorld World { get; }

    /// <summary>What accepts requests.</summary>
    public Requests Requests()
    {
        var kinds = RegisteredKinds.BuiltIn(this, Settings);
        return new Requests(
            Settings,
            Ledger,
            new Sources(this, Settings, StepKinds.BuiltIn),
            StepKinds.BuiltIn,
            kinds,
            new CapacityWaves(kinds),
            new Revisions(this, Settings, Ledger),
            new InstanceRegistry(Settings, Ledger, Executions)
        );
    }

    /// <summary>The way to the simulated services.</summary>
    public AwsConnection Connection { get; }

    public Settings Settings { get; }

    public LedgerTable Ledger { get; }

    public Executions Executions { get; }

    public Settling Settling { get; }

    public TargetLock Lock { get; }

    public Notifier Notifier { get; }

    /// <summary>What executions were started with, by their ARNs.</summary>
    public Dictionary<string, string> Inputs { get; } = [];

    /// <summary>The events that were put on the default bus, those that it did not take among them.</summary>
    public List<PutEventsRequestEntry> Events { get; } = [];

    /// <summary>What EventBridge answers.</summary>
    public Func<PutEventsRequest, PutEventsResponse> PutEvents { get; set; } =
        request => new PutEventsResponse
        {
            FailedEntryCount = 0,
            Entries = [.. request.Entries.Select((_, number) => new PutEventsResultEntry { EventId = $"event-{number}" })],
        };

    public IAmazonEventBridge EventBridge { get; }

    public IAmazonSimpleNotificationService SimpleNotificationService { get; } = Substitute.For<IAmazonSimpleNotificationService>();

    /// <summary>The answers that waiting tasks were given.</summary>
    public List<string> Answers { get; } = [];

    public IAmazonDynamoDB DynamoDB { get; private set; } = null!;

    public IAmazonStepFunctions StepFunctions { get; }

    public IAmazonS3 S3 { get; set; } = Substitute.For<IAmazonS3>();

    public IAmazonCloudWatchLogs Logs { get; } = Substitute.For<IAmazonCloudWatchLogs>();

    public IAmazonCodeBuild CodeBuild { get; } = Substitute.For<IAmazonCodeBuild>();

    public IAmazonCodePipeline CodePipeline { get; set; } = Substitute.For<IAmazonCodePipeline>();

    /// <summary>AWS's clock.</summary>
    public DateTime Now { get; set; } = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The target's account at a moment of AWS's clock; nothing is called in it unless a test brings one.</summary>
    public Func<DateTime, TargetAccount> TargetAccount { get; set; } = now => StubbedAccount.With(enteredAt: now);

    public static async Task<Desk> Open(params Fault[] faults)
    {
        var desk = new Desk(faults);
        await desk.World.Do(() => desk.World.Api.Register(new DynamoDBService(desk.World)));
        desk.DynamoDB = new AmazonDynamoDBClient(desk.Connection.Credentials, desk.Connection.Configure(new AmazonDynamoDBConfig()));
        await desk.DynamoDB.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = "deployer-dev",
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", ScalarAttributeType.S)],
                KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
            }
        );
        return desk;
    }

    /// <summary>Lays a service's source into the bucket.</summary>
    public void Hold(ISourceFolder folder)
    {
        Digest = ContentDigest.Compute(folder);
        S3.GetObjectAsync(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
            {
                var zip = new MemoryStream();
                SourceZip.Write(folder, zip);
                return new GetObjectResponse { ResponseStream = new MemoryStream(zip.ToArray()) };
            });
    }

    /// <summary>The functions' services, on this desk.</summary>
    /// <param name="settings">The settings, where they are not the desk's own.</param>
    /// <param name="register">Registers what is needed beside the services of every function.</param>
    public ServiceProvider Services(Settings? settings = null, Action<IServiceCollection>? register = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(settings ?? Settings);
        new Startup().ConfigureServices(services);
        services.AddSingleton<IAws>(this);
        register?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Digest of the source of deployments.</summary>
    public string Digest { get; set; } = "digest";

    /// <summary>A deployment that has its number and its record.</summary>
    public async Task<DeploymentRecord> Deployment(string name)
    {
        var record = new DeploymentRecord
        {
            Deployment = new(name),
            Execution = new(Arn(name)),
            Service = "inventory",
            Target = "dev",
            Digest = Digest,
            Number = await Lock.NextNumber("inventory", "dev", new(name)),
        };
        await Ledger.Put(DeploymentRecord.Key(new(name)), record);
        await Ledger.Put(OpenDeployment.Key(record.Deployment), new OpenDeployment(record.Deployment, record.Execution));
        return record;
    }

    /// <summary>An entry into a step's task, by a deployment that has no record in the table.</summary>
    /// <param name="folder">The service's folder, with its file.</param>
    /// <param name="record">The record of the task as the entry finds it.</param>
    /// <param name="account">The account that the step works in.</param>
    /// <param name="released">What the service's steps released before; nothing when it is left out.</param>
    /// <param name="target">The target, or the development instance of one.</param>
    /// <param name="capacity">What the deployment does to a compute group.</param>
    /// <param name="token">The task's token.</param>
    /// <param name="revision">The commit that is deployed.</param>
    /// <param name="rollbackTo">The revision that is gone back to.</param>
    public StepRun Run(
        ISourceFolder folder,
        TaskRecord record,
        TargetAccount account,
        IReadOnlyDictionary<string, ReleasedStep>? released = null,
        string target = "dev",
        CapacityChange? capacity = null,
        string? token = "token",
        string? revision = null,
        string? rollbackTo = null
    )
    {
        var reading = SpecReader.Read(folder);
        var spec = reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Faults));
        var deployment = new DeploymentRecord
        {
            Deployment = record.Deployment,
            Execution = new("arn"),
            Service = "inventory",
            Target = target,
            Digest = "digest",
            Number = 1,
            Capacity = capacity,
            Revision = revision,
            RollbackTo = rollbackTo,
        };
        return new StepRun(
            Ledger,
            deployment,
            new ServiceSource(folder, spec, "digest"),
            spec.TargetOrInstance(target)!,
            account,
            released ?? new Dictionary<string, ReleasedStep>(),
            record,
            token
        );
    }

    /// <summary>A step of a deployment waits for the end of a stack.</summary>
    public async Task Wait(string deployment, string step, string stack)
    {
        await Ledger.Put(
            TaskRecord.Key(new(deployment), step, "stack"),
            new TaskRecord
            {
                Deployment = new(deployment),
                Step = step,
                Task = "stack",
                Kind = "stack",
                Waits = [stack],
            }
        );
        await Ledger.Put(
            WaitRecord.Key(stack, new(deployment), step, "stack"),
            new WaitRecord
            {
                Resource = stack,
                Deployment = new(deployment),
                Step = step,
                Task = "stack",
                Token = "token",
            }
        );
    }

    /// <summary>The items of a partition of the table, as they are written.</summary>
    public async Task<IReadOnlyList<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>>> Items(string partition) =>
        (
            await DynamoDB.QueryAsync(
                new QueryRequest
                {
                    TableName = Settings.Table,
                    KeyConditionExpression = "pk = :pk",
                    ExpressionAttributeValues = new() { [":pk"] = new(partition) },
                }
            )
        ).Items;

    /// <summary>Lists a development instance of the target.</summary>
    /// <param name="instance">Its name.</param>
    /// <param name="expires">When it expires; at some time when it is left out.</param>
    public Task ListInstance(string instance, DateTimeOffset? expires = null) =>
        Ledger.Put(
            InstanceRecord.Key("inventory", $"dev-{instance}"),
            new InstanceRecord
            {
                Service = "inventory",
                Declared = "dev",
                Instance = instance,
                Target = $"dev-{instance}",
                Number = 1,
                Digest = "digest",
                Expires = expires ?? new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
            }
        );

    public void Close(string name, ExecutionStatus status) => _executions[Arn(name)] = status;

    public void Redrive(string name)
    {
        _executions.Remove(Arn(name));
        _redrives[Arn(name)] = _redrives.GetValueOrDefault(Arn(name)) + 1;
    }

    /// <summary>Has Step Functions know nothing of an execution: it was just started, or was deleted.</summary>
    public void Forget(string name) => _unknown.Add(Arn(name));

    /// <summary>Has Step Functions know an execution.</summary>
    public void Know(string name) => _unknown.Remove(Arn(name));

    public Task<LockRecord?> ReadLock() => Ledger.Read(LockRecord.Key("inventory", "dev"));

    public Task<DeploymentRecord?> Read(string name) => Ledger.Read(DeploymentRecord.Key(new(name)));

    public IAmazonS3 S3With(AWSCredentials credentials) => throw new NotSupportedException();

    public Task<TargetAccount> Enter(string account, string region, string session) => Task.FromResult(TargetAccount(Now));

    public async ValueTask DisposeAsync()
    {
        DynamoDB.Dispose();
        await World.DisposeAsync();
    }

    public static string Arn(string name) => $"arn:aws:states:us-east-1:{Account}:execution:deployer-dev-deploy:{name}";
}
