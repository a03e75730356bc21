using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.ECS.Model;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.Datomic.Transactors;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Tests.DynamoDB;
using Deployer.Rehearsal.Tests.Ecs;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using KeyValuePair = Amazon.ECS.Model.KeyValuePair;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Datomic.Transactors;

/// <summary>A cluster with services of transactors, their table, roles and log group.</summary>
internal sealed partial class TransactorCluster : IAsyncDisposable
{
    public const string Table = "orders";
    private const string Region = "us-east-1";
    private const string Moment = "test/moment";

    private readonly ContainerCluster _cluster;
    private readonly WritablePeriods _writable;

    private TransactorCluster(ContainerCluster cluster)
    {
        _cluster = cluster;
        Metrics = new MetricStore(cluster.World);
        _writable = new WritablePeriods(cluster.World);
        cluster.World.OnDue(Moment, _ => { });
        var definitions = new TaskDefinitions(cluster.World);
        var peers = new Peers(cluster.World, definitions);
        cluster.Programs.Add(new TransactorProgram(cluster.World, new Tables(cluster.World), Metrics, _writable, peers, definitions));
    }

    public RehearsalWorld World => _cluster.World;

    public MetricStore Metrics { get; }

    public IReadOnlyList<WriteGap> Gaps => _writable.Gaps(ContainerCluster.Account, Region, Table);

    public bool IsWritable => _writable.IsWritable(ContainerCluster.Account, Region, Table);

    public static async Task<TransactorCluster> Start(ulong seed = 1, string allowed = "\"dynamodb:*\", \"cloudwatch:PutMetricData\"")
    {
        // Programs are read when the services are made, and these need the world that the cluster has.
        var programs = new LateProgram();
        var inner = await ContainerCluster.Start(new RehearsalOptions { Seed = seed }, programs);
        var cluster = new TransactorCluster(inner);
        programs.Program = inner.Programs[^1];
        await inner.MakeRoles();
        await inner.World.Do(() =>
        {
            inner.World.Api.Register(new DynamoDBService(inner.World));
            new Tables(inner.World).Create(
                new TableDefinition
                {
                    Name = new TableName(ContainerCluster.Account, Region, Table),
                    PartitionKey = new KeyAttribute("id", "S"),
                }
            );
            new Roles(inner.World).Create(
                new Role
                {
                    Account = ContainerCluster.Account,
                    Name = "transactor",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies =
                    {
                        ["policy"] = $$$"""
                        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[{{{allowed}}}],"Resource":"*"}}
                        """,
                    },
                }
            );
        });
        return cluster;
    }

    /// <summary>Registers a revision of a transactor's task definition.</summary>
    public async Task<string> Register(
        string heap = "4g",
        string memory = "6144",
        string objectCache = "1g",
        string? interval = null,
        bool healthCheck = true
    )
    {
        var request = _cluster.Definition("image:2", healthCheck);
        request.Memory = memory;
        request.TaskRoleArn = $"arn:aws:iam::{ContainerCluster.Account}:role/transactor";
        request.ContainerDefinitions[0].Environment =
        [
            new KeyValuePair { Name = "DATOMIC_NAME", Value = Table },
            new KeyValuePair { Name = "DATOMIC_TABLE", Value = Table },
            new KeyValuePair { Name = "DATOMIC_REGION", Value = Region },
            new KeyValuePair { Name = "DATOMIC_HEAP", Value = heap },
            new KeyValuePair { Name = "DATOMIC_PROPERTY_MEMORY_INDEX_MAX", Value = "512m" },
            new KeyValuePair { Name = "DATOMIC_PROPERTY_OBJECT_CACHE_MAX", Value = objectCache },
        ];
        if (interval is not null)
        {
            request
                .ContainerDefinitions[0]
                .Environment.Add(new KeyValuePair { Name = "DATOMIC_PROPERTY_HEARTBEAT_INTERVAL_MSEC", Value = interval });
        }

        return (await _cluster.Ecs.RegisterTaskDefinitionAsync(request)).TaskDefinition.TaskDefinitionArn;
    }

    /// <summary>Makes a service of one task.</summary>
    public Task Create(string service, string definition, int atLeast = 100, int atMost = 200)
    {
        var request = ContainerCluster.Service(1, new DeploymentConfiguration { MinimumHealthyPercent = atLeast, MaximumPercent = atMost });
        request.ServiceName = service;
        request.TaskDefinition = definition;
        return _cluster.Ecs.CreateServiceAsync(request);
    }

    /// <summary>Makes a service whose tasks have the URI of a database.</summary>
    public async Task CreatePeers(string service, int tasks, string uri)
    {
        var definition = _cluster.Definition("image:2", healthCheck: false);
        definition.Family = service;
        definition.ContainerDefinitions[0].Environment = [new KeyValuePair { Name = "DATOMIC_URI", Value = uri }];
        var request = ContainerCluster.Service(tasks);
        request.ServiceName = service;
        request.TaskDefinition = (await _cluster.Ecs.RegisterTaskDefinitionAsync(definition)).TaskDefinition.TaskDefinitionArn;
        await _cluster.Ecs.CreateServiceAsync(request);
    }

