using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>The capabilities that templates need and no others, so that a template that begins to make roles is noticed where a step says what it may.</summary>
internal static class StackCapabilities
{
    /// <summary>What a stack's templates need.</summary>
    /// <param name="step">The step; it may say what it allows.</param>
    /// <param name="templates">The template and the nested ones, summed up by CloudFormation.</param>
    /// <exception cref="SpecInvalidException">The step does not allow what is needed.</exception>
    public static List<string> Of(StackStep step, IReadOnlyList<GetTemplateSummaryResponse> templates)
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
            ? [.. needed.Order(StringComparer.Ordinal)]
            : throw new SpecInvalidException(
                $"{step.Position}: the template needs {string.Join(", ", refused.Order(StringComparer.Ordinal))}; the step allows {string.Join(", ", step.Capabilities!)}"
            );
    }
}
