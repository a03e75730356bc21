using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// What the role of the target's account needs to deploy ECS services. Repositories, log groups and roles of tasks are those that
/// <c>templates/service-access.yaml</c> grants where its parameters name no others.
/// </summary>
public sealed class EcsPermissions(Settings settings) : IPermissionNeeds
{
    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var needs = new TargetNeeds(settings.Stage, run);
        return
        [
            needs.Target("ecs:DescribeTaskDefinition"),
            .. run.Source.Spec.Steps.OfType<ServiceStep>().SelectMany(step => OfStep(run, step, needs)).Distinct(),
        ];
    }

    private static IEnumerable<NeededPermission> OfStep(CheckRun run, ServiceStep step, TargetNeeds needs)
    {
        var (service, target) = (run.Source.Spec.Service, run.Target);
        var place = $"{target.Region}:{target.Account}";
        var name = run.Text(step.Service) ?? $"{service}-{target.Name}";
        // A tag is looked up in the account that the image names.
        var image = step.Image is { } written ? run.Text(written, revision: "check") : null;
        return
        [
            .. OfService(needs, place, run.Text(step.Cluster) ?? "check", name),
            .. OfRevision(needs, place, run.Text(step.Cluster) ?? "check", name),
            OfRoles(needs, run),
            needs.Service(
                "ecr:DescribeImages",
                image is not null && ImageReference.Repository(image) is { } repository
                    ? repository.Arn
                    : $"arn:aws:ecr:{place}:repository/{run.Granted("ImageRepository", service)}"
            ),
            needs.Service(
                "logs:GetLogEvents",
                $"arn:aws:logs:{place}:log-group:{run.Granted("TaskLogGroup", $"/{service}/{target.Declared}/check")}:log-stream:check"
            ),
        ];
    }

    /// <summary>What it takes to look at a service and to give it a revision.</summary>
    /// <param name="needs">What is needed.</param>
    /// <param name="place">Region and account.</param>
    /// <param name="cluster">The cluster's name or ARN.</param>
    /// <param name="name">The service's name.</param>
    internal static IReadOnlyList<NeededPermission> OfService(TargetNeeds needs, string place, string cluster, string name)
    {
        var deployed = $"arn:aws:ecs:{place}:service/{WantedDefinition.Name(cluster)}/{name}";
        return [needs.Service("ecs:DescribeServices", deployed), needs.Service("ecs:UpdateService", deployed)];
    }

    // One for all, since records with dictionaries are equal only when these are the same.
    private static readonly Dictionary<string, string> ToTasks = new() { ["iam:PassedToService"] = "ecs-tasks.amazonaws.com" };

    /// <summary>What it takes to register a revision with roles.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html (iam:PassRole)</remarks>
    internal static NeededPermission OfRoles(TargetNeeds needs, CheckRun run) =>
        needs.Service(
            "iam:PassRole",
            $"arn:aws:iam::{run.Target.Account}:role/" + run.Granted("TaskRoles", $"{run.Source.Spec.Service}-{run.Target.Declared}-check")
        ) with
        {
            Context = ToTasks,
        };

    /// <summary>What it takes to register a revision and to look at its tasks.</summary>
    /// <remarks>
    /// Container instances and tasks have the cluster's name in their ARNs:
    /// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    /// </remarks>
    /// <param name="needs">What is needed.</param>
    /// <param name="place">Region and account.</param>
    /// <param name="cluster">The cluster's name or ARN.</param>
    /// <param name="family">The family of the revision.</param>
    internal static IReadOnlyList<NeededPermission> OfRevision(TargetNeeds needs, string place, string cluster, string family)
    {
        var definition = $"arn:aws:ecs:{place}:task-definition/{family}:1";
        return
        [
            needs.Service("ecs:RegisterTaskDefinition", definition),
            needs.Service("ecs:TagResource", definition),
            needs.Service("ecs:ListTasks", $"arn:aws:ecs:{place}:container-instance/{WantedDefinition.Name(cluster)}/check"),
            needs.Service("ecs:DescribeTasks", $"arn:aws:ecs:{place}:task/{WantedDefinition.Name(cluster)}/check"),
        ];
    }
}
