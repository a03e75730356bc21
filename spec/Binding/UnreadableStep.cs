using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Binding;

/// <summary>A step whose kind could not be recognized; it keeps its name, so that steps that name it are not at fault too.</summary>
internal sealed record UnreadableStep(string Name, SourcePosition Position, IReadOnlyList<NamedStep> After)
    : StepSpec(Name, Position, After)
{
    public override string Kind => "unknown";

    public override bool HasOutputs => true;

    public override IEnumerable<Expression> Expressions => [];
}
