using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>A pair of Datomic Pro transactors on Fargate.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Service">The ECS service's name.</param>
/// <param name="Cluster">The ECS cluster.</param>
/// <param name="Image">The transactor's image.</param>
/// <param name="Version">The version of Datomic Pro in the image.</param>
public sealed record TransactorStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Service,
    Expression Cluster,
    Expression Image,
    string Version
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "transactor";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Service, Cluster, Image];
}
