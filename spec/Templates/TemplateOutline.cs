namespace Deployer.Spec.Templates;

/// <summary>What a CloudFormation template of the service takes and gives.</summary>
/// <param name="Parameters">The names of its parameters; null when a macro can add some.</param>
/// <param name="Outputs">The names of its outputs; null when a macro can add some.</param>
/// <param name="Facts">What else it says without being evaluated.</param>
/// <param name="Artifacts">What it names of the service's folder.</param>
internal sealed record TemplateOutline(
    IReadOnlyList<string>? Parameters,
    IReadOnlyList<string>? Outputs,
    TemplateFacts Facts,
    IReadOnlyList<TemplateArtifact> Artifacts
);
