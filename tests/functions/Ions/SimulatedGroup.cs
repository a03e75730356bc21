using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ions;
using Deployer.Functions.Tests.Accounts;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using NSubstitute;
using ExecutionStatus = Amazon.StepFunctions.ExecutionStatus;
using ListDeploymentsRequest = Amazon.CodeDeploy.Model.ListDeploymentsRequest;

namespace Deployer.Functions.Tests.Ions;

/// <summary>
/// A compute group of two instances to which <see cref="Wanted"/> was deployed by one execution; a test decides how both of
/// its halves stand and what runs.
/// </summary>
internal sealed class SimulatedGroup
{
    public const string Wanted = "0123456789abcdef0123456789abcdef01234567";
    public const string Former = "fedcba9876543210fedcba9876543210fedcba98";
    public const string Execution = "arn:aws:states:us-east-1:111111111111:execution:datomic-inventory-dev:inventory-dev-" + Wanted + "-1";

    /// <summary>When the revision went live.</summary>
    public static readonly DateTime Live = new(2030, 1, 1, 12, 30, 0, DateTimeKind.Utc);

    private static readonly DateTime Began = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly IonConfig Config = new(
        "inventory",
        new SourcePosition("ion-config.edn", 1, 1),
        [],
        [],
        [new IonLambda("get-item", new SourcePosition("ion-config.edn", 2, 1), "inventory.ions/get-item", "An item", 60, null, false)],
        null
    );

    private readonly IAmazonCodeDeploy _codeDeploy = Substitute.For<IAmazonCodeDeploy>();
    private readonly IAmazonAutoScaling _autoScaling = Substitute.For<IAmazonAutoScaling>();
    private readonly IAmazonStepFunctions _stepFunctions = Substitute.For<IAmazonStepFunctions>();
    private readonly IAmazonLambda _lambda = Substitute.For<IAmazonLambda>();
    private readonly IAmazonCloudFormation _cloudFormation = Substitute.For<IAmazonCloudFormation>();
    private readonly IAmazonCloudWatchLogs _logs = Substitute.For<IAmazonCloudWatchLogs>();
    private readonly IAmazonCloudWatch _cloudWatch = Substitute.For<IAmazonCloudWatch>();

    /// <summary>How the list of executions shows it, where that is older than its description.</summary>
    public ExecutionStatus? Listed { get; set; }

