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
    public IEnumerable<NeededPermission> Of(CheckRun run) =>
        run.Source.Spec.Steps.OfType<TransactorStep>().SelectMany(step => Of(run, step)).Distinct();

    private IEnumerable<NeededPermission> Of(CheckRun run, TransactorStep step)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var name = run.Text(step.Transactor) ?? $"{service}-{target.Name}";
        var cluster = run.Text(step.Cluster) ?? "check";
        var group = run.Text(step.LogGroup) ?? $"/{service}/{target.Declared}/check";
        return
        [
            .. EcsPermissions.OfService(OfService, place, cluster, $"{name}-a"),
            .. EcsPermissions.OfService(OfService, place, cluster, $"{name}-b"),
            .. EcsPermissions.OfRevision(OfService, place, name),
            OfService("logs:GetLogEvents", $"arn:aws:logs:{place}:log-group:{group}:log-stream:check"),
            OfService("cloudwatch:DescribeAlarms", $"arn:aws:cloudwatch:{place}:alarm:{name}-alarm"),
            Need("ecs:DescribeTaskDefinition", "*", PermissionSource.Target),
            Need("cloudwatch:GetMetricData", "*", PermissionSource.Target),
        ];

        NeededPermission OfService(string action, string resource) => Need(action, resource, PermissionSource.Service);

        NeededPermission Need(string action, string resource, PermissionSource source) =>
            new(target.Account, $"deployer-{settings.Stage}-target", action, resource, source);
    }
}
