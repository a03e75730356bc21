using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Which functions an endpoint is injected into, and which variables.</summary>
internal static class EndpointRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var name in spec.Steps.OfType<EndpointStep>().SelectMany(step => step.FunctionNames))
        {
            StaticValue.Check(
                spec,
                name,
                "the function's name",
                IsPattern,
                "1 to 64 letters, digits, hyphens and underscores, with * and ? as wildcards",
                faults
            );
        }
        foreach (var step in spec.Steps.OfType<EndpointStep>())
        {
            CheckSize(spec, step, faults);
        }
    }

    // A function has variables of its own beside these, so that only what is too much already is certain to fail.
    private static void CheckSize(ServiceSpec spec, EndpointStep step, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
            var (longest, length) = (step.Position, -1);
            foreach (var (name, expression) in step.Variables)
            {
                var value = StaticValue.In(spec, target, expression);
                variables[name] = value;
                if (value?.Length > length)
                {
                    (longest, length) = (expression.Position, value.Length);
                }
            }
            if (LambdaVariables.LeastBytes(variables) is var bytes and > LambdaVariables.MostBytes)
            {
                faults.Add(
                    longest,
                    $"the variables of the step \"{step.Name}\" have {bytes} bytes in the target \"{target.Name}\"",
                    $"at most {LambdaVariables.MostBytes} with their names: Lambda takes no more for all variables of a function"
                );
            }
        }
    }

    private static bool IsPattern(string name) =>
        name.Length is > 0 and <= 64
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '*' or '?');
}