    /// <summary>The last heartbeat in the storage, as any client of DynamoDB reads it: how many there were, and by whom.</summary>
    public async Task<(long Revision, string Host)> Heartbeat()
    {
        using var client = DynamoDBFixture.ClientOf(_cluster.Aws, TestAws.Root(ContainerCluster.Account));
        var item = (await client.GetItemAsync(Table, new() { ["id"] = new("pod-coord") })).Item;
        return (long.Parse(item["rev"].N, CultureInfo.InvariantCulture), item["host"].S);
    }

    /// <summary>The last value of a metric.</summary>
    public double Last(string metric)
    {
        var id = Metrics.Metrics(ContainerCluster.Account, Region).Single(found => found.Name == metric);
        return Metrics.Values(ContainerCluster.Account, Region, id, 0, MetricStore.Minute(World.Now)).Last().Value.Maximum;
    }

    /// <summary>Whether a metric was published.</summary>
    public bool Has(string metric) => Metrics.Metrics(ContainerCluster.Account, Region).Any(found => found.Name == metric);

    public Task Update(string service, string definition) =>
        _cluster.Ecs.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = ContainerCluster.Name,
                Service = service,
                TaskDefinition = definition,
            }
        );

    /// <summary>Gives a service another number of tasks.</summary>
    public Task Scale(string service, int desired) =>
        _cluster.Ecs.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = ContainerCluster.Name,
                Service = service,
                DesiredCount = desired,
            }
        );

    /// <summary>Waits until something can be written.</summary>
    public Task Writable() => World.RunUntil(() => IsWritable);

    /// <summary>Lets time pass, and stops at that very moment.</summary>
    public async Task Pass(TimeSpan time)
    {
        var end = World.Now + time;
        await World.Do(() => World.Schedule(time, Moment, string.Empty));
        await World.RunUntil(() => World.Now >= end);
    }

    /// <summary>The tasks of a service that run or come to, of a task definition.</summary>
    public IEnumerable<TaskRecord> Tasks(string service, string? definition = null) =>
        _cluster.Tasks().Where(task => task.Service == service && (definition is null || task.TaskDefinition == definition));

    /// <summary>The task that a service has; the only one.</summary>
    public TaskRecord Running(string service) => Tasks(service).Single(task => task.LastStatus == "RUNNING");

    /// <summary>
    /// The events in the log stream of a task, oldest first: <c>standby 1 0</c> is one that saw revision 1, with 0 missed.
    /// </summary>
    public IReadOnlyList<string> Log(string task) =>
        [
            .. _cluster
                .Logs.Events(_cluster.Logs.Find(ContainerCluster.Account, Region, ContainerCluster.LogGroup)!)
                .Where(line => line.Stream.EndsWith(task, StringComparison.Ordinal))
                .Select(line => JsonNode.Parse(line.Message)!["formattedMessage"]!.ToString())
                .Select(message =>
                    Event().Match(message) is { Success: true } found
                        ? string.Join(' ', found.Groups.Values.Skip(1).Where(group => group.Success).Select(group => group.Value))
                        : message
                ),
        ];

    /// <summary>Whether a task has proven that it stands by: it saw two different heartbeats of another one.</summary>
    public bool StandsBy(string task) =>
        Log(task).Where(line => line.StartsWith("standby", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Distinct().Count()
        > 1;

    /// <summary>Waits until the task of a service's task definition has proven that it stands by.</summary>
    public Task StandbyOf(string service, string definition) =>
        World.RunUntil(() => Tasks(service, definition).Any(task => task.LastStatus == "RUNNING" && StandsBy(task.Id)));

    /// <summary>Waits until a service runs nothing but one task of a task definition.</summary>
    public Task Only(string service, string definition) =>
        World.RunUntil(() =>
            Tasks(service).Where(task => task.LastStatus != "STOPPED").ToList() is [{ LastStatus: "RUNNING" } task]
            && task.TaskDefinition == definition
        );

    /// <summary>The sum of a metric's samples in all minutes.</summary>
    public double Samples(string metric)
    {
        var id = Metrics.Metrics(ContainerCluster.Account, Region).Single(found => found.Name == metric);
        return Metrics.Values(ContainerCluster.Account, Region, id, 0, MetricStore.Minute(World.Now) + 1).Sum(minute => minute.Value.Count);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [GeneratedRegex(@":event :transactor/([a-z-]+), :(?:rev (\w+)|cause|pid)(?:, :missed (\d+))?")]
    private static partial Regex Event();

    private sealed class LateProgram : IContainerProgram
    {
        public IContainerProgram Program { get; set; } = null!;

        public bool IsOf(ContainerDefinition container) => Program?.IsOf(container) == true;

        public void Started(IContainerHost host, RunningContainer container) => Program.Started(host, container);

        public void Continue(IContainerHost host, RunningContainer container, string moment) => Program.Continue(host, container, moment);

        public void Stopping(IContainerHost host, RunningContainer container) => Program.Stopping(host, container);

        public void Ended(IContainerHost host, RunningContainer container) => Program.Ended(host, container);
    }
}
