using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>One step replaces the tasks of an ECS service, whatever its kind: two would undo each other's revisions.</summary>
internal static class EcsServiceRules
{
    public static void Check(ServiceSpec spec, FaultList faults) =>
        OneStepForEach.Check(
            spec,
            faults,
            target =>
                spec.Steps.SelectMany(step =>
                    step.EcsServices.Select(service => new OwnedByStep(
                        step.Name,
                        service.Name.Position,
                        EcsServiceName.In(spec, target, service.Cluster, service.Name)
                    ))
                ),
            (steps, service, target) => $"the steps {steps} replace the tasks of the same ECS service {service} in the target \"{target}\"",
            "one step for each ECS service"
        );

    private sealed record EcsServiceName(string Cluster, string Service)
    {
        public static EcsServiceName? In(ServiceSpec spec, TargetSpec target, Expression cluster, Expression service) =>
            NameOf(StaticValue.In(spec, target, cluster)) is { } inCluster && StaticValue.In(spec, target, service) is { } name
                ? new EcsServiceName(inCluster, name)
                : null;

        public override string ToString() => $"\"{Service}\" of the cluster \"{Cluster}\"";
    }

    // A cluster is named by its name or its ARN, arn:aws:ecs:REGION:ACCOUNT:cluster/NAME:
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
    private static string? NameOf(string? cluster) => cluster?[(cluster.LastIndexOf('/') + 1)..];
}