    public SimulatedGroup()
    {
        _stepFunctions
            .DescribeExecutionAsync(Arg.Any<DescribeExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                !IsDescribed
                    ? throw new ExecutionDoesNotExistException("no such execution")
                    : new DescribeExecutionResponse
                    {
                        ExecutionArn = Execution,
                        Name = Execution[(Execution.LastIndexOf(':') + 1)..],
                        Status = Deploy,
                        StartDate = Began,
                        RedriveStatus =
                            Deploy == ExecutionStatus.FAILED ? ExecutionRedriveStatus.REDRIVABLE : ExecutionRedriveStatus.NOT_REDRIVABLE,
                        RedriveCount = Redrives,
                    }
            );
        _stepFunctions
            .ListExecutionsAsync(Arg.Any<ListExecutionsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new ListExecutionsResponse
            {
                Executions =
                    call.Arg<ListExecutionsRequest>().StatusFilter is { } status && status != (Listed ?? Deploy)
                        ? []
                        :
                        [
                            new ExecutionListItem
                            {
                                ExecutionArn = Execution,
                                Name = Execution[(Execution.LastIndexOf(':') + 1)..],
                                Status = Deploy,
                                StartDate = Began,
                            },
                        ],
            });
        _codeDeploy
            .ListDeploymentsAsync(Arg.Any<ListDeploymentsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new ListDeploymentsResponse { Deployments = [.. Deployments.Select(deployment => deployment.DeploymentId)] });
        _codeDeploy
            .BatchGetDeploymentsAsync(Arg.Any<BatchGetDeploymentsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new BatchGetDeploymentsResponse { DeploymentsInfo = [.. Deployments] });
        _codeDeploy
            .GetDeploymentAsync(Arg.Any<GetDeploymentRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new GetDeploymentResponse
            {
                DeploymentInfo = Deployments.Single(deployment => deployment.DeploymentId == call.Arg<GetDeploymentRequest>().DeploymentId),
            });
        _codeDeploy
            .GetDeploymentGroupAsync(Arg.Any<GetDeploymentGroupRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetDeploymentGroupResponse
                {
                    DeploymentGroupInfo = new DeploymentGroupInfo
                    {
                        AutoScalingGroups = [new Amazon.CodeDeploy.Model.AutoScalingGroup { Name = "nodes" }],
                    },
                }
            );
        _codeDeploy
            .ListDeploymentTargetsAsync(Arg.Any<ListDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListDeploymentTargetsResponse { TargetIds = ["i-1", "i-2"] });
        _codeDeploy
            .BatchGetDeploymentTargetsAsync(Arg.Any<BatchGetDeploymentTargetsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new BatchGetDeploymentTargetsResponse
            {
                DeploymentTargets =
                [
                    .. Targets(call.Arg<BatchGetDeploymentTargetsRequest>().DeploymentId)
                        .Select(target => new DeploymentTarget { InstanceTarget = target }),
                ],
            });
        _autoScaling
            .DescribeAutoScalingGroupsAsync(Arg.Any<DescribeAutoScalingGroupsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeAutoScalingGroupsResponse
            {
                AutoScalingGroups =
                [
                    new Amazon.AutoScaling.Model.AutoScalingGroup
                    {
                        DesiredCapacity = Desired ?? InService.Count,
                        Instances =
                        [
                            .. InService.Select(id => new Instance
                            {
                                InstanceId = id,
                                LifecycleState = Amazon.AutoScaling.LifecycleState.InService,
                            }),
                        ],
                    },
                ],
            });
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
                call.Arg<GetFunctionConfigurationRequest>().FunctionName is var name
                && (name == "inventory-dev-get-item" || name == LeftoverLambda)
                    ? new GetFunctionConfigurationResponse { Timeout = LambdaTimeout, Description = "An item" }
                    : throw new Amazon.Lambda.Model.ResourceNotFoundException("no function")
            );
        _lambda
            .GetFunctionConcurrencyAsync(Arg.Any<GetFunctionConcurrencyRequest>(), Arg.Any<CancellationToken>())
            .Returns(new GetFunctionConcurrencyResponse());
        _cloudFormation
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeStacksResponse
                {
                    Stacks = [new Stack { Parameters = [new Parameter { ParameterKey = "SystemName", ParameterValue = "datomic-dev" }] }],
                }
            );
        _logs
            .FilterLogEventsAsync(Arg.Any<FilterLogEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new FilterLogEventsResponse
            {
                Events = HasAlert
                    ?
                    [
                        new FilteredLogEvent
                        {
                            LogStreamName = "datomic-dev-inventory-dev-i-1",
                            Message = """{"Msg":"LoadIonsFailed","Type":"Alert","Ex":{"Cause":"Assert failed: cfg"}}""",
                        },
                    ]
                    : [],
            });
        _cloudWatch
            .ListMetricsAsync(Arg.Any<ListMetricsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new ListMetricsResponse
            {
                Metrics =
                [
                    .. Metrics
                        .Where(metric => metric.Key.Name == call.Arg<ListMetricsRequest>().MetricName)
                        .Select(metric => new Metric
                        {
                            Namespace = call.Arg<ListMetricsRequest>().Namespace,
                            MetricName = metric.Key.Name,
                            Dimensions =
                            [
                                new Dimension { Name = "System", Value = "datomic-dev" },
                                new Dimension { Name = "Group", Value = metric.Key.Group },
                            ],
                        }),
                ],
            });
        _cloudWatch
            .GetMetricDataAsync(Arg.Any<GetMetricDataRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new GetMetricDataResponse
            {
                MetricDataResults =
                [
                    .. call.Arg<GetMetricDataRequest>().MetricDataQueries.Select(query => Result(call.Arg<GetMetricDataRequest>(), query)),
                ],
            });
    }

    /// <summary>How the execution stands.</summary>
    public ExecutionStatus Deploy { get; set; } = ExecutionStatus.SUCCEEDED;

    /// <summary>How often the execution was redriven.</summary>
    public int Redrives { get; set; }

    /// <summary>Whether the execution is known to DescribeExecution.</summary>
    public bool IsDescribed { get; set; } = true;

    /// <summary>How the code's deployment stands; <see langword="null"/> when there is none.</summary>
    public DeploymentStatus? Code { get; set; } = DeploymentStatus.Succeeded;

    /// <summary>How the rollback stands that follows a failure; <see langword="null"/> when there is none.</summary>
    public DeploymentStatus? Rollback { get; set; }

    /// <summary>The instances that the deployment reached; all of <see cref="InService"/> unless a test says otherwise.</summary>
    public IReadOnlyList<string>? Reached { get; set; }

    public IReadOnlyList<string> InService { get; set; } = ["i-1", "i-2"];

    /// <summary>How many instances the group is to have; those in service unless a test says otherwise.</summary>
    public int? Desired { get; set; }

    /// <summary>What the Lambda has; 60 is wanted.</summary>
    public int LambdaTimeout { get; set; } = 60;

    /// <summary>Whether the log holds an alert.</summary>
    public bool HasAlert { get; set; } = true;

    /// <summary>The values by minute since <see cref="Live"/>, of each metric by its name and group.</summary>
    public Dictionary<(string Name, string Group), IReadOnlyDictionary<int, double>> Metrics { get; } = [];

    /// <summary>Names of the Lambdas of the release before.</summary>
    public IReadOnlyList<string> FormerLambdas { get; set; } = ["inventory-dev-get-item", "inventory-dev-removed"];

    /// <summary>The Lambda of the release before that is not wanted any more, when it exists.</summary>
    public string? LeftoverLambda { get; set; }

    public IonJudge Judge => new(Account, "inventory-dev", Wanted, Config, FormerLambdas);

    /// <summary>AWS's clock.</summary>
    public DateTime Now { get; set; } = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public TargetAccount Account =>
        StubbedAccount.With(
            _cloudFormation,
            _stepFunctions,
            _codeDeploy,
            _lambda,
            logs: _logs,
            autoScaling: _autoScaling,
            cloudWatch: _cloudWatch,
            enteredAt: Now
        );

    private MetricDataResult Result(GetMetricDataRequest request, MetricDataQuery query)
    {
        var metric = query.MetricStat.Metric;
        var values = Metrics[(metric.MetricName, metric.Dimensions[1].Value)]
            .Select(value => (Time: Live.AddMinutes(value.Key), value.Value))
            .Where(value => value.Time >= request.StartTime && value.Time < request.EndTime)
            .OrderBy(value => value.Time)
            .ToList();
        return new MetricDataResult
        {
            Id = query.Id,
            Timestamps = [.. values.Select(value => value.Time)],
            Values = [.. values.Select(value => value.Value)],
        };
    }

    private IEnumerable<DeploymentInfo> Deployments
    {
        get
        {
            if (Rollback is not null)
            {
                var rollback = Deployment("d-rollback", Former, Rollback, 3);
                rollback.Creator = DeploymentCreator.CodeDeployRollback;
                yield return rollback;
            }

            if (Code is not null)
            {
                yield return Deployment("d-wanted", Wanted, Code, 2);
            }

            yield return Deployment("d-former", Former, DeploymentStatus.Succeeded, -2);
        }
    }

    private DeploymentInfo Deployment(string id, string revision, DeploymentStatus status, int minute) =>
        new()
        {
            DeploymentId = id,
            Status = status,
            Creator = DeploymentCreator.User,
            CreateTime = Began.AddMinutes(minute),
            Revision = new RevisionLocation
            {
                S3Location = new Amazon.CodeDeploy.Model.S3Location { Key = $"datomic/apps/inventory/stable/{revision}.zip" },
            },
            RollbackInfo = id == "d-wanted" && Rollback is not null ? new RollbackInfo { RollbackDeploymentId = "d-rollback" } : null,
            ErrorInformation =
                status == DeploymentStatus.Failed ? new ErrorInformation { Code = Amazon.CodeDeploy.ErrorCode.HEALTH_CONSTRAINTS } : null,
        };

    private IEnumerable<InstanceTarget> Targets(string deployment) =>
        InService.Select(id => new InstanceTarget
        {
            TargetId = $"arn:aws:codedeploy:us-east-1:111111111111:instance/{id}",
            Status =
                deployment != "d-wanted" || (Code == DeploymentStatus.Succeeded && (Reached ?? InService).Contains(id))
                    ? TargetStatus.Succeeded
                    : TargetStatus.Failed,
            LifecycleEvents =
                deployment == "d-wanted" && Code == DeploymentStatus.Failed && id == "i-1"
                    ?
                    [
                        new LifecycleEvent
                        {
                            LifecycleEventName = "ValidateService",
                            Status = LifecycleEventStatus.Failed,
                            Diagnostics = new Diagnostics { Message = "exit code 1" },
                        },
                    ]
                    : [],
        });
}
