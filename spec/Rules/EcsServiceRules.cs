using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>One step replaces the tasks of an ECS service, whatever its kind: two would undo each other's revisions.</summary>
internal static class EcsServiceRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            var named = spec.Steps.SelectMany(step =>
                step.EcsServices.Select(service =>
                    (
                        Step: step,
                        service.Name.Position,
                        Cluster: NameOf(StaticValue.In(spec, target, service.Cluster)),
                        Name: StaticValue.In(spec, target, service.Name)
                    )
                )
            );
            var shared = named
                .Where(service => service is { Cluster: not null, Name: not null })
                .GroupBy(service => (service.Cluster, service.Name))
                .Where(group => group.Skip(1).Any())
                // Two steps of one transactor share both of its services, and that is one fault.
                .DistinctBy(group => string.Join(", ", group.Select(service => service.Step.Name)));
            foreach (var group in shared)
            {
                faults.Add(
                    group.ElementAt(1).Position,
                    $"the steps {string.Join(", ", group.Select(service => service.Step.Name))} replace the tasks of the same ECS service "
                        + $"\"{group.Key.Name}\" of the cluster \"{group.Key.Cluster}\" in the target \"{target.Name}\"",
                    "one step for each ECS service"
                );
            }
        }
    }

    // A cluster is named by its name or its ARN, arn:aws:ecs:REGION:ACCOUNT:cluster/NAME:
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    private static string? NameOf(string? cluster) => cluster?[(cluster.LastIndexOf('/') + 1)..];
}
