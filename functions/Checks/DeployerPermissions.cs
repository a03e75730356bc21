using Deployer.Functions.Accounts;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// What the deployer's own roles need, whatever a service has: the same as <c>template.yaml</c> grants them. Which functions the kinds of
/// step have is said by the kinds. A test compares it with what rehearsals use.
/// </summary>
public sealed class DeployerPermissions(Settings settings, IEnumerable<FunctionRole> kinds) : IPermissionNeeds
{
    /// <summary>The roles of the functions that are no kind's.</summary>
    private static readonly FunctionRole[] Own =
    [
        new("Pipeline", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Notify),
        .. OwnTasks,
        new(
            "Resume",
            RolePolicy.Function,
            RolePolicy.Answer,
            RolePolicy.Step,
            RolePolicy.Promotion,
            RolePolicy.BuildResult,
            RolePolicy.Package,
            RolePolicy.FailedEvent
        ),
        new("Settle", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Notify, RolePolicy.FailedEvent),
        new("Sweep", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step, RolePolicy.Notify, RolePolicy.FailedEvent),
        new("BeginPlan", RolePolicy.Function, RolePolicy.Source),
        new("PlanStep", RolePolicy.Function, RolePolicy.Step, RolePolicy.Promotion, RolePolicy.Package),
        new("FinishPlan", RolePolicy.Function, RolePolicy.Notify),
        new("Notify", RolePolicy.FailedEvent),
    ];

    private static FunctionRole[] OwnTasks =>
        [
            new("Begin", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Source, RolePolicy.Notify, RolePolicy.Step),
            new("Plan", RolePolicy.Function, RolePolicy.Step, RolePolicy.Promotion),
            new("Prove", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step),
            new("Finish", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Notify, RolePolicy.Step),
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
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var tools = new ToolsResources(settings, run);
        return Own.Concat(kinds)
            .SelectMany(function =>
                function
                    .Policies.SelectMany(policy => OfPolicy(policy, tools))
                    .Concat(OfFunction(function.Function, tools))
                    .Select(need => need with { Role = Role(function.Function) })
            )
            .Concat(
                OwnTasks
                    .Concat(kinds)
                    .Select(task => tools.Need("lambda:InvokeFunction", tools.Function(task.Function)) with { Role = Role("machine") })
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

    private static IEnumerable<NeededPermission> OfPolicy(RolePolicy policy, ToolsResources tools) =>
        policy switch
        {
            RolePolicy.Function =>
            [
                tools.Need("logs:CreateLogStream", tools.Log("/aws/lambda")),
                tools.Need("logs:PutLogEvents", tools.Log("/aws/lambda")),
                tools.Need("dynamodb:GetItem", tools.Table),
                tools.Need("dynamodb:PutItem", tools.Table),
                tools.Need("dynamodb:Query", tools.Table),
                tools.Need("s3:GetObject", tools.Object("records")),
                tools.Need("s3:PutObject", tools.Object("records")),
            ],
            RolePolicy.Answer =>
            [
                tools.Need("dynamodb:DeleteItem", tools.Table),
                tools.Need("states:DescribeExecution", tools.Execution),
                tools.Need("states:SendTaskSuccess", tools.Machine),
                tools.Need("states:SendTaskFailure", tools.Machine),
            ],
            RolePolicy.Source =>
            [
                tools.Need("s3:GetObject", tools.Object("incoming")),
                tools.Need("s3:GetObject", tools.Object("sources")),
                tools.Need("s3:PutObject", tools.Object("sources")),
                tools.Need("s3:ListBucket", tools.Bucket),
            ],
            RolePolicy.Step => [tools.Need("s3:GetObject", tools.Object("sources")), tools.AssumeTarget],
            RolePolicy.Notify =>
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
            RolePolicy.FailedEvent => [tools.Need("sqs:SendMessage", tools.FailedEvents)],
            RolePolicy.Package => [tools.Need("s3:PutObject", tools.Object("artifacts"))],
            RolePolicy.Promotion =>
            [
                tools.Need("dynamodb:Query", tools.EarlierTable) with
                {
                    Context = new Dictionary<string, string> { ["dynamodb:LeadingKeys"] = $"REVISIONS#{tools.Service}" },
                },
            ],
            RolePolicy.BuildResult =>
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
            "Notify" =>
            [
                tools.Need("logs:CreateLogStream", tools.Log("/aws/lambda")),
                tools.Need("logs:PutLogEvents", tools.Log("/aws/lambda")),
                tools.Need("sns:Publish", tools.Topic),
                tools.UseTopicKey("kms:Decrypt"),
                tools.UseTopicKey("kms:GenerateDataKey"),
            ],
            "Sweep" =>
            [
                tools.Need("states:StartExecution", tools.Machine),
                tools.Need("states:StartExecution", tools.PlanMachine),
                tools.Need("states:DescribeExecution", tools.PlanExecution),
            ],
            "FinishPlan" => [tools.Need("s3:GetObject", tools.Object("sources")), tools.Need("s3:PutObject", tools.Object("plans"))],
            _ => [],
        };

    /// <summary>What the roles of the target's account have before any service is named, but for what kinds of step ask.</summary>
    private IEnumerable<NeededPermission> OfTarget(CheckRun run)
    {
        var needs = new TargetNeeds(settings.Stage, run);
        return
        [
            needs.Target("lambda:GetAccountSettings"),
            needs.Target("tag:GetResources"),
            needs.Target(
                "events",
                "events:PutEvents",
                $"arn:aws:events:{settings.Region}:{run.ToolsAccount}:event-bus/deployer-{settings.Stage}"
            ),
        ];
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

        /// <summary>
        /// What a publisher to the topic needs of its key: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html.
        /// </summary>
        public NeededPermission UseTopicKey(string action) =>
            Need(action, settings.TopicKey) with
            {
                Context = new Dictionary<string, string> { ["kms:ViaService"] = $"sns.{settings.Region}.amazonaws.com" },
            };

        public string FailedEvents => $"arn:aws:sqs:{_place}:deployer-{settings.Stage}-failed-events";

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
