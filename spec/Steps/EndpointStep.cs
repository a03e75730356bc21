using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>The address of Datomic, injected into Lambda functions.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Endpoint">What the DNS name is found from; its meaning depends on the route.</param>
/// <param name="Via">The route.</param>
/// <param name="FunctionNames">Names of functions, in which <c>*</c> stands for any characters and <c>?</c> for one.</param>
/// <param name="Variables">Variables to set, by name.</param>
public sealed record EndpointStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Endpoint,
    EndpointRoute Via,
    IReadOnlyList<Expression> FunctionNames,
    IReadOnlyDictionary<string, Expression> Variables
) : StepSpec(Name, Position, After)
{
    /// <summary>The alias of the functions that has to have the variables too; null for <c>$LATEST</c> alone.</summary>
    public string? Alias { get; init; }

    /// <inheritdoc/>
    public override string Kind => "endpoint";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Endpoint, .. FunctionNames, .. Variables.Values];
}
