using Deployer.Functions.Accounts;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// What the deployer's own roles need, whatever a service has: the same as <c>template.yaml</c> grants them. A test compares it with what
/// rehearsals use.
/// </summary>
public sealed class DeployerPermissions(Settings settings) : IPermissionNeeds
{
    private static readonly string[] Everyone = ["function"];

    /// <summary>What functions have in common, by role: the names of the managed policies.</summary>
    private static readonly (string Role, string[] Policies)[] Functions =
    [
        ("Pipeline", [.. Everyone, "answer"]),
        ("Begin", [.. Everyone, "answer", "source", "notify", "step"]),
        ("Plan", [.. Everyone, "step", "promotion"]),
        ("PrepareStack", [.. Everyone, "answer", "step", "package"]),
        ("UpdateStack", [.. Everyone, "answer", "step", "package"]),
        ("RemoveStack", [.. Everyone, "answer", "step"]),
        ("PushIons", [.. Everyone, "answer", "step", "promotion", "build-result", "build"]),
        ("DeployIons", [.. Everyone, "answer", "step", "build-result", "build"]),
        ("ChangeCapacity", [.. Everyone, "answer", "step"]),
        ("ResolveEndpoint", [.. Everyone, "answer", "step"]),
        ("InjectEndpoint", [.. Everyone, "answer", "step"]),
        ("DeployService", [.. Everyone, "answer", "step"]),
        ("ReplaceStandby", [.. Everyone, "answer", "step"]),
        ("ReplaceActive", [.. Everyone, "answer", "step"]),
        ("WatchTransactors", [.. Everyone, "answer", "step"]),
        ("Prove", [.. Everyone, "answer", "step"]),
        ("Finish", [.. Everyone, "answer", "step"]),
        ("Resume", [.. Everyone, "answer", "step", "promotion", "build-result", "package"]),
        ("Settle", [.. Everyone, "answer", "notify"]),
        ("Sweep", [.. Everyone, "answer", "step", "notify"]),
        ("BeginPlan", [.. Everyone, "source"]),
        ("PlanStep", [.. Everyone, "step", "promotion", "package"]),
        ("FinishPlan", [.. Everyone, "notify"]),
        ("Notify", []),
    ];

    private static readonly string[] Machine =
    [
        "Begin",
        "Plan",
        "PrepareStack",
        "UpdateStack",
        "RemoveStack",
        "PushIons",
        "DeployIons",
        "ChangeCapacity",
        "ResolveEndpoint",
        "InjectEndpoint",
        "DeployService",
        "ReplaceStandby",
        "ReplaceActive",
        "WatchTransactors",
        "Prove",
        "Finish",
    ];

    private static readonly string[] Machines = ["machine", "plan-machine"];

    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy</summary>
    private static readonly string[] OfMachineLogs =
    [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ];

    private static readonly string[] PlanMachine = ["BeginPlan", "PlanStep", "FinishPlan"];

    /// <inheritdoc/>
    public IEnumerable<NeededPermission> Of(CheckRun run)
    {
        var tools = new ToolsResources(settings, run);
        return Functions
            .SelectMany(function =>
                function
                    .Policies.SelectMany(policy => OfPolicy(policy, tools))
                    .Concat(OfFunction(function.Role, tools))
                    .Select(need => need with { Role = $"deployer-{settings.Stage}-{function.Role}" })
            )
            .Concat(
                Machine.Select(function => tools.Need("lambda:InvokeFunction", tools.Function(function)) with { Role = Role("machine") })
            )
            .Concat(
                PlanMachine.Select(function =>
                    tools.Need("lambda:InvokeFunction", tools.Function(function)) with
                    {
                        Role = Role("plan-machine"),
                    }
                )
            )
            .Concat(OfMachineLogs.SelectMany(action => Machines, (action, role) => tools.Need(action, "*") with { Role = Role(role) }))
            .Concat(OfTarget(run));
    }

    private string Role(string name) => $"deployer-{settings.Stage}-{name}";

