using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>A transactor with the values of one target.</summary>
internal sealed record TransactorInTarget(ServiceSpec Spec, TargetSpec Target, TransactorStep Step, FaultList Faults)
{
    /// <summary>The text in the target; <see langword="null"/> when it depends on a step, or is missing and reported elsewhere.</summary>
    public string? Value(Expression expression) => StaticValue.In(Spec, Target, expression);

    /// <summary>Adds a fault, with the target's name where the value is one of the target's.</summary>
    public void Report(Expression expression, string problem, string expected) =>
        Faults.Add(expression.Position, expression.References.Any() ? $"{problem} in the target \"{Target.Name}\"" : problem, expected);

    /// <summary>Reports a text that does not hold the rule.</summary>
    public void Require(Expression expression, string what, Func<string, bool> holds, string expected)
    {
        if (Value(expression) is { } value && !holds(value))
        {
            Report(expression, $"{what} is \"{value}\"", expected);
        }
    }
}
