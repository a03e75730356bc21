using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>What a CloudFormation template takes and gives.</summary>
/// <param name="Root">Its text as nodes.</param>
/// <param name="Parameters">Its parameters; null when a macro can add some.</param>
/// <param name="Outputs">Its outputs; null when a macro can add some.</param>
/// <param name="Facts">What else it says without being evaluated.</param>
/// <param name="Artifacts">What it names of the service's folder.</param>
internal sealed record TemplateOutline(
    YamlNode Root,
    IReadOnlyList<TemplateParameter>? Parameters,
    IReadOnlyList<TemplateOutput>? Outputs,
    TemplateFacts Facts,
    IReadOnlyList<TemplateArtifact> Artifacts
);

/// <summary>An output of a template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Condition">The condition that decides whether it is there; null where it always is.</param>
internal sealed record TemplateOutput(string Name, string? Condition);
