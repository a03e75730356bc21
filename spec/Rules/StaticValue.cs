using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>What a text comes to in each target, as far as the file alone shows.</summary>
internal static class StaticValue
{
    /// <summary>The text in the target; null when it depends on a step, or on something that is missing and reported elsewhere.</summary>
    public static string? In(ServiceSpec spec, TargetSpec target, Expression expression) =>
        expression.Text.Length == 0 ? null : expression.Evaluate(spec.Resolver(target)).Value;

    /// <summary>Reports a text that does not hold the rule, naming the value when the target made it.</summary>
    public static void Check(
        ServiceSpec spec,
        Expression expression,
        string what,
        Func<string, bool> holds,
        string expected,
        FaultList faults
    )
    {
        foreach (var target in spec.Targets)
        {
            if (In(spec, target, expression) is { } value && !holds(value))
            {
                var origin = value == expression.Text ? "" : $" in the target \"{target.Name}\"";
                faults.Add(expression.Position, $"{what} is \"{value}\"{origin}, of {value.Length} characters", expected);
            }
        }
    }
}
