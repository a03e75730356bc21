using System.Text.Json.Nodes;
using Amazon.ECR;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Ecr;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.Ssm;
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
    public const string LogGroup = "/pro";

    private readonly TestAws _aws;

    private ContainerCluster(RehearsalOptions options, IContainerProgram[] programs)
    {
        Programs = [.. programs];
        World = new RehearsalWorld(options);
        _aws = TestAws.Over(World);
        Ecs = Client(TestAws.Root(Account));
        Ecr = new AmazonECRClient(TestAws.Root(Account), _aws.Configure(new AmazonECRConfig()));
        Logs = new LogStore(World);
    }

    public RehearsalWorld World { get; }

    public TestAws Aws => _aws;

    public AmazonECSClient Ecs { get; }

    public AmazonECRClient Ecr { get; }

    public LogStore Logs { get; }

    /// <summary>What stands in for the programs of images; to be added to before a task starts.</summary>
    public List<IContainerProgram> Programs { get; }

    /// <summary>The details of the events of tasks, oldest first.</summary>
    public List<JsonObject> TaskEvents { get; } = [];

    /// <summary>The details of all other events of services, oldest first.</summary>
    public List<JsonObject> ServiceEvents { get; } = [];

    /// <summary>What was published: the event's type, its name, and for deployments their state's reason.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Opens a world, new or as it was stored.</summary>
    public static async Task<ContainerCluster> Open(RehearsalOptions options, params IContainerProgram[] programs)
    {
        var cluster = new ContainerCluster(options, programs);
        var world = cluster.World;
        await world.Do(() =>
        {
            var definitions = new TaskDefinitions(world);
            var networks = new Networks(world);
            var repositories = new Repositories(world);
            var services = new Services(
                world,
                cluster,
                definitions,
                networks,
                cluster.Logs,
                repositories,
                new ParameterStore(world),
                cluster.Programs
            );
            world.Api.Register(new EcsService(new Clusters(world), definitions, services, networks));
            world.Api.Register(new EcrService(repositories));
        });
        return cluster;
    }

    public static Task<ContainerCluster> Start(params string[] faults) =>
        Start(new RehearsalOptions { Faults = new Faults(faults.Select(Faults.Parse)) });

    public static async Task<ContainerCluster> Start(RehearsalOptions options, params IContainerProgram[] programs)
    {
        var cluster = await Open(options, programs);
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

    /// <summary>A definition with an execution role, logs and a health check; its role is made by <see cref="MakeRoles"/>.</summary>
    public RegisterTaskDefinitionRequest Definition(string image, bool healthCheck = true)
    {
        var request = Definition();
        request.ExecutionRoleArn = $"arn:aws:iam::{Account}:role/execution";
        var container = request.ContainerDefinitions[0];
        container.Image = image;
        container.HealthCheck = healthCheck ? new HealthCheck { Command = ["CMD", "true"], Interval = 10 } : null;
        container.LogConfiguration = new LogConfiguration
        {
            LogDriver = LogDriver.Awslogs,
            Options = new Dictionary<string, string>
            {
                ["awslogs-group"] = LogGroup,
                ["awslogs-region"] = "us-east-1",
                ["awslogs-stream-prefix"] = "pro",
            },
        };
        return request;
    }

    /// <summary>Makes the execution role, which may do what AWS's own policy for it allows, and the log group.</summary>
    public System.Threading.Tasks.Task MakeRoles() =>
        World.Do(() =>
        {
            new Roles(World).Create(
                new Role
                {
                    Account = Account,
                    Name = "execution",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies =
                    {
                        ["policy"] = """
                        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["ecr:*","logs:*"],"Resource":"*"}}
                        """,
                    },
                }
            );
            Logs.PutGroup(Account, "us-east-1", LogGroup);
        });

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

    public ServiceRecord Record(string cluster = Name) =>
        World.Store.Table<ServiceRecord>("ecs/services").Get($"{Account}/us-east-1/{cluster}/{Family}")!;

    public IEnumerable<TaskRecord> Tasks() =>
        World.Store.Table<TaskRecord>("ecs/tasks").WithPrefix(string.Empty).Select(entry => entry.Value);

    public void Publish(string account, string region, string source, string detailType, IReadOnlyList<string> resources, JsonObject detail)
    {
        if (detailType == "ECS Task State Change")
        {
            TaskEvents.Add(detail);
            return;
        }

        ServiceEvents.Add(detail);
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
    }

    public ValueTask DisposeAsync()
    {
        Ecs.Dispose();
        Ecr.Dispose();
        return World.DisposeAsync();
    }
}
