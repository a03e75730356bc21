using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;
using KeyValuePair = Amazon.ECS.Model.KeyValuePair;
using LogDriver = Amazon.ECS.LogDriver;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>Two services with a transactor each, whose logs a test writes.</summary>
internal sealed class StubbedPair
{
    public static readonly DateTime Start = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly IAmazonECS _ecs = Substitute.For<IAmazonECS>();
    private readonly IAmazonCloudWatchLogs _logs = Substitute.For<IAmazonCloudWatchLogs>();
    private readonly IAmazonCloudWatch _cloudWatch = Substitute.For<IAmazonCloudWatch>();

    public StubbedPair()
    {
        _ecs.DescribeServicesAsync(Arg.Any<DescribeServicesRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                AreServicesRefused
                    ? throw new AmazonECSException("not authorized to perform: ecs:DescribeServices")
                    {
                        ErrorCode = "AccessDeniedException",
                    }
                    : new DescribeServicesResponse { Services = [Service("a"), Service("b")] }
            );
        _ecs.ListTasksAsync(Arg.Any<ListTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new ListTasksResponse
            {
                TaskArns =
                    Desired(call.Arg<ListTasksRequest>().ServiceName[^1..]) > 0
                        ? [$"arn:task/c/{call.Arg<ListTasksRequest>().ServiceName}"]
                        : [],
            });
        _ecs.DescribeTasksAsync(Arg.Any<DescribeTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new DescribeTasksResponse { Tasks = call.Arg<DescribeTasksRequest>().Tasks.ConvertAll(Running) });
        _ecs.DescribeTaskDefinitionAsync(Arg.Any<DescribeTaskDefinitionRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeTaskDefinitionResponse { TaskDefinition = Definition(), Tags = [] });
        _ecs.UpdateServiceAsync(Arg.Any<UpdateServiceRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                Updates.Add(call.Arg<UpdateServiceRequest>());
                return new UpdateServiceResponse { Service = Service(call.Arg<UpdateServiceRequest>().Service[^1..]) };
            });
        _logs
            .GetLogEventsAsync(Arg.Any<GetLogEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => AreLogsRefused ? throw Refused() : Page(call.Arg<GetLogEventsRequest>()));
        _cloudWatch
            .DescribeAlarmsAsync(Arg.Any<DescribeAlarmsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeAlarmsResponse { MetricAlarms = Alarms });
        _cloudWatch
            .GetMetricDataAsync(Arg.Any<GetMetricDataRequest>(), Arg.Any<CancellationToken>())
            .Returns(new GetMetricDataResponse { MetricDataResults = [] });
    }

    /// <summary>The deployment configuration of both services.</summary>
    public DeploymentConfiguration? Configuration { get; set; }

    /// <summary>Whether nobody may read the logs.</summary>
    public bool AreLogsRefused { get; set; }

    /// <summary>Whether nobody may read the services.</summary>
    public bool AreServicesRefused { get; set; }

    /// <summary>The platform version of both services.</summary>
    public string? Platform { get; set; }

    /// <summary>The interval of the heartbeats of what runs; <see langword="null"/> where its properties name none.</summary>
    public string? Heartbeat { get; set; }

    /// <summary>The deployments of <c>tx-a</c>, where they are others than one that is completed.</summary>
    public List<Deployment>? DeploymentsOfA { get; set; }

    /// <summary>The same of <c>tx-b</c>.</summary>
    public List<Deployment>? DeploymentsOfB { get; set; }

    /// <summary>The step's mode.</summary>
    public string Mode { get; set; } = "pair";

    /// <summary>How many tasks <c>tx-a</c> is to have; with none it has none.</summary>
    public int DesiredOfA { get; set; } = 1;

    /// <summary>The same of <c>tx-b</c>.</summary>
    public int DesiredOfB { get; set; } = 1;

    /// <summary>The revision of the task of <c>tx-b</c>.</summary>
    public int RevisionOfB { get; set; } = 1;

    /// <summary>Further keys of the step, indented by four.</summary>
    public string Keys { get; set; } = string.Empty;

    /// <summary>What ECS was asked to change.</summary>
    public List<UpdateServiceRequest> Updates { get; } = [];

    /// <summary>The alarms that CloudWatch has.</summary>
    public List<MetricAlarm> Alarms { get; } = [];

    /// <summary>The zone of the second transactor; the first one's is <c>us-east-1a</c>.</summary>
    public string OtherZone { get; set; } = "us-east-1b";

    /// <summary>The pages of the log of <c>tx-a</c>, the newest first; none is a page without lines.</summary>
    public List<List<OutputLogEvent>> LogOfA { get; set; } =
    [
        [],
    ];

    /// <summary>The same of <c>tx-b</c>.</summary>
    public List<List<OutputLogEvent>> LogOfB { get; set; } =
    [
        [],
    ];

    /// <summary>A value of the environment that must not be seen anywhere.</summary>
    public const string Hidden = "kept-to-itself-5e2c";

    /// <summary>A line of a log that is no event.</summary>
    public static OutputLogEvent Line(string text, DateTime at) => new() { Timestamp = at, Message = text };

    public static string Arn(int revision) => $"arn:aws:ecs:us-east-1:111111111111:task-definition/tx:{revision}";

    public static OutputLogEvent Beat(long revision, DateTime at) => Event($"heartbeat, :rev {revision}", at);

    public static OutputLogEvent Standby(long revision, DateTime at) => Event($"standby, :rev {revision}, :missed 0", at);

    public StepRun Run(Desk desk, TaskRecord record, DateTime now) =>
        desk.Run(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    $$"""
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps:
                      tx:
                        transactor: tx
                        cluster: c
                        image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/transactor@sha256:{{new string('0', 64)}}
                        version: 1.0.7705
                        java: 21
                        mode: {{Mode}}
                        allowWriteGap: true
                        cpu: 1024
                        memory: 6144
                        heap: 4g
                        table: orders
                        logGroup: /tx
                        properties: { memory-index-threshold: 32m, memory-index-max: 512m, object-cache-max: 1g }
                    {{Keys}}
                    """
                )
            ),
            record,
            StubbedAccount.With(ecs: _ecs, logs: _logs, cloudWatch: _cloudWatch, enteredAt: now)
        );

    private static OutputLogEvent Event(string text, DateTime at) => new() { Timestamp = at, Message = $"{{:event :transactor/{text}}}" };

    private static AmazonCloudWatchLogsException Refused() =>
        new("not authorized to perform: logs:GetLogEvents") { ErrorCode = "AccessDeniedException" };

    private GetLogEventsResponse Page(GetLogEventsRequest request)
    {
        var pages = request.LogStreamName.EndsWith("tx-a", StringComparison.Ordinal) ? LogOfA : LogOfB;
        var at = request.NextToken is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new GetLogEventsResponse
        {
            Events = at < pages.Count ? pages[at] : [],
            // At its end CloudWatch answers the token that it was given.
            NextBackwardToken = $"{Math.Min(at + 1, pages.Count)}",
        };
    }

    private int Desired(string part) => part == "a" ? DesiredOfA : DesiredOfB;

    private Service Service(string part) =>
        new()
        {
            ServiceName = $"tx-{part}",
            ServiceArn = $"arn:aws:ecs:us-east-1:111111111111:service/c/tx-{part}",
            ClusterArn = "arn:aws:ecs:us-east-1:111111111111:cluster/c",
            Status = "ACTIVE",
            DesiredCount = Desired(part),
            LaunchType = LaunchType.FARGATE,
            PlatformVersion = Platform,
            DeploymentConfiguration = Configuration,
            Deployments =
                (part == "a" ? DeploymentsOfA : DeploymentsOfB)
                ??
                [
                    new Deployment
                    {
                        Id = $"ecs-svc/{part}",
                        Status = "PRIMARY",
                        RolloutState = "COMPLETED",
                        TaskDefinition = Arn(part == "a" ? 1 : RevisionOfB),
                        RunningCount = 1,
                    },
                ],
        };

    private Amazon.ECS.Model.Task Running(string arn) =>
        new()
        {
            TaskArn = arn,
            TaskDefinitionArn = Arn(arn.EndsWith('a') ? 1 : RevisionOfB),
            LastStatus = "RUNNING",
            Containers = [new Container { Name = "transactor", LastStatus = "RUNNING" }],
            StartedAt = Start,
            AvailabilityZone = arn.EndsWith('a') ? "us-east-1a" : OtherZone,
        };

    private TaskDefinition Definition() =>
        new()
        {
            TaskDefinitionArn = Arn(1),
            Status = TaskDefinitionStatus.ACTIVE,
            Family = "tx",
            ContainerDefinitions =
            [
                new ContainerDefinition
                {
                    Name = "transactor",
                    Environment =
                    [
                        new KeyValuePair { Name = "DATOMIC_TABLE", Value = "orders" },
                        new KeyValuePair { Name = "PASSPHRASE", Value = Hidden },
                        .. Heartbeat is { } interval
                            ? [new KeyValuePair { Name = "DATOMIC_PROPERTY_HEARTBEAT_INTERVAL_MSEC", Value = interval }]
                            : Array.Empty<KeyValuePair>(),
                    ],
                    LogConfiguration = new LogConfiguration
                    {
                        LogDriver = LogDriver.Awslogs,
                        Options = new() { ["awslogs-group"] = "/tx", ["awslogs-stream-prefix"] = "datomic" },
                    },
                },
            ],
        };
}
