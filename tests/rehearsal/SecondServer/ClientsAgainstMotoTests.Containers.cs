using Amazon.ECS;
using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Tests.SecondServer;

/// <summary>ECS's clusters, task definitions and services on Fargate.</summary>
public sealed partial class ClientsAgainstMotoTests
{
    [Fact]
    public System.Threading.Tasks.Task Clusters_task_definitions_and_services() =>
        Compare(async steps =>
        {
            using var ecs = new AmazonECSClient(steps.Credentials, steps.Configure(new AmazonECSConfig()));
            var subnet = (await Network(steps))["Subnet"];
            await steps.Note(
                "cluster",
                () => ecs.CreateClusterAsync(new CreateClusterRequest { ClusterName = "pro" }),
                answer => $"{answer.Cluster.ClusterArn} {answer.Cluster.Status}"
            );
            await steps.Note(
                "clusters",
                () => ecs.DescribeClustersAsync(new DescribeClustersRequest { Clusters = ["pro", "nowhere"] }),
                answer => $"{string.Join(", ", answer.Clusters.Select(Shown))}; {Shown(answer.Failures)}"
            );

            var definition = new RegisterTaskDefinitionRequest
            {
                Family = "transactor",
                NetworkMode = NetworkMode.Awsvpc,
                RequiresCompatibilities = [Compatibility.FARGATE],
                Cpu = "512",
                Memory = "1024",
                ContainerDefinitions =
                [
                    new ContainerDefinition
                    {
                        Name = "transactor",
                        Image = "image:1",
                        PortMappings = [new PortMapping { ContainerPort = 4334 }],
                        StopTimeout = 30,
                    },
                ],
            };
            await steps.Note("definition", () => ecs.RegisterTaskDefinitionAsync(definition), answer => Shown(answer.TaskDefinition));
            await steps.Note(
                "definition again",
                () => ecs.RegisterTaskDefinitionAsync(definition),
                answer => answer.TaskDefinition.TaskDefinitionArn
            );
            await steps.Note(
                "definition of no size",
                () => ecs.RegisterTaskDefinitionAsync(Sized(definition, "512", "8192")),
                _ => "registered"
            );
            await steps.Note(
                "definition by its family",
                () => ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:2" }),
                answer => Shown(answer.TaskDefinition)
            );
            await steps.Note(
                "no definition",
                () => ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:9" }),
                _ => "described"
            );

            var create = new CreateServiceRequest
            {
                Cluster = "pro",
                ServiceName = "transactor",
                TaskDefinition = "transactor:1",
                DesiredCount = 1,
                LaunchType = LaunchType.FARGATE,
                NetworkConfiguration = new NetworkConfiguration
                {
                    AwsvpcConfiguration = new AwsVpcConfiguration { Subnets = [subnet], SecurityGroups = [] },
                },
            };
            await steps.Note("service", () => ecs.CreateServiceAsync(create), answer => Shown(answer.Service));
            await steps.Note(
                "another service of the name",
                () =>
                    ecs.CreateServiceAsync(
                        new CreateServiceRequest
                        {
                            Cluster = "pro",
                            ServiceName = "transactor",
                            TaskDefinition = "transactor:1",
                            DesiredCount = 1,
                            LaunchType = LaunchType.FARGATE,
                            NetworkConfiguration = create.NetworkConfiguration,
                            EnableExecuteCommand = true,
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "service of no cluster",
                () =>
                    ecs.CreateServiceAsync(
                        new CreateServiceRequest
                        {
                            Cluster = "nowhere",
                            ServiceName = "other",
                            TaskDefinition = "transactor:1",
                            DesiredCount = 1,
                            LaunchType = LaunchType.FARGATE,
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "service of no definition",
                () =>
                    ecs.CreateServiceAsync(
                        new CreateServiceRequest
                        {
                            Cluster = "pro",
                            ServiceName = "other",
                            TaskDefinition = "transactor:9",
                            DesiredCount = 1,
                            LaunchType = LaunchType.FARGATE,
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "service without a network",
                () =>
                    ecs.CreateServiceAsync(
                        new CreateServiceRequest
                        {
                            Cluster = "pro",
                            ServiceName = "other",
                            TaskDefinition = "transactor:1",
                            DesiredCount = 1,
                            LaunchType = LaunchType.FARGATE,
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "deployments",
                () => ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = "pro", Services = ["transactor"] }),
                answer => string.Join(", ", answer.Services[0].Deployments.Select(Shown))
            );

            await steps.Note(
                "update",
                () =>
                    ecs.UpdateServiceAsync(
                        new UpdateServiceRequest
                        {
                            Cluster = "pro",
                            Service = "transactor",
                            DesiredCount = 2,
                            TaskDefinition = "transactor:2",
                        }
                    ),
                answer => Shown(answer.Service)
            );
            await steps.Note(
                "deployments of the update",
                () => ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = "pro", Services = ["transactor"] }),
                answer => Shown(answer.Services[0].Deployments[0])
            );
            await steps.Note(
                "update of nothing",
                () =>
                    ecs.UpdateServiceAsync(
                        new UpdateServiceRequest
                        {
                            Cluster = "pro",
                            Service = "nothing",
                            DesiredCount = 2,
                        }
                    ),
                _ => "updated"
            );
            await steps.Note(
                "services",
                () => ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = "pro", Services = ["transactor", "nothing"] }),
                answer => $"{string.Join(", ", answer.Services.Select(Shown))}; {Shown(answer.Failures)}"
            );
            await steps.Note(
                "tasks of the service",
                () => ecs.ListTasksAsync(new ListTasksRequest { Cluster = "pro", ServiceName = "transactor" }),
                answer => answer.TaskArns?.Count > 0
            );
            await steps.Note(
                "tasks of no cluster",
                () => ecs.ListTasksAsync(new ListTasksRequest { Cluster = "nowhere" }),
                answer => answer.TaskArns?.Count ?? 0
            );
            await steps.Note(
                "tasks of no name",
                () => ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = "pro", Tasks = [] }),
                answer => answer.Tasks?.Count ?? 0
            );

            await steps.Note(
                "delete at work",
                () => ecs.DeleteServiceAsync(new DeleteServiceRequest { Cluster = "pro", Service = "transactor" }),
                _ => "deleted"
            );
            await steps.Note(
                "delete",
                () =>
                    ecs.DeleteServiceAsync(
                        new DeleteServiceRequest
                        {
                            Cluster = "pro",
                            Service = "transactor",
                            Force = true,
                        }
                    ),
                answer => answer.Service.ServiceName
            );
            var describe = new DescribeServicesRequest { Cluster = "pro", Services = ["transactor"] };
            await ServerSteps.Until(() => ecs.DescribeServicesAsync(describe), answer => answer.Services[0].Status == "INACTIVE");
            await steps.Note(
                "update after the end",
                () =>
                    ecs.UpdateServiceAsync(
                        new UpdateServiceRequest
                        {
                            Cluster = "pro",
                            Service = "transactor",
                            DesiredCount = 1,
                        }
                    ),
                _ => "updated"
            );
        });

