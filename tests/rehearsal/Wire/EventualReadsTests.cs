using System.Net;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2;
using Amazon.ECS;
using Amazon.ECS.Model;
using Amazon.IdentityManagement;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.StepFunctions;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Tests.CodeDeploy;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.Tests.Wire.StaleBySeed;
using KeyType = Amazon.DynamoDBv2.KeyType;
using LoadBalancer = Deployer.Rehearsal.ElasticLoadBalancing.LoadBalancer;
using Subnet = Deployer.Rehearsal.Ec2.Subnet;
using Tag = Amazon.S3.Model.Tag;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>
/// An actor that reads at once what it has written: by seed it sees its own write or what stood before; a minute later it sees its write.
/// </summary>
public sealed class EventualReadsTests
{
    [Fact]
    public Task An_execution_that_was_started_is_not_described_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
                var started = await states.StartExecutionAsync(new() { StateMachineArn = MachineArn, Input = "{}" });
                return async () =>
                {
                    try
                    {
                        await states.DescribeExecutionAsync(new() { ExecutionArn = started.ExecutionArn });
                        return true;
                    }
                    catch (Amazon.StepFunctions.Model.ExecutionDoesNotExistException)
                    {
                        return false;
                    }
                };
            },
            prepare: CreateMachine
        );

    [Fact]
    public Task An_execution_that_was_started_is_not_listed_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
                await states.StartExecutionAsync(new() { StateMachineArn = MachineArn, Input = "{}" });
                return async () => (await states.ListExecutionsAsync(new() { StateMachineArn = MachineArn })).Executions.Count == 1;
            },
            prepare: CreateMachine
        );

    [Fact]
    public Task A_stack_is_described_as_before_its_change_set_was_executed() =>
        IsStaleBySeed(
            async actor =>
            {
                var stacks = actor.Client(new AmazonCloudFormationConfig(), (keys, config) => new AmazonCloudFormationClient(keys, config));
                await stacks.ExecuteChangeSetAsync(new() { StackName = "stack", ChangeSetName = "change" });
                return async () =>
                    (await stacks.DescribeStacksAsync(new() { StackName = "stack" })).Stacks[0].StackStatus != StackStatus.CREATE_COMPLETE;
            },
            prepare: async administrator =>
            {
                var stacks = administrator.Client(
                    new AmazonCloudFormationConfig(),
                    (keys, config) => new AmazonCloudFormationClient(keys, config)
                );
                await stacks.CreateStackAsync(new() { StackName = "stack", TemplateBody = Parameter("one") });
                await administrator.Until(async () =>
                    (await stacks.DescribeStacksAsync(new() { StackName = "stack" })).Stacks[0].StackStatus == StackStatus.CREATE_COMPLETE
                );
                await stacks.CreateChangeSetAsync(
                    new()
                    {
                        StackName = "stack",
                        ChangeSetName = "change",
                        TemplateBody = Parameter("two"),
                    }
                );
                await administrator.Until(async () =>
                    (await stacks.DescribeChangeSetAsync(new() { StackName = "stack", ChangeSetName = "change" })).Status
                    == ChangeSetStatus.CREATE_COMPLETE
                );
            }
        );

    [Fact]
    public Task A_stack_is_listed_as_before_it_was_created() =>
        IsStaleBySeed(async actor =>
        {
            var stacks = actor.Client(new AmazonCloudFormationConfig(), (keys, config) => new AmazonCloudFormationClient(keys, config));
            await stacks.CreateStackAsync(new() { StackName = "stack", TemplateBody = Parameter("one") });
            return async () => (await stacks.ListStacksAsync(new())).StackSummaries.Count == 1;
        });

    [Fact]
    public Task A_state_machine_that_was_updated_is_described_as_before() =>
        IsStaleBySeed(
            async actor =>
            {
                var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
                var changed = Waiting.Replace("100000", "5", StringComparison.Ordinal);
                await states.UpdateStateMachineAsync(new() { StateMachineArn = MachineArn, Definition = changed });
                return async () => (await states.DescribeStateMachineAsync(new() { StateMachineArn = MachineArn })).Definition == changed;
            },
            prepare: CreateMachine
        );

    [Fact]
    public Task A_state_machine_that_was_made_is_not_listed_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
                await states.CreateStateMachineAsync(
                    new()
                    {
                        Name = "another",
                        RoleArn = MachineRole,
                        Definition = Waiting,
                    }
                );
                return async () => (await states.ListStateMachinesAsync(new())).StateMachines.Exists(machine => machine.Name == "another");
            },
            prepare: CreateMachine
        );

    [Fact]
    public Task An_ECS_service_is_described_as_before_it_was_updated() =>
        IsStaleBySeed(
            async actor =>
            {
                var ecs = actor.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
                await ecs.UpdateServiceAsync(
                    new()
                    {
                        Cluster = "cluster",
                        Service = "web",
                        TaskDefinition = "web:2",
                    }
                );
                return async () =>
                    (await ecs.DescribeServicesAsync(new() { Cluster = "cluster", Services = ["web"] }))
                        .Services[0]
                        .TaskDefinition.EndsWith(":2", StringComparison.Ordinal);
            },
            prepare: PrepareContainers
        );

    [Fact]
    public Task A_task_definition_that_was_registered_is_not_described_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var ecs = actor.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
                await ecs.RegisterTaskDefinitionAsync(Definition());
                return async () => (await ecs.DescribeTaskDefinitionAsync(new() { TaskDefinition = "web" })).TaskDefinition.Revision == 3;
            },
            prepare: PrepareContainers
        );

    [Fact]
    public Task A_task_is_described_as_before_it_was_stopped() =>
        IsStaleBySeed(
            async actor =>
            {
                var ecs = actor.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
                var task = await actor.World.Do(() => RunningTask(actor.World));
                await ecs.StopTaskAsync(new() { Cluster = "cluster", Task = task });
                return async () =>
                    (await ecs.DescribeTasksAsync(new() { Cluster = "cluster", Tasks = [task] })).Tasks[0].DesiredStatus == "STOPPED";
            },
            prepare: PrepareContainers
        );

    [Fact]
    public Task A_task_is_listed_as_before_it_was_stopped() =>
        IsStaleBySeed(
            async actor =>
            {
                var ecs = actor.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
                var task = await actor.World.Do(() => RunningTask(actor.World));
                await ecs.StopTaskAsync(new() { Cluster = "cluster", Task = task });
                return async () =>
                    ((await ecs.ListTasksAsync(new() { Cluster = "cluster" })).TaskArns ?? []).TrueForAll(listed =>
                        !listed.EndsWith(task, StringComparison.Ordinal)
                    );
            },
            prepare: PrepareContainers
        );

    [Fact]
    public Task An_endpoint_that_was_made_is_not_described_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var ec2 = actor.Client(new AmazonEC2Config(), (keys, config) => new AmazonEC2Client(keys, config));
                var offered = await ec2.CreateVpcEndpointServiceConfigurationAsync(
                    new() { NetworkLoadBalancerArns = ["nlb-arn"], AcceptanceRequired = false }
                );
                var made = await ec2.CreateVpcEndpointAsync(
                    new()
                    {
                        VpcEndpointType = VpcEndpointType.Interface,
                        VpcId = "vpc-1",
                        ServiceName = offered.ServiceConfiguration.ServiceName,
                        SubnetIds = ["subnet-a"],
                        PrivateDnsEnabled = false,
                    }
                );
                return async () =>
                {
                    try
                    {
                        return (await ec2.DescribeVpcEndpointsAsync(new() { VpcEndpointIds = [made.VpcEndpoint.VpcEndpointId] }))
                                .VpcEndpoints
                                .Count == 1;
                    }
                    catch (AmazonEC2Exception missing) when (missing.ErrorCode == "InvalidVpcEndpointId.NotFound")
                    {
                        return false;
                    }
                };
            },
            prepare: administrator =>
                administrator.World.Do(() =>
                {
                    var subnet = new Subnet("subnet-a", "vpc-1", "10.0.0.0/20", "us-east-1a", new Dictionary<string, string>());
                    new Networks(administrator.World).Put(Account, "us-east-1", subnet);
                    new LoadBalancers(administrator.World).Put(
                        Account,
                        "us-east-1",
                        new LoadBalancer("nlb", "nlb-arn", "network", "nlb.example.com", "vpc-1", ["us-east-1a"])
                    );
                })
        );

    [Fact]
    public Task A_role_that_was_just_made_cannot_be_assumed_yet() =>
        IsStaleBySeed(async actor =>
        {
            var sts = actor.Client(
                new AmazonSecurityTokenServiceConfig(),
                (keys, config) => new AmazonSecurityTokenServiceClient(keys, config)
            );
            await actor.World.Do(() =>
                new Roles(actor.World).Create(
                    new Role
                    {
                        Account = Account,
                        Name = "new",
                        TrustPolicy = $$$"""
                        {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                        "Principal":{"AWS":"arn:aws:iam::{{{Account}}}:root"},"Action":"sts:AssumeRole"}}
                        """,
                    }
                )
            );
            return async () =>
            {
                try
                {
                    await sts.AssumeRoleAsync(new() { RoleArn = $"arn:aws:iam::{Account}:role/new", RoleSessionName = "test" });
                    return true;
                }
                catch (AmazonSecurityTokenServiceException refused) when (refused.StatusCode == HttpStatusCode.Forbidden)
                {
                    return false;
                }
            };
        });

    [Fact]
    public Task A_state_machine_of_an_execution_that_was_started_is_not_described_yet() =>
        IsStaleBySeed(
            async actor =>
            {
                var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
                var started = await states.StartExecutionAsync(new() { StateMachineArn = MachineArn, Input = "{}" });
                return () => Finds(() => states.DescribeStateMachineForExecutionAsync(new() { ExecutionArn = started.ExecutionArn }));
            },
            prepare: CreateMachine
        );

    [Theory]
    [InlineData("DescribeActivity")]
    [InlineData("ListActivities")]
    public Task An_activity_that_was_made_is_not_seen_yet(string operation) =>
        IsStaleBySeed(async actor =>
        {
            var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
            var made = await states.CreateActivityAsync(new() { Name = "activity" });
            return operation == "ListActivities"
                ? async () => (await states.ListActivitiesAsync(new())).Activities is { Count: 1 }
                : () => Finds(() => states.DescribeActivityAsync(new() { ActivityArn = made.ActivityArn }));
        });

    [Fact]
    public Task A_table_that_was_made_is_not_described_yet() =>
        IsStaleBySeed(async actor =>
        {
            var tables = actor.Client(new AmazonDynamoDBConfig(), (keys, config) => new AmazonDynamoDBClient(keys, config));
            await tables.CreateTableAsync(NewTable());
            return () => Finds(() => tables.DescribeTableAsync("table"));
        });

    [Fact]
    public Task A_cluster_that_was_made_is_not_described_yet() =>
        IsStaleBySeed(async actor =>
        {
            var ecs = actor.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
            await ecs.CreateClusterAsync(new() { ClusterName = "cluster" });
            return async () => (await ecs.DescribeClustersAsync(new() { Clusters = ["cluster"] })).Clusters is { Count: 1 };
        });

    [Theory]
    [InlineData("DescribeInstances")]
    [InlineData("DescribeSubnets")]
    public Task A_network_is_described_as_before(string operation) =>
        IsStaleBySeed(async actor =>
        {
            var ec2 = actor.Client(new AmazonEC2Config(), (keys, config) => new AmazonEC2Client(keys, config));
            await actor.World.Do(() =>
            {
                var networks = new Networks(actor.World);
                networks.Put(
                    Account,
                    "us-east-1",
                    new Subnet("subnet-a", "vpc-1", "10.0.0.0/20", "us-east-1a", new Dictionary<string, string>())
                );
                new Instances(actor.World).Launch(
                    Account,
                    "us-east-1",
                    new LaunchSettings("lt-1", "1", "ami-1", "t3.small"),
                    "subnet-a",
                    new Dictionary<string, string>()
                );
            });
            return operation == "DescribeSubnets"
                ? async () => (await ec2.DescribeSubnetsAsync(new())).Subnets is { Count: 1 }
                : async () => (await ec2.DescribeInstancesAsync(new())).Reservations is { Count: 1 };
        });

    [Theory]
    [InlineData("GetPolicy")]
    [InlineData("GetPolicyVersion")]
    [InlineData("GetRole")]
    [InlineData("GetRolePolicy")]
    [InlineData("ListAttachedRolePolicies")]
    [InlineData("ListRolePolicies")]
    [InlineData("SimulatePrincipalPolicy")]
    public Task A_role_and_its_policies_that_were_made_are_not_seen_yet(string operation) =>
        IsStaleBySeed(async actor =>
        {
            const string Document = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}""";
            var iam = actor.Client(
                new AmazonIdentityManagementServiceConfig(),
                (keys, config) => new AmazonIdentityManagementServiceClient(keys, config)
            );
            var managed = $"arn:aws:iam::{Account}:policy/managed";
            await actor.World.Do(() =>
            {
                var roles = new Roles(actor.World);
                var role = NewRole("new");
                roles.CreatePolicy(Account, "managed", Document);
                role.ManagedPolicies.Add(managed);
                roles.Create(role);
                roles.PutInlinePolicy(Account, "new", "inline", Document);
            });
            return operation switch
            {
                "GetPolicy" => () => Finds(() => iam.GetPolicyAsync(new() { PolicyArn = managed })),
                "GetPolicyVersion" => () => Finds(() => iam.GetPolicyVersionAsync(new() { PolicyArn = managed, VersionId = "v1" })),
                "GetRole" => () => Finds(() => iam.GetRoleAsync(new() { RoleName = "new" })),
                "GetRolePolicy" => () => Finds(() => iam.GetRolePolicyAsync(new() { RoleName = "new", PolicyName = "inline" })),
                "ListRolePolicies" => () => Finds(() => iam.ListRolePoliciesAsync(new() { RoleName = "new" })),
                "ListAttachedRolePolicies" => () => Finds(() => iam.ListAttachedRolePoliciesAsync(new() { RoleName = "new" })),
                _ => () =>
                    Finds(() =>
                        iam.SimulatePrincipalPolicyAsync(
                            new() { PolicySourceArn = $"arn:aws:iam::{Account}:role/new", ActionNames = ["ssm:GetParameter"] }
                        )
                    ),
            };
        });

    /// <summary>
    /// What docs/how-it-works.md says of the reads that the functions make and of those of the doctor: what AWS calls eventually consistent
    /// there is behind here.
    /// </summary>
    [Fact]
    public void Every_read_that_the_documents_call_eventually_consistent_is_behind()
    {
        var named = File.ReadLines(Path.Combine(Repository.Root, "docs", "how-it-works.md"))
            .SkipWhile(line => line != "## Reads that may be late")
            .TakeWhile(line => !line.StartsWith("## Folders", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells.Length > 1 && cells[1].Contains("eventually consistent", StringComparison.Ordinal))
            .SelectMany(cells => Regex.Matches(cells[0], "`((Describe|Get|List)[A-Za-z]+)`"))
            .Select(match => match.Groups[1].Value)
            .ToList();

        named.Count.ShouldBeGreaterThan(8);
        named.Except(EventualReads.Operations.Select(read => read.Split(':')[1])).ShouldBeEmpty();
    }

    /// <summary>Whatever the seed draws: what a schedule asks for.</summary>
    [Fact]
    public async Task A_read_that_is_asked_to_be_stale_is_until_that_ends()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            await using var world = new RehearsalWorld(new RehearsalOptions { Seed = seed });
            await using var services = await world.Do(() => SimulatedServices.Start(world));
            await CreateMachine(TestActor.Administrator(world, Account));
            var actor = await TestActor.Begin(world, Account, AllowAll);
            var states = actor.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
            var asked = await world.Do(() => StaleReads.In(world).Ask("states:ListExecutions", world.Now));
            await actor.Act(async () =>
            {
                await states.StartExecutionAsync(new() { StateMachineArn = MachineArn, Input = "{}" });
                (await states.ListExecutionsAsync(new() { StateMachineArn = MachineArn })).Executions.ShouldBeEmpty();
                (await states.ListExecutionsAsync(new() { StateMachineArn = MachineArn })).Executions.ShouldBeEmpty();
            });
            asked.Count.ShouldBe(2);
            await world.Do(() => StaleReads.In(world).End(asked));
            await actor.Until(async () =>
            {
                var listed = 0;
                await actor.Act(async () =>
                    listed = (await states.ListExecutionsAsync(new() { StateMachineArn = MachineArn })).Executions.Count
                );
                return listed == 1;
            });
            asked.Count.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData("GetItem", false)]
    [InlineData("GetItem", true)]
    [InlineData("Query", false)]
    [InlineData("Query", true)]
    [InlineData("Scan", false)]
    [InlineData("Scan", true)]
    [InlineData("BatchGetItem", false)]
    [InlineData("BatchGetItem", true)]
    public async Task An_item_is_read_as_before_unless_consistency_is_asked_for(string operation, bool consistent)
    {
        var stale = await Stale(
            async actor =>
            {
                var table = actor.Client(new AmazonDynamoDBConfig(), (keys, config) => new AmazonDynamoDBClient(keys, config));
                Dictionary<string, AttributeValue> key = new() { ["pk"] = new("a") };
                await table.PutItemAsync("table", key);
                return operation switch
                {
                    "GetItem" => async () => (await table.GetItemAsync("table", key, consistent)).Item is { Count: > 0 },
                    "Query" => async () =>
                        (
                            await table.QueryAsync(
                                new()
                                {
                                    TableName = "table",
                                    KeyConditionExpression = "pk = :pk",
                                    ExpressionAttributeValues = new() { [":pk"] = new("a") },
                                    ConsistentRead = consistent,
                                }
                            )
                        ).Items
                            is { Count: 1 },
                    "BatchGetItem" => async () =>
                        (
                            await table.BatchGetItemAsync(
                                new BatchGetItemRequest
                                {
                                    RequestItems = new()
                                    {
                                        ["table"] = new() { Keys = [key], ConsistentRead = consistent },
                                    },
                                }
                            )
                        ).Responses["table"]
                            is { Count: 1 },
                    _ => async () =>
                        (await table.ScanAsync(new ScanRequest { TableName = "table", ConsistentRead = consistent })).Items is { Count: 1 },
                };
            },
            prepare: async administrator =>
            {
                var table = administrator.Client(new AmazonDynamoDBConfig(), (keys, config) => new AmazonDynamoDBClient(keys, config));
                await table.CreateTableAsync(NewTable());
                await administrator.Until(async () => (await table.DescribeTableAsync("table")).Table.TableStatus == TableStatus.ACTIVE);
            }
        );

        stale.Any(seed => seed).ShouldBe(!consistent);
    }

    [Fact]
    public async Task A_deployment_is_not_listed_yet()
    {
        var stale = new List<bool>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            await using var fleet = await Fleet.Start(
                options: new RehearsalOptions { Seed = seed },
                prepare: fleet => fleet.World.Api.Register(new CodeDeployService(fleet.Groups, fleet.Deployments))
            );
            await using var aws = TestAws.Over(fleet.World);
            var actor = await TestActor.Begin(fleet.World, Fleet.Account, AllowAll);
            stale.Add(
                await actor.Run(async () =>
                {
                    var client = actor.Client(new AmazonCodeDeployConfig(), (keys, config) => new AmazonCodeDeployClient(keys, config));
                    await client.CreateDeploymentAsync(
                        new CreateDeploymentRequest
                        {
                            ApplicationName = Fleet.Application,
                            DeploymentGroupName = Fleet.Group,
                            Revision = Fleet.Revision("one").Location(),
                        }
                    );
                    return async () => (await client.ListDeploymentsAsync(new ListDeploymentsRequest())).Deployments.Count > 0;
                })
            );
        }

        stale.Count(seed => seed).ShouldBeInRange(1, Seeds - 1);
    }

    [Fact]
    public async Task Who_is_outside_of_time_reads_what_stands()
    {
        await using var aws = await TestAws.StartAll();
        using var s3 = new AmazonS3Client(TestAws.Root(Account), aws.Configure(new AmazonS3Config { ForcePathStyle = true }));
        using var tagging = new AmazonResourceGroupsTaggingAPIClient(
            TestAws.Root(Account),
            aws.Configure(new AmazonResourceGroupsTaggingAPIConfig())
        );
        for (var i = 0; i < 20; i++)
        {
            await s3.PutBucketAsync($"bucket{i}");
            await s3.PutBucketTaggingAsync(new() { BucketName = $"bucket{i}", TagSet = [new Tag { Key = "n", Value = "1" }] });
            (await tagging.GetResourcesAsync(new GetResourcesRequest())).ResourceTagMappingList.Count.ShouldBe(i + 1);
        }
    }

    private static async Task<bool> Finds(Func<Task> read)
    {
        try
        {
            await read();
            return true;
        }
        catch (AmazonServiceException missing) when (missing.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    private static CreateTableRequest NewTable() =>
        new()
        {
            TableName = "table",
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new AttributeDefinition("pk", ScalarAttributeType.S)],
            KeySchema = [new KeySchemaElement("pk", KeyType.HASH)],
        };

    private static string Parameter(string value) =>
        $$$"""
            {"Resources":{"Parameter":{"Type":"AWS::SSM::Parameter",
            "Properties":{"Name":"/a","Type":"String","Value":"{{{value}}}"} } } }
            """;

    private static RegisterTaskDefinitionRequest Definition() =>
        new()
        {
            Family = "web",
            NetworkMode = NetworkMode.Awsvpc,
            RequiresCompatibilities = [Compatibility.FARGATE],
            Cpu = "512",
            Memory = "1024",
            ContainerDefinitions = [new ContainerDefinition { Name = "web", Image = "image:1" }],
        };

    /// <summary>A service that runs the first of two revisions.</summary>
    private static async Task PrepareContainers(TestActor administrator)
    {
        await administrator.World.Do(() =>
            new Networks(administrator.World).Put(
                Account,
                "us-east-1",
                new Subnet("subnet-a", "vpc-1", "10.0.0.0/20", "us-east-1a", new Dictionary<string, string>())
            )
        );
        var ecs = administrator.Client(new AmazonECSConfig(), (keys, config) => new AmazonECSClient(keys, config));
        await ecs.CreateClusterAsync(new() { ClusterName = "cluster" });
        await ecs.RegisterTaskDefinitionAsync(Definition());
        await ecs.RegisterTaskDefinitionAsync(Definition());
        await ecs.CreateServiceAsync(
            new()
            {
                Cluster = "cluster",
                ServiceName = "web",
                TaskDefinition = "web:1",
                DesiredCount = 1,
                LaunchType = LaunchType.FARGATE,
                NetworkConfiguration = new() { AwsvpcConfiguration = new() { Subnets = ["subnet-a"] } },
            }
        );
        await administrator.Until(async () =>
            (await ecs.DescribeServicesAsync(new() { Cluster = "cluster", Services = ["web"] })).Services[0].Deployments[0].RolloutState
            == DeploymentRolloutState.COMPLETED
        );
    }

    private static string RunningTask(RehearsalWorld world) =>
        world.Store.Table<TaskRecord>("ecs/tasks").WithPrefix(string.Empty).Single(task => task.Value.Wanted).Value.Id;
}
