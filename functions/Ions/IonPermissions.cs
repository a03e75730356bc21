using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>What the roles of the target's account need to push, deploy and follow ions.</summary>
public sealed class IonPermissions(Settings settings) : IPermissionNeeds
{
    /// <summary>The value of a target from which the access of a service takes the Datomic system.</summary>
    private const string System = "system";

    /// <summary>The role that builds enter.</summary>
    private const string Build = "ions";

    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var needs = new TargetNeeds(settings.Stage, run);
        return
        [
            needs.Target("autoscaling:DescribeAutoScalingGroups"),
            needs.Target("cloudwatch:GetMetricData"),
            needs.Target("cloudwatch:ListMetrics"),
            needs.Target("codedeploy:BatchGetDeploymentTargets"),
            needs.Target("codedeploy:ListDeploymentTargets"),
            needs.Target(Build, "tag:GetResources", "*"),
            .. run.Source.Spec.Steps.OfType<IonsStep>().SelectMany(step => OfStep(run, step, needs)).Distinct(),
        ];
    }

    private static IEnumerable<NeededPermission> OfStep(CheckRun run, IonsStep step, TargetNeeds needs)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var group = run.Text(step.Group) ?? $"{service}-{target.Name}";
        var name = IonFiles.Application(run.Source, step).Config.AppName;
        var application = $"arn:aws:codedeploy:{place}:application:{name}";
        var deployments = $"arn:aws:codedeploy:{place}:deploymentgroup:{name}/{group}";
        var machine = $"arn:aws:states:{place}:stateMachine:datomic-{group}";
        var execution = $"arn:aws:states:{place}:execution:datomic-{group}:check";
        var bucket = $"arn:aws:s3:::{run.Granted("CodeBucket", $"{CodeBucket.NamePrefix}check")}";
        var lambda = $"arn:aws:lambda:{place}:function:{group}-check";
        var stack = $"arn:aws:cloudformation:{place}:stack/{group}/1";
        return
        [
            needs.Service("states:ListExecutions", machine),
            needs.Service("states:DescribeExecution", execution),
            needs.Service("states:RedriveExecution", execution),
            needs.Service("codedeploy:BatchGetDeployments", deployments),
            needs.Service("codedeploy:GetDeployment", deployments),
            needs.Service("codedeploy:GetDeploymentGroup", deployments),
            needs.Service("codedeploy:ListDeployments", deployments),
            needs.Service("codedeploy:ListDeploymentGroups", application),
            needs.InAccount(TargetNeeds.Steps, "s3:ListBucket", bucket),
            needs.InAccount(TargetNeeds.Steps, "s3:GetObject", $"{bucket}/datomic/apps/{name}/check"),
            needs.Service(
                "autoscaling:UpdateAutoScalingGroup",
                $"arn:aws:autoscaling:{place}:autoScalingGroup:1:autoScalingGroupName/{group}-check"
            ),
            needs.Service("lambda:GetFunctionConcurrency", lambda),
            needs.Service("lambda:GetFunctionConfiguration", lambda),
            .. target.Values.TryGetValue(System, out var system)
                ? new[]
                {
                    needs.Service("logs:FilterLogEvents", $"arn:aws:logs:{place}:log-group:{IonCause.LogGroup(system)}:log-stream:check"),
                }
                : [],
            needs.InAccount(Build, "s3:ListBucket", bucket),
            needs.InAccount(Build, "s3:GetObject", $"{bucket}/datomic/apps/{name}/check"),
            needs.InAccount(Build, "s3:PutObject", $"{bucket}/datomic/apps/{name}/check"),
            needs.InAccount(Build, "s3:GetObject", $"{bucket}/datomic/libs/check"),
            needs.InAccount(Build, "s3:PutObject", $"{bucket}/datomic/libs/check"),
            needs.Service(Build, "codedeploy:ListDeploymentGroups", application),
            needs.Service(Build, "codedeploy:RegisterApplicationRevision", application),
            needs.Service(Build, "codedeploy:GetDeployment", deployments),
            needs.Service(Build, "codedeploy:ListDeployments", deployments),
            needs.Service(Build, "cloudformation:DescribeStacks", stack),
            needs.Service(Build, "lambda:GetFunction", lambda),
            needs.Service(Build, "states:StartExecution", machine),
        ];
    }
}
