using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec;

/// <summary>A service's deployer.yaml, read and found without fault.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Repository">Where its source is, if it says so.</param>
/// <param name="Targets">The targets, in the order of the file.</param>
/// <param name="Steps">The steps, in the order of the file.</param>
public sealed record ServiceSpec(string Service, RepositorySpec? Repository, IReadOnlyList<TargetSpec> Targets, IReadOnlyList<StepSpec> Steps)
{
    /// <summary>The target of this name, or null.</summary>
    public TargetSpec? Target(string name) => Targets.FirstOrDefault(target => target.Name == name);

    /// <summary>The step of this name, or null.</summary>
    public StepSpec? Step(string name) => Steps.FirstOrDefault(step => step.Name == name);

    /// <summary>Resolves references for a target; outputs and the endpoint's DNS name come from the caller, null while unknown.</summary>
    public Func<Reference, string?> Resolver(TargetSpec target, Func<StepOutput, string?>? outputs = null, string? dns = null) => reference => reference switch
    {
        TargetName => target.Name,
        ServiceName => Service,
        TargetValue value => target.Values.GetValueOrDefault(value.Value),
        StepOutput output => outputs?.Invoke(output),
        EndpointDns => dns,
        _ => null,
    };
}

/// <summary>The repository of a service.</summary>
/// <param name="Url">Its https address.</param>
/// <param name="Connection">The ARN of the connection that reads it, or null for a public one.</param>
public sealed record RepositorySpec(string Url, string? Connection);

/// <summary>An account and region to which the service is deployed. External ids are secrets and not in the file.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="Account">The account, 12 digits.</param>
/// <param name="Region">The region.</param>
/// <param name="Values">The target's values by name.</param>
/// <param name="Approval">Whether a person has to approve a deployment.</param>
/// <param name="Role">The name or ARN of the role to assume, or null for the deployer's usual one.</param>
public sealed record TargetSpec(
    string Name, SourcePosition Position, string Account, string Region, IReadOnlyDictionary<string, string> Values, bool Approval, string? Role);
