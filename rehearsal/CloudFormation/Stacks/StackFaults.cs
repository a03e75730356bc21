using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Injects the faults <c>stack-rolls-back[:LogicalId]</c>, <c>rollback-fails[:LogicalId]</c>, <c>rollback-hangs[:LogicalId]</c>
/// and
/// <c>stack-never-ends</c>, once in a run. They strike what a role deploys; what an account's administrator sets up beforehand is
/// spared.</summary>
internal sealed class StackFaults(RehearsalWorld world)
{
    private const string RollsBack = "stack-rolls-back";
    private const string RollbackFails = "rollback-fails";
    private const string RollbackHangs = "rollback-hangs";
    private const string NeverEnds = "stack-never-ends";
    private static readonly string[] Preferred =
    [
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::Lambda::Function",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
    ];
    private readonly HashSet<string> _struck = [];

    /// <summary>Chooses the step of an operation that a fault will strike, if any.</summary>
    public void Choose(StackRecord stack, OperationRecord operation)
    {
        if (operation.Principal.Kind == PrincipalKind.Root)
        {
            return;
        }

        foreach (var name in new[] { RollsBack, RollbackFails, RollbackHangs, NeverEnds })
        {
            var isPossible = name is not (RollbackFails or RollbackHangs) || operation.Kind == OperationKind.UPDATE_STACK;
            if (
                isPossible
                && world.Faults.Find(name) is { } fault
                && !_struck.Contains(name)
                && Target(stack, operation, fault.What) is { } step
            )
            {
                _struck.Add(name);
                (operation.Fault, operation.FaultAt) = (name, step);
                return;
            }
        }
    }

    /// <summary>Why a step fails now, or null.</summary>
    public string? Strike(OperationRecord operation, Step step, ResourceRecord resource) =>
        (operation.FaultAt == step.LogicalId, operation.Fault, operation.Phase) switch
        {
            (true, RollsBack or RollbackFails or RollbackHangs, OperationPhase.Apply) when world.Faults.Strikes(operation.Fault) => Reason(
                resource
            ),
            (true, RollbackFails, OperationPhase.Revert) => Handler(
                $"Resource of type '{resource.Type}' with identifier '{resource.PhysicalId}' is busy.",
                "ResourceConflict"
            ),
            _ => null,
        };

    /// <summary>How long a step takes when a fault holds it up, or null.</summary>
    public TimeSpan? Delay(OperationRecord operation, Step step) =>
        (operation.FaultAt == step.LogicalId, operation.Fault, operation.Phase) switch
        {
            (true, NeverEnds, OperationPhase.Apply) when world.Faults.Strikes(NeverEnds) => Durations.StuckResource.Draw(world.Random),
            (true, RollbackHangs, OperationPhase.Revert) => Durations.SlowRollback.Draw(world.Random),
            _ => null,
        };

    private static string? Target(StackRecord stack, OperationRecord operation, string? what)
    {
        if (what is not null)
        {
            return operation.Steps.ContainsKey(what) ? what : null;
        }

        var types = StackEvaluation.Read((operation.Target ?? stack.Definition).Executed).Resources;
        return Preferred
                .Select(type => operation.Steps.Keys.FirstOrDefault(id => types[id].Type == type))
                .FirstOrDefault(id => id is not null)
            ?? operation.Steps.Keys.LastOrDefault();
    }

    private string Reason(ResourceRecord resource) =>
        resource.Type switch
        {
            "AWS::AutoScaling::AutoScalingGroup" =>
                "Received 0 SUCCESS signal(s) out of 1. Unable to satisfy 100% MinSuccessfulInstancesPercent requirement",
            "AWS::Lambda::Function" => Handler(
                "Your request has been throttled by EC2, please make sure you have enough API rate limit. EC2 Error Code: "
                    + "RequestLimitExceeded",
                "NotStabilized"
            ),
            "AWS::ElasticLoadBalancingV2::LoadBalancer" => Handler(
                "A load balancer cannot be attached to a subnet that does not have an internet gateway",
                "InvalidRequest"
            ),
            "AWS::EC2::VPCEndpoint" => Handler(
                "The VPC endpoint service does not support the availability zone of the subnet",
                "InvalidRequest"
            ),
            _ => Handler($"Resource of type '{resource.Type}' with identifier '{resource.PhysicalId}' did not stabilize.", "NotStabilized"),
        };

    private string Handler(string message, string code) =>
        $"Resource handler returned message: \"{message}\" (RequestToken: {world.Random.Uuid()}, HandlerErrorCode: {code})";
}
