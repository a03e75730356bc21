using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>What commands ask the deployer for, of one target of a service.</summary>
/// <param name="service">The service and its target.</param>
/// <param name="by">Says who asks, by the command.</param>
internal sealed class ServiceRequests(ServiceAtTarget service, Func<string, string> by)
{
    /// <summary>A deployment or a plan, which still lacks its source.</summary>
    /// <param name="command">The command, as people write it.</param>
    public DeploymentRequest For(string command) =>
        new(service.Spec.Service, service.Target.Declared, Instance: service.Target.Instance, By: by(command));

    /// <summary>A rollback.</summary>
    /// <param name="revision">The revision to go back to.</param>
    public DeploymentRequest Rollback(string revision) =>
        For("rollback") with
        {
            RollbackTo = revision,
            Approval = RequestedApproval.From(service.Target.Approval),
        };

    /// <summary>A change of compute groups.</summary>
    /// <param name="capacity">on or off.</param>
    /// <param name="steps">The groups' steps; none for all.</param>
    public DeploymentRequest Capacity(string capacity, IReadOnlyList<string> steps) =>
        For($"group {capacity}") with
        {
            Capacity = capacity,
            Steps = steps.Count == 0 ? null : steps,
        };

    /// <summary>The removal of a development instance.</summary>
    public DeploymentRequest Removal() => For("remove") with { Remove = true };
}
