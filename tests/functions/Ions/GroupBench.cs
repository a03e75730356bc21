using System.Text.Json;
using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using AutoScalingGroup = Amazon.AutoScaling.Model.AutoScalingGroup;

namespace Deployer.Functions.Tests.Ions;

/// <summary>A query group with ions, its Auto Scaling group, and the work that turns it on and off.</summary>
internal sealed class GroupBench : IAsyncDisposable
{
    public const string Stack = "inventory-dev";
    public const string ScalingGroup = "inventory-dev-TxAutoScalingGroup-1";
    public const string Revision = "0123456789abcdef0123456789abcdef01234567";

    private readonly IAmazonCloudFormation _cloudFormation = Substitute.For<IAmazonCloudFormation>();
    private readonly IAmazonAutoScaling _autoScaling = Substitute.For<IAmazonAutoScaling>();
    private readonly IAmazonCodeDeploy _codeDeploy = Substitute.For<IAmazonCodeDeploy>();
    private readonly CapacityWork _work;
    private readonly Desk _desk;
    private readonly EnteredTask _task;

    private GroupBench(Desk desk)
    {
        (_desk, _work) = (desk, new CapacityWork(desk.Ledger));
        _task = new EnteredTask(desk, "group", "capacity", "stack");
        _cloudFormation
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeStacksResponse
            {
                Stacks = StackStatus is null
                    ? []
                    :
                    [
                        new Amazon.CloudFormation.Model.Stack
                        {
                            StackName = Stack,
                            StackId = "stack-id",
                            StackStatus = StackStatus,
                        },
                    ],
            });
        _cloudFormation
            .ListStackResourcesAsync(Arg.Any<ListStackResourcesRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new ListStackResourcesResponse
            {
                StackResourceSummaries =
                [
                    new StackResourceSummary
                    {
                        LogicalResourceId = "Role",
                        ResourceType = "AWS::IAM::Role",
                        PhysicalResourceId = "role",
                        ResourceStatus = ResourceStatus.CREATE_COMPLETE,
                    },
                    .. ScalingGroups.Select(name => new StackResourceSummary
                    {
                        LogicalResourceId = "TxAutoScalingGroup",
                        ResourceType = "AWS::AutoScaling::AutoScalingGroup",
                        PhysicalResourceId = name,
                        ResourceStatus = ResourceStatus.UPDATE_COMPLETE,
                    }),
                ],
            });
        _autoScaling
            .DescribeAutoScalingGroupsAsync(Arg.Any<DescribeAutoScalingGroupsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeAutoScalingGroupsResponse
            {
                AutoScalingGroups =
                [
                    new AutoScalingGroup
                    {
                        AutoScalingGroupName = ScalingGroup,
                        MinSize = Capacity.Min,
                        DesiredCapacity = Capacity.Desired,
                        MaxSize = Capacity.Max,
                        Instances = Instances.ConvertAll(instance => new Amazon.AutoScaling.Model.Instance
                        {
                            InstanceId = instance.Id,
                            LifecycleState = instance.State,
                            HealthStatus = instance.Health,
                        }),
                    },
                ],
            });
        _autoScaling
            .UpdateAutoScalingGroupAsync(Arg.Any<UpdateAutoScalingGroupRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                if (Refusal is { } refusal)
                {
                    Refusal = null;
                    throw refusal;
                }

                var update = call.Arg<UpdateAutoScalingGroupRequest>();
                Capacity = new GroupCapacity(
                    update.MinSize ?? Capacity.Min,
                    update.DesiredCapacity ?? Capacity.Desired,
                    update.MaxSize ?? Capacity.Max
                );
                Updates.Add($"{update.AutoScalingGroupName} {Capacity.Min} {Capacity.Desired} {Capacity.Max}");
                return new UpdateAutoScalingGroupResponse();
            });
        _codeDeploy
            .GetDeploymentGroupAsync(Arg.Any<GetDeploymentGroupRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetDeploymentGroupResponse
                {
                    DeploymentGroupInfo = new DeploymentGroupInfo
                    {
                        AutoScalingGroups = [new Amazon.CodeDeploy.Model.AutoScalingGroup { Name = ScalingGroup }],
                    },
                }
            );
        _codeDeploy
            .ListDeploymentsAsync(Arg.Any<ListDeploymentsRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListDeploymentsResponse { Deployments = ["d-1"] });
        _codeDeploy
            .BatchGetDeploymentsAsync(Arg.Any<BatchGetDeploymentsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new BatchGetDeploymentsResponse
            {
                DeploymentsInfo =
                [
                    new DeploymentInfo
                    {
                        DeploymentId = "d-1",
                        Revision = new RevisionLocation { S3Location = new Amazon.CodeDeploy.Model.S3Location { Key = $"{Running}.zip" } },
                    },
                ],
            });
        _codeDeploy
            .ListDeploymentTargetsAsync(Arg.Any<ListDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new ListDeploymentTargetsResponse { TargetIds = Instances.ConvertAll(instance => instance.Id) });
        _codeDeploy
            .BatchGetDeploymentTargetsAsync(Arg.Any<BatchGetDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new BatchGetDeploymentTargetsResponse
            {
                DeploymentTargets = Instances.ConvertAll(instance => new DeploymentTarget
                {
                    InstanceTarget = new InstanceTarget { TargetId = instance.Id, Status = TargetStatus.Succeeded },
                }),
            });
        Launch("i-1", "i-2");
    }

    /// <summary>How the group's stack stands; <see langword="null"/> for no stack.</summary>
    public StackStatus? StackStatus { get; set; } = StackStatus.UPDATE_COMPLETE;

    /// <summary>The Auto Scaling groups of the stack.</summary>
    public IReadOnlyList<string> ScalingGroups { get; set; } = [ScalingGroup];

    public GroupCapacity Capacity { get; set; } = new(1, 2, 3);

    public List<(string Id, string State, string Health)> Instances { get; private set; } = [];

    /// <summary>What every instance runs.</summary>
    public string Running { get; set; } = Revision;

    /// <summary>What the next change of the Auto Scaling group is refused with.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Each change of the Auto Scaling group: its name, minimum, desired capacity and maximum.</summary>
    public List<string> Updates { get; } = [];

    /// <summary>The record of the task as the next entry finds it.</summary>
    public TaskRecord Record => _task.Record;

    public static async Task<GroupBench> Open() => new(await Desk.Open());

    /// <summary>All instances are these, and serve.</summary>
    public void Launch(params string[] ids) => Instances = [.. ids.Select(id => (id, "InService", "Healthy"))];

    /// <summary>Another deployment turns the group on or off.</summary>
    public Task<Outcome> Begin(string deployment, CapacityChange change)
    {
        _task.Begin(deployment);
        return Advance(change);
    }

    /// <summary>The task enters once more.</summary>
    public async Task<Outcome> Advance(CapacityChange change)
    {
        var folder = IonFolder.With(
            $$"""

              group:
                stack: "{{Stack}}"
                kind: datomic-query-group
                template: "https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json"
              ions: { ions: ions, group: "${steps.group.outputs.CodeDeployDeploymentGroup}" }
            """
        );
        var released = new Dictionary<string, ReleasedStep>
        {
            ["group"] = new()
            {
                Deployment = new("zero"),
                Inputs = "inputs",
                Resource = "stack-id",
                Outputs = new Dictionary<string, string> { ["CodeDeployDeploymentGroup"] = Stack },
            },
            ["ions"] = new()
            {
                Deployment = new("zero"),
                Inputs = "inputs",
                Resource = Revision,
                Facts = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["name"] = Revision }),
            },
        };
        return await _task.Enter(folder, Account(), _work.Advance, released, change);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private TargetAccount Account() => StubbedAccount.With(_cloudFormation, codeDeploy: _codeDeploy, autoScaling: _autoScaling);
}
