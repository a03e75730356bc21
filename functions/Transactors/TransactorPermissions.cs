using Deployer.Functions.Accounts;
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
        foreach (var part in new[] { "a", "b" })
        {
            var deployed = $"arn:aws:ecs:{place}:service/{cluster}/{name}-{part}";
            yield return Need("ecs:DescribeServices", deployed, PermissionSource.Service);
            yield return Need("ecs:UpdateService", deployed, PermissionSource.Service);
        }

        var definition = $"arn:aws:ecs:{place}:task-definition/{name}:1";
        yield return Need("ecs:RegisterTaskDefinition", definition, PermissionSource.Service);
        yield return Need("ecs:TagResource", definition, PermissionSource.Service);
        yield return Need("ecs:ListTasks", $"arn:aws:ecs:{place}:container-instance/check", PermissionSource.Service);
        yield return Need("ecs:DescribeTasks", $"arn:aws:ecs:{place}:task/check", PermissionSource.Service);
        yield return Need("logs:GetLogEvents", $"arn:aws:logs:{place}:log-group:{group}:log-stream:check", PermissionSource.Service);
        yield return Need("ecs:DescribeTaskDefinition", "*", PermissionSource.Target);
        yield return Need("cloudwatch:GetMetricData", "*", PermissionSource.Target);

        NeededPermission Need(string action, string resource, PermissionSource source) =>
            new(target.Account, $"deployer-{settings.Stage}-target", action, resource, source);
    }
}
