using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec;

/// <summary>A service's deployer.yaml, read and found without fault.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Repository">Where its source is, if it says so.</param>
/// <param name="Targets">The targets, in the order of the file.</param>
/// <param name="Steps">The steps, in the order of the file.</param>
public sealed record ServiceSpec(
    string Service,
    RepositorySpec? Repository,
    IReadOnlyList<TargetSpec> Targets,
    IReadOnlyList<StepSpec> Steps
)
{
    /// <summary>The target of this name, or null.</summary>
    public TargetSpec? Target(string name) => Targets.FirstOrDefault(target => target.Name == name);

    /// <summary>The target of this name, or the development instance whose target has this name; null when there is neither.</summary>
    public TargetSpec? TargetOrInstance(string name) =>
        Target(name)
        ?? Targets
            .Where(target =>
                target.Instances is not null && name.StartsWith(TargetSpec.NameOf(target.Name, string.Empty), StringComparison.Ordinal)
            )
            .Select(target => target.ForInstance(name[TargetSpec.NameOf(target.Name, string.Empty).Length..]))
            .FirstOrDefault();

    /// <summary>The step of this name, or null.</summary>
    public StepSpec? Step(string name) => Steps.FirstOrDefault(step => step.Name == name);

    /// <summary>Where steps refer to the commit that is deployed, a sentence each, for a deployment that names none.</summary>
    /// <param name="steps">The names of the steps that are deployed; none for all.</param>
    public IReadOnlyList<string> NeedsRevision(IReadOnlyList<string> steps) =>
        [
            .. Steps
                .Where(step => steps.Count == 0 || steps.Contains(step.Name))
                .SelectMany(step => step.Expressions)
                .Where(expression => expression.References.OfType<CommitRevision>().Any())
                .Select(expression =>
                    $"{expression.Position}: ${{{CommitRevision.Written}}} is the commit that is deployed, and none is named; expected "
                    + "--revision COMMIT, 'revision' in the input, or a deployment by the pipeline"
                ),
        ];

    /// <summary>Resolves references for a target; outputs and the endpoint's DNS name come from the caller, null while unknown.</summary>
    public Func<Reference, string?> Resolver(
        TargetSpec target,
        Func<StepOutput, string?>? outputs = null,
        string? dns = null,
        string? revision = null
    ) =>
        reference =>
            reference switch
            {
                TargetName => target.Name,
                ServiceName => Service,
                TargetValue value => target.Values.GetValueOrDefault(value.Value),
                StepOutput output => outputs?.Invoke(output),
                EndpointDns => dns,
                CommitRevision => revision,
                _ => null,
            };
}

/// <summary>The repository of a service.</summary>
/// <param name="Url">Its https address.</param>
/// <param name="Connection">The ARN of the connection that reads it, or null for a public one.</param>
public sealed record RepositorySpec(string Url, string? Connection)
{
    /// <summary>The repository as its host names it, such as <c>acme/inventory</c>.</summary>
    public string FullId
    {
        get
        {
            var path = new Uri(Url).AbsolutePath.Trim('/');
            return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
        }
    }
}

/// <summary>An account and region to which the service is deployed. External ids are secrets and not in the file.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="Account">The account, 12 digits.</param>
/// <param name="Region">The region.</param>
/// <param name="Values">The target's values by name.</param>
/// <param name="Approval">Which deployments a person has to approve; null for none.</param>
/// <param name="Role">The name or ARN of the role to assume, or null for the deployer's usual one.</param>
public sealed record TargetSpec(
    string Name,
    SourcePosition Position,
    string Account,
    string Region,
    IReadOnlyDictionary<string, string> Values,
    ApprovalSpec? Approval,
    string? Role
)
{
    /// <summary>What development instances of the service may be here; null where there are none.</summary>
    public InstancesSpec? Instances { get; init; }

    /// <summary>Which notifications are sent; empty for nothing.</summary>
    public IReadOnlyList<NotificationKind> Notifications { get; init; } = NotificationKinds.Usual;

    /// <summary>What is done where resources were changed by hand; null where nobody looks.</summary>
    public DriftReaction? Drift { get; init; }

    /// <summary>What the deployer does when something of this target was changed by others than itself.</summary>
    public StackChangePolicy OnStackChange { get; init; }

    /// <summary>The development instance's own name; null for the target itself.</summary>
    public string? Instance { get; private init; }

    /// <summary>The target's name in the file: for a development instance, that of the target in which it stands.</summary>
    public string Declared => Instance is null ? Name : Name[..^(Instance.Length + 1)];

    /// <summary>The steps that are meant where some are asked for or none: of a development instance, those that it has.</summary>
    /// <param name="asked">The names of the steps that are asked for; none for all.</param>
    /// <returns>Their names; none for all steps of the file.</returns>
    public IReadOnlyList<string> StepsFor(IReadOnlyList<string> asked) =>
        asked.Count > 0 || Instance is null ? asked : Instances!.StepNames;

    /// <summary>
    /// A development instance as a target of its own, so that everything that is named by its target is the instance's own.
    /// </summary>
    /// <param name="instance">The instance's name.</param>
    public TargetSpec ForInstance(string instance) => this with { Name = NameOf(Name, instance), Instance = instance };

    /// <summary>The name of a development instance's target.</summary>
    public static string NameOf(string target, string instance) => $"{target}-{instance}";
}

/// <summary>
/// What development instances of a service may be in a target: copies of some steps, each with stacks and a group of its own, for a
/// while.
/// </summary>
/// <param name="Position">Where it is written.</param>
/// <param name="Steps">The steps that an instance has.</param>
/// <param name="ExpireAfter">How long after its last deployment an instance is removed.</param>
public sealed record InstancesSpec(SourcePosition Position, IReadOnlyList<NamedStep> Steps, TimeSpan ExpireAfter)
{
    /// <summary>The names of the steps.</summary>
    public IReadOnlyList<string> StepNames => [.. Steps.Select(step => step.Name)];
}
