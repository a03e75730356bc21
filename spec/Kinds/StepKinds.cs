namespace Deployer.Spec.Kinds;

/// <summary>The kinds of step that a file may have.</summary>
/// <param name="all">The kinds, in the order in which messages name them.</param>
public sealed class StepKinds(IReadOnlyList<StepKind> all)
{
    /// <summary>The kinds of the deployer.</summary>
    public static StepKinds BuiltIn { get; } =
        new([new StackStepKind(), new IonsStepKind(), new EndpointStepKind(), new ServiceStepKind(), new TransactorStepKind()]);

    /// <summary>The kinds, in the order in which messages name them.</summary>
    public IReadOnlyList<StepKind> All => all;

    /// <summary>The kind that a key stands for, or <see langword="null"/>.</summary>
    public StepKind? Find(string key) => all.FirstOrDefault(kind => kind.Key == key);

    /// <summary>These kinds and one more.</summary>
    public StepKinds With(StepKind kind) => new([.. all, kind]);
}
