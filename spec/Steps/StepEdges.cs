using Deployer.Spec.Expressions;

namespace Deployer.Spec.Steps;

/// <summary>Finds which steps wait for which.</summary>
internal static class StepEdges
{
    /// <summary>The edges between steps that exist, in the order of the file.</summary>
    public static IReadOnlyList<StepEdge> Find(IReadOnlyList<StepSpec> steps)
    {
        var names = steps.Select(step => step.Name).ToHashSet();
        return
        [
            .. steps
                .SelectMany(step => Named(step).Concat(Referred(step)).Concat(Ordered(step, steps)))
                .Where(edge => names.Contains(edge.Before)),
        ];
    }

    private static IEnumerable<StepEdge> Named(StepSpec step) =>
        step.After.Select(before => new StepEdge(step.Name, before.Name, "after", before.Position));

    private static IEnumerable<StepEdge> Referred(StepSpec step) =>
        from expression in step.Expressions
        from output in expression.References.OfType<StepOutput>()
        select new StepEdge(step.Name, output.Step, output.ToString(), expression.Position);

    // Datomic creates and upgrades storage, then the primary group, then query groups
    // (https://docs.datomic.com/operation/upgrading.html); they export and import each other's values.
    private static IEnumerable<StepEdge> Ordered(StepSpec step, IReadOnlyList<StepSpec> steps) =>
        step is StackStep { StackKind: not StackKind.Plain } stack
            ? from other in steps.OfType<StackStep>()
            where other.StackKind != StackKind.Plain && other.StackKind < stack.StackKind
            select new StepEdge(
                step.Name,
                other.Name,
                $"{StackKinds.Name(other.StackKind)} before {StackKinds.Name(stack.StackKind)}",
                step.Position
            )
            : [];
}
