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
        // A tag is looked up in the account that the image names.
        var image = step.Image is { } written ? run.Text(written, revision: "check") : null;
        return
        [
            .. OfService(Need, place, run.Text(step.Cluster) ?? "check", name),
            .. OfRevision(Need, place, name),
            Need(
                "ecr:DescribeImages",
                image is not null && ImageReference.Repository(image) is { } repository
                    ? repository.Arn
                    : $"arn:aws:ecr:{place}:repository/{service}"
            ),
            Need("logs:GetLogEvents", $"arn:aws:logs:{place}:log-group:/{service}/{target.Declared}/check:log-stream:check"),
        ];

        NeededPermission Need(string action, string resource) =>
            new(target.Account, $"deployer-{settings.Stage}-target", action, resource, PermissionSource.Service);
    }

    /// <summary>What it takes to look at a service and to give it a revision.</summary>
    internal static IReadOnlyList<NeededPermission> OfService(
        Func<string, string, NeededPermission> need,
        string place,
        string cluster,
        string name
    )
    {
        var deployed = $"arn:aws:ecs:{place}:service/{cluster}/{name}";
        return [need("ecs:DescribeServices", deployed), need("ecs:UpdateService", deployed)];
    }

    /// <summary>What it takes to register a revision and to look at its tasks.</summary>
    internal static IReadOnlyList<NeededPermission> OfRevision(Func<string, string, NeededPermission> need, string place, string family)
    {
        var definition = $"arn:aws:ecs:{place}:task-definition/{family}:1";
        return
        [
            need("ecs:RegisterTaskDefinition", definition),
            need("ecs:TagResource", definition),
            need("ecs:ListTasks", $"arn:aws:ecs:{place}:container-instance/check"),
            need("ecs:DescribeTasks", $"arn:aws:ecs:{place}:task/check"),
        ];
    }
}
