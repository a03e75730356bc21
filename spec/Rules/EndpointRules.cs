using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Which functions an endpoint is injected into.</summary>
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
    }

    private static bool IsPattern(string name) =>
        name.Length is > 0 and <= 64
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '*' or '?');
}
