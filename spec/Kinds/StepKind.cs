using Deployer.Spec.Binding;
using Deployer.Spec.Faults;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>One kind of step as the file has it: its keys, how they are bound, and the rules that hold for it.</summary>
public abstract class StepKind
{
    /// <summary>The key that says the kind.</summary>
    public string Key => Shape.Keys[0].Name;

    /// <summary>Whether the deployer has an implementation; a step of a kind without one is refused.</summary>
    public virtual bool IsImplemented => true;

    /// <summary>The keys of a step; the first one says the kind.</summary>
    internal abstract ObjectShape Shape { get; }

    /// <summary>Binds a step whose shape has been checked; <see langword="null"/> when it cannot be read, which is reported then.</summary>
    internal abstract StepSpec? Bind(StepNode node);

    /// <summary>Checks what has to hold for all steps of the kind together, and between them and the service's folder.</summary>
    internal virtual void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults) { }

    /// <summary>Checks that a step can be one of a development instance: it touches nothing but what is the instance's own.</summary>
    internal virtual void CheckInstance(StepSpec step, NamedStep named, FaultList faults) { }
}

/// <summary>A step of the document that is bound.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Body">Its keys.</param>
/// <param name="Values">Takes texts with references out of it.</param>
/// <param name="Faults">Receives what is wrong.</param>
internal sealed record StepNode(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    YamlNode Body,
    NodeValues Values,
    FaultList Faults
);