    private static IEnumerable<NeededPermission> OfPolicy(string policy, ToolsResources tools) =>
        policy switch
        {
            "function" =>
            [
                tools.Need("logs:CreateLogStream", tools.Log("/aws/lambda")),
                tools.Need("logs:PutLogEvents", tools.Log("/aws/lambda")),
                tools.Need("dynamodb:GetItem", tools.Table),
                tools.Need("dynamodb:PutItem", tools.Table),
                tools.Need("dynamodb:Query", tools.Table),
                tools.Need("s3:GetObject", tools.Object("records")),
                tools.Need("s3:PutObject", tools.Object("records")),
            ],
            "answer" =>
            [
                tools.Need("dynamodb:DeleteItem", tools.Table),
                tools.Need("states:DescribeExecution", tools.Execution),
                tools.Need("states:SendTaskSuccess", tools.Machine),
                tools.Need("states:SendTaskFailure", tools.Machine),
            ],
            "source" =>
            [
                tools.Need("s3:GetObject", tools.Object("incoming")),
                tools.Need("s3:GetObject", tools.Object("sources")),
                tools.Need("s3:PutObject", tools.Object("sources")),
                tools.Need("s3:ListBucket", tools.Bucket),
            ],
            "step" => [tools.Need("s3:GetObject", tools.Object("sources")), tools.AssumeTarget],
            "notify" =>
            [
                tools.Need("events:PutEvents", tools.DefaultBus) with
                {
                    Context = new Dictionary<string, string>
                    {
                        ["events:source"] = NotificationDetail.Source,
                        ["events:detail-type"] = NotificationDetail.DetailType,
                    },
                },
            ],
            "package" => [tools.Need("s3:PutObject", tools.Object("artifacts"))],
            "promotion" =>
            [
                tools.Need("dynamodb:Query", tools.EarlierTable) with
                {
                    Context = new Dictionary<string, string> { ["dynamodb:LeadingKeys"] = $"REVISIONS#{tools.Service}" },
                },
            ],
            "build-result" =>
            [
                tools.Need("codebuild:BatchGetBuilds", tools.Project),
                tools.Need("logs:GetLogEvents", tools.Log("/aws/codebuild")),
                tools.Need("s3:GetObject", tools.Object("answers")),
                tools.Need("s3:ListBucket", tools.Bucket),
            ],
            _ =>
            [
                tools.Need("codebuild:StartBuild", tools.Project),
                tools.Need("codebuild:ListBuildsForProject", tools.Project),
                .. tools.PassBuildRole,
            ],
        };

    private static IEnumerable<NeededPermission> OfFunction(string function, ToolsResources tools) =>
        function switch
        {
            "Pipeline" =>
            [
                tools.Need("s3:PutObject", tools.Object("incoming")),
                tools.Need("states:StartExecution", tools.Machine),
                tools.Need("states:StartExecution", tools.PlanMachine),
                tools.Need("states:DescribeExecution", tools.PlanExecution),
                tools.Need("s3:GetObject", tools.Object("plans")),
                tools.Need("s3:GetObject", tools.Object("waves")),
                tools.Need("codepipeline:ListActionExecutions", tools.Pipeline),
                tools.Need("codepipeline:PutJobSuccessResult", "*"),
                tools.Need("codepipeline:PutJobFailureResult", "*"),
            ],
            "Plan" => [tools.Need("s3:PutObject", tools.Object("waves"))],
            // What it needs of the topic's key is judged by that key's id, which nobody here knows.
            "Notify" =>
            [
                tools.Need("logs:CreateLogStream", tools.Log("/aws/lambda")),
                tools.Need("logs:PutLogEvents", tools.Log("/aws/lambda")),
                tools.Need("sns:Publish", tools.Topic),
            ],
            "Sweep" => [tools.Need("states:StartExecution", tools.Machine), tools.Need("states:StartExecution", tools.PlanMachine)],
            "FinishPlan" => [tools.Need("s3:GetObject", tools.Object("sources")), tools.Need("s3:PutObject", tools.Object("plans"))],
            _ => [],
        };

