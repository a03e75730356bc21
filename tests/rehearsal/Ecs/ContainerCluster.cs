using System.Text.Json.Nodes;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>A cluster with two revisions of one task definition, in a world of its own.</summary>
internal sealed class ContainerCluster : IAsyncDisposable, IEventSource
{
    public const string Account = "111111111111";
    public const string Name = "pro";
    public const string Family = "transactor";
    public const string Subnet = "subnet-1";

    private readonly TestAws _aws;

    private ContainerCluster(RehearsalOptions options)
    {
        World = new RehearsalWorld(options);
        _aws = TestAws.Over(World);
        Ecs = Client(TestAws.Root(Account));
    }

    public RehearsalWorld World { get; }

    public AmazonECSClient Ecs { get; }

    /// <summary>What was published: the event's type, its name, and for deployments their state's reason.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Opens a world, new or as it was stored.</summary>
    public static async Task<ContainerCluster> Open(RehearsalOptions options)
    {
        var cluster = new ContainerCluster(options);
        var world = cluster.World;
        await world.Do(() =>
            world.Api.Register(
                new EcsService(new Clusters(world), new TaskDefinitions(world), new Services(world, cluster), new Networks(world))
            )
        );
        return cluster;
    }

    public static Task<ContainerCluster> Start(params string[] faults) =>
        Start(new RehearsalOptions { Faults = new Faults(faults.Select(Faults.Parse)) });

    public static async Task<ContainerCluster> Start(RehearsalOptions options)
    {
        var cluster = await Open(options);
        await cluster.World.Do(() =>
            new Networks(cluster.World).Put(
                Account,
                "us-east-1",
                new Subnet(Subnet, "vpc-1", "10.0.0.0/24", "us-east-1a", new Dictionary<string, string>())
            )
        );
        await cluster.Ecs.CreateClusterAsync(new CreateClusterRequest { ClusterName = Name });
        await cluster.Register();
        await cluster.Register();
        return cluster;
    }

    public AmazonECSClient Client(Amazon.Runtime.AWSCredentials credentials) => new(credentials, _aws.Configure(new AmazonECSConfig()));

    public Task<Amazon.Runtime.AWSCredentials> Session(string statements) => _aws.Session(Account, "work", statements);

    public static RegisterTaskDefinitionRequest Definition() =>
        new()
        {
            Family = Family,
            NetworkMode = NetworkMode.Awsvpc,
            RequiresCompatibilities = [Compatibility.FARGATE],
            Cpu = "1024",
            Memory = "6144",
            ContainerDefinitions = [new ContainerDefinition { Name = "transactor", Image = "image:1" }],
        };

    public static CreateServiceRequest Service(int desired = 2, DeploymentConfiguration? configuration = null) =>
        new()
        {
            Cluster = Name,
            ServiceName = Family,
            TaskDefinition = $"{Family}:1",
            DesiredCount = desired,
            LaunchType = LaunchType.FARGATE,
            DeploymentConfiguration = configuration,
            NetworkConfiguration = new NetworkConfiguration { AwsvpcConfiguration = new AwsVpcConfiguration { Subnets = [Subnet] } },
        };

    public Task<RegisterTaskDefinitionResponse> Register() => Ecs.RegisterTaskDefinitionAsync(Definition());

    /// <summary>Makes the service and waits until it is steady.</summary>
    public async System.Threading.Tasks.Task Create(int desired = 2, DeploymentConfiguration? configuration = null)
    {
        await Ecs.CreateServiceAsync(Service(desired, configuration));
        await Steady();
    }

    public async Task<Service> Update(string definition) =>
        (
            await Ecs.UpdateServiceAsync(
                new UpdateServiceRequest
                {
                    Cluster = Name,
                    Service = Family,
                    TaskDefinition = definition,
                }
            )
        ).Service;

    public System.Threading.Tasks.Task Steady() => World.RunUntil(() => Record().Steady);

    public async Task<Service> Describe() =>
        (
            await Ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = Name, Services = [Family] })
        ).Services.ShouldHaveSingleItem();

    public ServiceRecord Record() => World.Store.Table<ServiceRecord>("ecs/services").Get($"{Account}/us-east-1/{Name}/{Family}")!;

    public IEnumerable<TaskRecord> Tasks() =>
        World.Store.Table<TaskRecord>("ecs/tasks").WithPrefix(string.Empty).Select(entry => entry.Value);

    public void Publish(
        string account,
        string region,
        string source,
        string detailType,
        IReadOnlyList<string> resources,
        JsonObject detail
    ) =>
        Events.Add(
            string.Join(
                    ' ',
                    source,
                    detailType,
                    resources.ShouldHaveSingleItem().Split('/')[^1],
                    detail["eventType"],
                    detail["eventName"],
                    detail["reason"]
                )
                .TrimEnd()
        );

    public ValueTask DisposeAsync()
    {
        Ecs.Dispose();
        return World.DisposeAsync();
    }
}
