using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// What the roles of the target's account need for stacks and parameters, as <c>templates/target.yaml</c> and for those of a service
/// <c>templates/service-access.yaml</c> grant it, and what CloudFormation needs there at least.
/// </summary>
public sealed class StackPermissions(Settings settings) : IPermissionNeeds
{
    private static readonly string[] OfStacks =
    [
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeEvents",
        "DescribeStackEvents",
        "DescribeStackResourceDrifts",
        "DescribeStacks",
        "DetectStackDrift",
        "DetectStackResourceDrift",
        "ExecuteChangeSet",
        "GetTemplate",
        "ListChangeSets",
        "ListStackResources",
        "RollbackStack",
    ];

    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var needs = new TargetNeeds(settings.Stage, run);
        var place = $"{target.Region}:{target.Account}";
        var name = $"{service}-{target.Name}";
        var parameter = $"arn:aws:ssm:{place}:parameter/{service}/{target.Name}/check";
        var artifact = $"arn:aws:s3:::{settings.Bucket}/artifacts/{service}/check";
        return
        [
            needs.Target("cloudformation:DescribeStackDriftDetectionStatus"),
            needs.Target("cloudformation:GetTemplateSummary"),
            needs.Target("cloudformation:ListExports"),
            needs.Target("cloudformation:ListImports"),
            needs.Target(TargetNeeds.Steps, "s3:GetObject", "arn:aws:s3:::datomic-cloud-1/cft/template.json"),
            needs.Target(TargetNeeds.Steps, "iam:PassRole", settings.CloudFormationRole(target.Account)) with
            {
                Context = new Dictionary<string, string> { ["iam:PassedToService"] = "cloudformation.amazonaws.com" },
            },
            .. OfNamed(run, needs, place, $"{name}-check"),
            needs.Service("s3:GetObject", artifact),
            needs.Service("ssm:GetParameters", parameter),
            needs.Service("ssm:PutParameter", parameter),
            .. target.Instances is null
                ? Array.Empty<NeededPermission>()
                : [needs.Service("ssm:DeleteParameters", $"arn:aws:ssm:{place}:parameter/{service}/{target.Name}-check")],
            needs.Service("cloudformation", "s3:GetObject", artifact),
            needs.Service("cloudformation", "lambda:CreateFunction", $"arn:aws:lambda:{place}:function:{name}-check"),
            .. target.Drift is null
                ? Array.Empty<NeededPermission>()
                :
                [
                    needs.Service("iam:GetRole", $"arn:aws:iam::{target.Account}:role/{name}-check"),
                    needs.Service("lambda:GetFunction", $"arn:aws:lambda:{place}:function:{name}-check"),
                    needs.Service("ec2:DescribeSecurityGroups", "*"),
                    needs.Service("logs:DescribeLogGroups", $"arn:aws:logs:{place}:log-group:*"),
                ],
            .. run.Source.Spec.Steps.OfType<StackStep>().SelectMany(step => OfStep(run, step, needs, place)),
        ];
    }

    /// <summary>What a step needs beside, whose stack may be called as no other of the service's.</summary>
    private IEnumerable<NeededPermission> OfStep(CheckRun run, StackStep step, TargetNeeds needs, string place)
    {
        if (run.Text(step.Stack) is not { } stack)
        {
            return [];
        }

        // The names that service-access.yaml grants, which may have those of a system; others are granted by nothing.
        var isGranted = step.DeploysSystem || BeginsAs(stack, $"{run.Source.Spec.Service}-{settings.Stage}");
        var ofName = OfNamed(run, needs, place, stack)
            .Select(need => isGranted ? need : need with { Needed = PermissionSource.None })
            .ToList();
        return step.StackKind is StackKind.DatomicStorage
            ? [.. ofName, needs.Service("cloudformation", "dynamodb:CreateTable", $"arn:aws:dynamodb:{place}:table/datomic-{stack}")]
            : ofName;
    }

    private static bool BeginsAs(string stack, string name) => stack == name || stack.StartsWith($"{name}-", StringComparison.Ordinal);

    /// <summary>
    /// A role is made with the boundary that the service's access demands:
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    /// </summary>
    private static Dictionary<string, string> WithBoundary(CheckRun run) =>
        run.Granted("PermissionsBoundary", string.Empty) is { Length: > 0 } boundary
            ? new() { ["iam:PermissionsBoundary"] = boundary }
            : [];

    /// <summary>What it takes to deploy a stack, and to make what CloudFormation calls after it.</summary>
    private static IEnumerable<NeededPermission> OfNamed(CheckRun run, TargetNeeds needs, string place, string stack) =>
        [
            .. OfStacks.Select(action => needs.Service($"cloudformation:{action}", $"arn:aws:cloudformation:{place}:stack/{stack}/1")),
            needs.Service("cloudformation", "iam:CreateRole", $"arn:aws:iam::{run.Target.Account}:role/{stack}-check") with
            {
                Context = WithBoundary(run),
            },
        ];
}
