using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// What the roles of the target's account need for the stacks and parameters of a service, as <c>templates/service-access.yaml</c> grants
/// it, and what CloudFormation needs there at least.
/// </summary>
public sealed class ServicePermissions(Settings settings) : IPermissionNeeds
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
    public IEnumerable<NeededPermission> Of(CheckRun run)
    {
        var (service, stage, target) = (run.Source.Spec.Service, settings.Stage, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var name = $"{service}-{target.Name}";
        var parameter = $"arn:aws:ssm:{place}:parameter/{service}/{target.Name}/check";
        var artifact = $"arn:aws:s3:::{settings.Bucket}/artifacts/{service}/check";
        return
        [
            .. OfStacks.Select(action =>
                Need("target", $"cloudformation:{action}", $"arn:aws:cloudformation:{place}:stack/{name}-check/1")
            ),
            Need("target", "s3:GetObject", artifact),
            Need("target", "ssm:GetParameters", parameter),
            Need("target", "ssm:PutParameter", parameter),
            .. target.Instances is null
                ? Array.Empty<NeededPermission>()
                : [Need("target", "ssm:DeleteParameters", $"arn:aws:ssm:{place}:parameter/{service}/{target.Name}-check")],
            Need("cloudformation", "s3:GetObject", artifact),
            Need("cloudformation", "iam:CreateRole", $"arn:aws:iam::{target.Account}:role/{name}-check"),
            Need("cloudformation", "lambda:CreateFunction", $"arn:aws:lambda:{place}:function:{name}-check"),
        ];

        NeededPermission Need(string role, string action, string resource) =>
            new(target.Account, $"deployer-{stage}-{role}", action, resource, PermissionSource.Service);
    }
}