    /// <summary>What the roles of the target's account have before any service is named.</summary>
    private IEnumerable<NeededPermission> OfTarget(CheckRun run)
    {
        var account = run.Target.Account;
        string[] withoutResources =
        [
            "autoscaling:DescribeAutoScalingGroups",
            "cloudformation:DescribeStackDriftDetectionStatus",
            "cloudformation:ListExports",
            "cloudformation:ListImports",
            "codedeploy:BatchGetDeploymentTargets",
            "codedeploy:ListDeploymentTargets",
            "ec2:DescribeVpcEndpoints",
            "ecs:DescribeTaskDefinition",
            "lambda:GetAccountSettings",
            "lambda:ListFunctions",
            "tag:GetResources",
            "cloudformation:GetTemplateSummary",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics",
        ];
        return
        [
            .. withoutResources.Select(action => Target("target", action, "*")),
            Target("target", "s3:GetObject", "arn:aws:s3:::datomic-cloud-1/cft/template.json"),
            Target("target", "iam:PassRole", settings.CloudFormationRole(account)) with
            {
                Context = new Dictionary<string, string> { ["iam:PassedToService"] = "cloudformation.amazonaws.com" },
            },
            Target("ions", "tag:GetResources", "*"),
            Target(
                "events",
                "events:PutEvents",
                $"arn:aws:events:{settings.Region}:{run.ToolsAccount}:event-bus/deployer-{settings.Stage}"
            ),
        ];

        NeededPermission Target(string role, string action, string resource) =>
            new(account, Role(role), action, resource, PermissionSource.Target);
    }

    /// <summary>ARNs of what the deployer has in its own account.</summary>
    private sealed class ToolsResources(Settings settings, CheckRun run)
    {
        private readonly string _place = $"{settings.Region}:{run.ToolsAccount}";

        private DeployerStage Deployer => new(settings.Stage, run.ToolsAccount, settings.Region);

        public string Service => run.Source.Spec.Service;

        public string Table => $"arn:aws:dynamodb:{_place}:table/{settings.Table}";

        public string EarlierTable =>
            settings.EarlierStage.Length == 0 ? Table : $"arn:aws:dynamodb:{_place}:table/{settings.EarlierTable}";

        public string Bucket => $"arn:aws:s3:::{settings.Bucket}";

        public string Machine => Deployer.MachineArn(DeployerMachine.Deploy);

        public string Execution => $"arn:aws:states:{_place}:execution:{Deployer.MachineName(DeployerMachine.Deploy)}:check";

        public string PlanMachine => Deployer.MachineArn(DeployerMachine.Plan);

        public string PlanExecution => Deployer.ExecutionArn(DeployerMachine.Plan, "check");

        public string Pipeline => $"arn:aws:codepipeline:{_place}:{Service}-pipeline";

        public IEnumerable<NeededPermission> PassBuildRole =>
            settings.BuildRole(Service) is { } own
                ?
                [
                    Need("iam:PassRole", own) with
                    {
                        Context = new Dictionary<string, string> { ["iam:PassedToService"] = "codebuild.amazonaws.com" },
                    },
                ]
                : [];

        public string Project => $"arn:aws:codebuild:{_place}:project/deployer-{settings.Stage}-ions";

        public string DefaultBus => $"arn:aws:events:{_place}:event-bus/default";

        public string Topic => $"arn:aws:sns:{_place}:deployer-{settings.Stage}-notifications";

        public string Object(string folder) => $"{Bucket}/{folder}/{Service}/check";

        public string Log(string prefix) => $"arn:aws:logs:{_place}:log-group:{prefix}/deployer-{settings.Stage}:log-stream:check";

        public string Function(string name) => $"arn:aws:lambda:{_place}:function:deployer-{settings.Stage}-{name}";

        public NeededPermission Need(string action, string resource) =>
            new(run.ToolsAccount, string.Empty, action, resource, PermissionSource.Deployer);

        public NeededPermission AssumeTarget => Assume(settings.TargetRole(run.Target.Account));

        private NeededPermission Assume(string role) =>
            Need("sts:AssumeRole", role) with
            {
                Context = new Dictionary<string, string> { ["aws:ResourceAccount"] = run.Target.Account },
            };
    }
}
