using Deployer.Functions.Accounts;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// What the role of the target's account needs to replace transactors; names of roles that CloudFormation chose begin as their stack does.
/// </summary>
public sealed class TransactorPermissions(Settings settings) : IPermissionNeeds
{
    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var needs = new TargetNeeds(settings.Stage, run);
        return run.Source.Spec.Steps.OfType<TransactorStep>().SelectMany(step => OfStep(run, step, needs)).Distinct();
    }

    private static IEnumerable<NeededPermission> OfStep(CheckRun run, TransactorStep step, TargetNeeds needs)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var name = run.Text(step.Transactor) ?? $"{service}-{target.Name}";
        var cluster = run.Text(step.Cluster) ?? "check";
        var group = run.Text(step.LogGroup) ?? $"/{service}/{target.Declared}/check";
        return
        [
            .. EcsPermissions.OfService(needs, place, cluster, $"{name}-a"),
            .. EcsPermissions.OfService(needs, place, cluster, $"{name}-b"),
            .. EcsPermissions.OfRevision(needs, place, cluster, name),
            EcsPermissions.OfRoles(needs, run),
            needs.Service("logs:GetLogEvents", $"arn:aws:logs:{place}:log-group:{group}:log-stream:check"),
            needs.Service("cloudwatch:DescribeAlarms", $"arn:aws:cloudwatch:{place}:alarm:{name}-alarm"),
            needs.Target("cloudwatch:GetMetricData"),
        ];
    }
}
