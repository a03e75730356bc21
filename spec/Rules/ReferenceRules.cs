using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>Whatever is named exists: steps in <c>after</c> and in references, values in every target.</summary>
internal static class ReferenceRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        var steps = spec.Steps.Select(step => step.Name).ToList();
        foreach (var step in spec.Steps)
        {
            foreach (var before in step.After.Where(before => !steps.Contains(before.Name)))
            {
                faults.Add(
                    before.Position,
                    $"the step \"{before.Name}\" in after of \"{step.Name}\" does not exist",
                    NearestName.Expectation(before.Name, steps)
                );
            }
            foreach (var expression in step.Expressions)
            {
                foreach (var reference in expression.References)
                {
                    CheckReference(reference, expression.Position, spec, steps, faults);
                }
            }
        }
    }

    private static void CheckReference(Reference reference, SourcePosition position, ServiceSpec spec, List<string> steps, FaultList faults)
    {
        switch (reference)
        {
            case StepOutput output when spec.Step(output.Step) is not { } step:
                faults.Add(
                    position,
                    $"the step \"{output.Step}\" in {reference} does not exist",
                    NearestName.Expectation(output.Step, steps)
                );
                break;
            case StepOutput output when spec.Step(output.Step) is { HasOutputs: false }:
                faults.Add(
                    position,
                    $"{reference} names a step of kind {spec.Step(output.Step)!.Kind}",
                    "a stack: other steps have no outputs"
                );
                break;
            case TargetValue value
                when spec.Targets.Where(target => !target.Values.ContainsKey(value.Value)).ToList() is { Count: > 0 } without:
                var known = spec.Targets.SelectMany(target => target.Values.Keys).Append("target").Append("service").Distinct().ToList();
                var expected = known.Contains(value.Value)
                    ? $"a value \"{value.Value}\" in every target"
                    : NearestName.Expectation(value.Value, known);
                faults.Add(
                    position,
                    $"{reference} is not among the values of {string.Join(", ", without.Select(target => target.Name))}",
                    expected
                );
                break;
        }
    }
}