    private static RegisterTaskDefinitionRequest Sized(RegisterTaskDefinitionRequest definition, string cpu, string memory) =>
        new()
        {
            Family = "other",
            NetworkMode = definition.NetworkMode,
            RequiresCompatibilities = definition.RequiresCompatibilities,
            Cpu = cpu,
            Memory = memory,
            ContainerDefinitions = definition.ContainerDefinitions,
        };

    private static string Shown(TaskDefinition definition) =>
        $"{definition.TaskDefinitionArn} {definition.Family} {definition.Revision} {definition.Status} {definition.NetworkMode} "
        + $"{string.Join(", ", definition.Compatibilities)} {string.Join(", ", definition.RequiresCompatibilities)} "
        + $"{definition.Cpu} {definition.Memory} "
        + $"{string.Join(", ", definition.ContainerDefinitions.Select(Shown))}";

    private static string Shown(Cluster cluster) => $"{cluster.ClusterName} {cluster.Status} {cluster.RegisteredContainerInstancesCount}";

    private static string Shown(ContainerDefinition container) =>
        $"{container.Name} {container.Image} {container.Essential} {container.Cpu} {container.StopTimeout} "
        + $"{container.PortMappings[0].ContainerPort}";

    private static string Shown(Service service) =>
        $"{service.ServiceName} {service.Status} {service.DesiredCount} {service.LaunchType} {service.SchedulingStrategy} "
        + $"{service.DeploymentController.Type} {Name(service.ClusterArn)} {Name(service.TaskDefinition)}";

    private static string Shown(Deployment deployment) =>
        $"{deployment.Id[..8]} {deployment.Status} {deployment.DesiredCount} {Name(deployment.TaskDefinition)}";

    private static string Shown(List<Failure> failures) =>
        string.Join(", ", failures.Select(failure => $"{Name(failure.Arn)} {failure.Reason}"));

    private static string Name(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
