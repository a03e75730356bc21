using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>A CloudFormation stack.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Stack">The stack's name; known from the target alone.</param>
/// <param name="StackKind">Which of Datomic's rules hold.</param>
/// <param name="Template">A file of the service or an https address; known from the target alone.</param>
/// <param name="Parameters">Parameters by name; others keep their value.</param>
/// <param name="Tags">Tags by key.</param>
/// <param name="Publish">The path below which outputs are written as SSM parameters, or null.</param>
/// <param name="Capabilities">Capabilities granted, which are also all that the templates may need; null for exactly those that they
/// need.</param>
public sealed record StackStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Stack,
    StackKind StackKind,
    Expression Template,
    IReadOnlyDictionary<string, Expression> Parameters,
    IReadOnlyDictionary<string, Expression> Tags,
    Expression? Publish,
    IReadOnlyList<string>? Capabilities
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "stack";

    /// <inheritdoc/>
    public override bool HasOutputs => true;

    /// <inheritdoc/>
    public override bool DeploysSystem => StackKind is StackKind.DatomicStorage or StackKind.DatomicCompute;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Templates => [Template];

    /// <inheritdoc/>
    public override IEnumerable<Expression> OwnNames => Publish is null ? [Stack] : [Stack, Publish];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        [Stack, Template, .. Parameters.Values, .. Tags.Values, .. Publish is null ? [] : new[] { Publish }];
}
