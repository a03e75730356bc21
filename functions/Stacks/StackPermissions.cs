using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

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
            .. OfStacks.Select(action => needs.Service($"cloudformation:{action}", $"arn:aws:cloudformation:{place}:stack/{name}-check/1")),
            needs.Service("s3:GetObject", artifact),
            needs.Service("ssm:GetParameters", parameter),
            needs.Service("ssm:PutParameter", parameter),
            .. target.Instances is null
                ? Array.Empty<NeededPermission>()
                : [needs.Service("ssm:DeleteParameters", $"arn:aws:ssm:{place}:parameter/{service}/{target.Name}-check")],
            needs.Service("cloudformation", "s3:GetObject", artifact),
            needs.Service("cloudformation", "iam:CreateRole", $"arn:aws:iam::{target.Account}:role/{name}-check"),
            needs.Service("cloudformation", "lambda:CreateFunction", $"arn:aws:lambda:{place}:function:{name}-check"),
        ];
    }
}
