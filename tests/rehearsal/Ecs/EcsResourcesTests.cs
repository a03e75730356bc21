using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Tests.SecondServer;
using Deployer.Rehearsal.World;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>Stacks with a service on Fargate.</summary>
public sealed class EcsResourcesTests : IAsyncDisposable
{
    private const string Name = "containers";

    private const string Template = """
        Parameters: { Image: { Type: String } }
        Resources:
          Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
          Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a } }
          Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterName: pro } }
          Definition:
            Type: AWS::ECS::TaskDefinition
            Properties:
              Family: transactor
              NetworkMode: awsvpc
              RequiresCompatibilities: [FARGATE]
              Cpu: "512"
              Memory: "1024"
              ContainerDefinitions: [ { Name: transactor, Image: !Ref Image, Essential: true, StopTimeout: 30, Environment: [ { Name: A,
                Value: b } ] } ]
          Service:
            Type: AWS::ECS::Service
            Properties:
              ServiceName: transactor
              Cluster: !Ref Cluster
              TaskDefinition: !Ref Definition
              DesiredCount: 2
              LaunchType: FARGATE
              DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: { Enable: true,
                Rollback: true } }
              NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ !Ref Subnet ] } }
        Outputs:
          Service: { Value: !GetAtt Service.Name }
          Definition: { Value: !Ref Definition }
          Cluster: { Value: !GetAtt Cluster.Arn }
        """;

    private readonly List<IDisposable> _clients = [];
    private AwsRehearsal _rehearsal = null!;
    private AmazonCloudFormationClient _stacks = null!;
    private AmazonECSClient _ecs = null!;

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _rehearsal.DisposeAsync();
    }

    [Fact]
    public async Task A_stack_makes_a_service_rolls_it_and_takes_it_away()
    {
        await Start();

        var created = await Create();
        var first = await Service();
        await Update("image:2");
        var updated = await Settled("UPDATE_COMPLETE");
        var second = await Service();
        var before = (await _ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:1" }))
            .TaskDefinition
            .Status;
        await _stacks.DeleteStackAsync(new DeleteStackRequest { StackName = Name });
        await ServerSteps.Until(
            () => _stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = created.StackId }),
            answer => answer.Stacks[0].StackStatus == StackStatus.DELETE_COMPLETE
        );

        Outputs(created)
            .ShouldBe([
                $"Cluster=arn:aws:ecs:us-east-1:{ServerSteps.Account}:cluster/pro",
                $"Definition=arn:aws:ecs:us-east-1:{ServerSteps.Account}:task-definition/transactor:1",
                "Service=transactor",
            ]);
        Shown(first).ShouldBe("2 of 2 transactor:1 COMPLETED");
        Outputs(updated)[1].ShouldEndWith("transactor:2");
        Shown(second).ShouldBe("2 of 2 transactor:2 COMPLETED");
        before.ShouldBe(TaskDefinitionStatus.INACTIVE);
        (await _ecs.DescribeClustersAsync(new DescribeClustersRequest { Clusters = ["pro"] }))
            .Failures.ShouldHaveSingleItem()
            .Reason.ShouldBe("MISSING");
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/userguide/deployment-type-external.html</summary>
    [Fact]
    public async Task A_stack_makes_changes_and_takes_away_a_service_of_an_external_controller()
    {
        await Start();
        string Template(int desired) =>
            $$"""
                Resources:
                  Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterName: pro } }
                  Service:
                    Type: AWS::ECS::Service
                    Properties:
                      ServiceName: transactor
                      Cluster: !Ref Cluster
                      DesiredCount: {{desired}}
                      DeploymentController: { Type: EXTERNAL }
                """;

        await _stacks.CreateStackAsync(new CreateStackRequest { StackName = Name, TemplateBody = Template(1) });
        var created = await Settled("CREATE_COMPLETE");
        await _stacks.UpdateStackAsync(new UpdateStackRequest { StackName = Name, TemplateBody = Template(2) });
        await Settled("UPDATE_COMPLETE");
        var service = await Service();
        await _stacks.DeleteStackAsync(new DeleteStackRequest { StackName = Name });
        await ServerSteps.Until(
            () => _stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = created.StackId }),
            answer => answer.Stacks[0].StackStatus == StackStatus.DELETE_COMPLETE
        );

        (service.DesiredCount, service.RunningCount, service.TaskDefinition).ShouldBe((2, 0, null));
        service.DeploymentController.Type.ShouldBe(DeploymentControllerType.EXTERNAL);
    }

    [Fact]
    public async Task A_tripped_circuit_breaker_rolls_the_stack_back()
    {
        await Start("tasks-do-not-start");
        var created = await Create();

        await Update("image:2");
        await Settled("UPDATE_ROLLBACK_COMPLETE");

        var events = (await _stacks.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = created.StackId })).StackEvents;
        events
            .Single(happened => happened.ResourceStatus == ResourceStatus.UPDATE_FAILED)
            .ResourceStatusReason.ShouldContain("ECS Deployment Circuit Breaker was triggered");
        Shown(await Service()).ShouldBe("2 of 2 transactor:1 COMPLETED");
        (
            await _ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:1" })
        ).TaskDefinition.Status.ShouldBe(TaskDefinitionStatus.ACTIVE);
    }

    private async Task Start(params string[] faults)
    {
        _rehearsal = await AwsRehearsal.Open(
            new RehearsalOptions { Faults = new Faults(faults.Select(Faults.Parse)) },
            (_, gateway) =>
                Task.FromResult<ILambdaHost>(
                    new InProcessHost((_, _, _, _, _, _) => throw new InvalidOperationException("no function is invoked"), gateway)
                )
        );
        _ = _rehearsal.World.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);
        var steps = new ServerSteps(_rehearsal.Address, _rehearsal.World.Options.Secret.Administrator);
        _clients.Add(_stacks = new AmazonCloudFormationClient(steps.Credentials, steps.Configure(new AmazonCloudFormationConfig())));
        _clients.Add(_ecs = new AmazonECSClient(steps.Credentials, steps.Configure(new AmazonECSConfig())));
    }

    private async Task<Stack> Create()
    {
        await _stacks.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = Name,
                TemplateBody = Template,
                Parameters = [Image("image:1")],
            }
        );
        return await Settled("CREATE_COMPLETE");
    }

    private Task Update(string image) =>
        _stacks.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = Name,
                UsePreviousTemplate = true,
                Parameters = [Image(image)],
            }
        );

    private async Task<Stack> Settled(string status)
    {
        var describe = new DescribeStacksRequest { StackName = Name };
        await ServerSteps.Until(() => _stacks.DescribeStacksAsync(describe), answer => answer.Stacks[0].StackStatus == status);
        return (await _stacks.DescribeStacksAsync(describe)).Stacks[0];
    }

    private async Task<Service> Service() =>
        (
            await _ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = "pro", Services = ["transactor"] })
        ).Services.ShouldHaveSingleItem();

    private static Amazon.CloudFormation.Model.Parameter Image(string image) => new() { ParameterKey = "Image", ParameterValue = image };

    private static List<string> Outputs(Stack stack) =>
        [.. stack.Outputs.Select(output => $"{output.OutputKey}={output.OutputValue}").Order(StringComparer.Ordinal)];

    private static string Shown(Service service) =>
        $"{service.RunningCount} of {service.DesiredCount} {service.TaskDefinition[(service.TaskDefinition.LastIndexOf('/') + 1)..]} "
        + $"{service.Deployments.ShouldHaveSingleItem().RolloutState}";
}
