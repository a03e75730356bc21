using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>An ECS service.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Service">The ECS service's name.</param>
/// <param name="Cluster">The ECS cluster.</param>
/// <param name="Images">The image of each container.</param>
public sealed record ServiceStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Service,
    Expression Cluster,
    IReadOnlyDictionary<string, Expression> Images
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "service";

    /// <inheritdoc/>
    public override IEnumerable<Expression> EcsServices => [Service];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Service, Cluster, .. Images.Values];
}
