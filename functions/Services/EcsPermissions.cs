using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// What the role of the target's account needs to deploy ECS services. Repositories and log groups are those that
/// <c>templates/service-access.yaml</c> grants where its parameters name no others.
/// </summary>
public sealed class EcsPermissions(Settings settings) : IPermissionNeeds
{
    /// <inheritdoc/>
    public IEnumerable<NeededPermission> Of(CheckRun run) =>
        run.Source.Spec.Steps.OfType<ServiceStep>().SelectMany(step => Of(run, step)).Distinct();

    private IEnumerable<NeededPermission> Of(CheckRun run, ServiceStep step)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var name = run.Text(step.Service) ?? $"{service}-{target.Name}";
        var deployed = $"arn:aws:ecs:{place}:service/{run.Text(step.Cluster) ?? "check"}/{name}";
        var definition = $"arn:aws:ecs:{place}:task-definition/{name}:1";
        return
        [
            Need("ecs:DescribeServices", deployed),
            Need("ecs:UpdateService", deployed),
            Need("ecs:RegisterTaskDefinition", definition),
            Need("ecs:TagResource", definition),
            Need("ecs:ListTasks", $"arn:aws:ecs:{place}:container-instance/check"),
            Need("ecs:DescribeTasks", $"arn:aws:ecs:{place}:task/check"),
            Need("ecr:DescribeImages", $"arn:aws:ecr:{place}:repository/{service}"),
            Need("logs:GetLogEvents", $"arn:aws:logs:{place}:log-group:/{service}/{target.Declared}/check:log-stream:check"),
        ];

        NeededPermission Need(string action, string resource) =>
            new(target.Account, $"deployer-{settings.Stage}-target", action, resource, PermissionSource.Service);
    }
}
