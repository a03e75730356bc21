using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// The capabilities that templates need and those that a step grants: nested templates at an address are not read before CloudFormation
/// reads them, so that only the step can know what they need. A template that needs more than a step grants is refused.
/// </summary>
internal static class StackCapabilities
{
    /// <summary>What CloudFormation is allowed to do.</summary>
    /// <param name="step">The step; it may say what it grants.</param>
    /// <param name="templates">The template and the nested ones, summed up by CloudFormation.</param>
    /// <exception cref="SpecInvalidException">The step grants something, and not what is needed.</exception>
    public static List<string> Require(StackStep step, IReadOnlyList<GetTemplateSummaryResponse> templates)
    {
        var needed = templates.SelectMany(template => template.Capabilities ?? []).ToHashSet(StringComparer.Ordinal);
        if (templates.Any(template => template.DeclaredTransforms is { Count: > 0 }))
        {
            needed.Add(Capability.CAPABILITY_AUTO_EXPAND);
        }

        var refused = needed
            .Where(capability =>
                step.Capabilities is { } allowed
                && !allowed.Contains(capability)
                && !(capability == Capability.CAPABILITY_IAM && allowed.Contains(Capability.CAPABILITY_NAMED_IAM.Value))
            )
            .ToList();
        return refused.Count == 0
            ? [.. needed.Union(step.Capabilities ?? []).Order(StringComparer.Ordinal)]
            : throw new SpecInvalidException(
                $"{step.Position}: the template needs {string.Join(", ", refused.Order(StringComparer.Ordinal))}; "
                    + $"the step grants {(step.Capabilities!.Count == 0 ? "none" : string.Join(", ", step.Capabilities))}"
            );
    }
}
