using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>What the roles of the target's account need to push, deploy and follow ions.</summary>
public sealed class IonPermissions(Settings settings) : IPermissionNeeds
{
    /// <summary>The value of a target from which the access of a service takes the Datomic system.</summary>
    private const string System = "system";

    /// <inheritdoc/>
    public IEnumerable<NeededPermission> Of(CheckRun run) =>
        run.Source.Spec.Steps.OfType<IonsStep>().SelectMany(step => Of(run, step)).Distinct();

    private IEnumerable<NeededPermission> Of(CheckRun run, IonsStep step)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var group = run.Text(step.Group) ?? $"{service}-{target.Name}";
        var name = IonFiles.Application(run.Source, step).Config.AppName;
        var application = $"arn:aws:codedeploy:{place}:application:{name}";
        var deployments = $"arn:aws:codedeploy:{place}:deploymentgroup:{name}/{group}";
        var machine = $"arn:aws:states:{place}:stateMachine:datomic-{group}";
        var execution = $"arn:aws:states:{place}:execution:datomic-{group}:check";
        var bucket = $"arn:aws:s3:::{CodeBucket.NamePrefix}check";
        var lambda = $"arn:aws:lambda:{place}:function:{group}-check";
        var stack = $"arn:aws:cloudformation:{place}:stack/{group}/1";
        return
        [
            Need("target", "states:ListExecutions", machine),
            Need("target", "states:DescribeExecution", execution),
            Need("target", "states:RedriveExecution", execution),
            Need("target", "codedeploy:BatchGetDeployments", deployments),
            Need("target", "codedeploy:GetDeployment", deployments),
            Need("target", "codedeploy:GetDeploymentGroup", deployments),
            Need("target", "codedeploy:ListDeployments", deployments),
            Need("target", "codedeploy:ListDeploymentGroups", application),
            InAccount("target", "s3:ListBucket", bucket),
            InAccount("target", "s3:GetObject", $"{bucket}/datomic/apps/{name}/check"),
            Need(
                "target",
                "autoscaling:UpdateAutoScalingGroup",
                $"arn:aws:autoscaling:{place}:autoScalingGroup:1:autoScalingGroupName/{group}-check"
            ),
            Need("target", "lambda:GetFunctionConcurrency", lambda),
            Need("target", "lambda:GetFunctionConfiguration", lambda),
            .. target.Values.TryGetValue(System, out var system)
                ? new[]
                {
                    Need("target", "logs:FilterLogEvents", $"arn:aws:logs:{place}:log-group:{IonCause.LogGroup(system)}:log-stream:check"),
                }
                : [],
            InAccount("ions", "s3:ListBucket", bucket),
            InAccount("ions", "s3:GetObject", $"{bucket}/datomic/apps/{name}/check"),
            InAccount("ions", "s3:PutObject", $"{bucket}/datomic/apps/{name}/check"),
            InAccount("ions", "s3:GetObject", $"{bucket}/datomic/libs/check"),
            InAccount("ions", "s3:PutObject", $"{bucket}/datomic/libs/check"),
            Need("ions", "codedeploy:ListDeploymentGroups", application),
            Need("ions", "codedeploy:RegisterApplicationRevision", application),
            Need("ions", "codedeploy:GetDeployment", deployments),
            Need("ions", "codedeploy:ListDeployments", deployments),
            Need("ions", "cloudformation:DescribeStacks", stack),
            Need("ions", "lambda:GetFunction", lambda),
            Need("ions", "states:StartExecution", machine),
        ];

        NeededPermission Need(string role, string action, string resource) =>
            new(target.Account, $"deployer-{settings.Stage}-{role}", action, resource, PermissionSource.Service);

        NeededPermission InAccount(string role, string action, string resource) =>
            Need(role, action, resource) with
            {
                Context = new Dictionary<string, string> { ["aws:ResourceAccount"] = target.Account },
            };
    }
}
