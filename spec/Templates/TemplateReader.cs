using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Reads and checks a template in JSON or YAML. CloudFormation reads YAML without aliases
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html), and so does this.
/// </summary>
internal static class TemplateReader
{
    /// <summary>
    /// The outline of one of the service's templates, which is checked; null, with a fault, when the file is not a template.
    /// </summary>
    public static TemplateOutline? Read(ISourceFolder folder, RelativePath path, FaultList faults)
    {
        if (
            SourceText.Read(folder, path, faults, SourceText.MaxTemplateBytes) is not { } text
            || TemplateText.Read(text, path.Value, faults) is not { } root
        )
        {
            return null;
        }
        if (root.At("Resources") is not YamlMapping)
        {
            faults.Add(root.Position, "there are no Resources", TemplateText.Expected);
            return null;
        }
        TemplateStructure.Check(root, faults);
        TemplateLoops.Check(root, faults);
        TemplateLimits.Check(root, faults);
        TemplateReferences.Check(root, faults);
        TemplateCalls.Check(root, faults);
        TemplateCycles.Check(root, faults);
        TemplateConditions.Check(root, faults);
        TemplateVariables.Check(root, faults);
        TemplateInclusions.CheckSnippets(root, faults);
        if (!TemplateText.IsJson(text))
        {
            TemplateScalars.Check(root, faults);
        }
        return OutlineOf(root);
    }

    /// <summary>The outline of somebody else's template, about which nothing is said; null when it cannot be read.</summary>
    public static TemplateOutline? ReadOutline(ISourceFolder folder, RelativePath path) =>
        SourceText.Read(folder, path, new FaultList(), SourceText.MaxTemplateBytes) is { } text
        && TemplateText.Read(text, path.Value, new FaultList()) is { } root
        && root.At("Resources") is YamlMapping
            ? OutlineOf(root)
            : null;

    private static TemplateOutline OutlineOf(YamlNode root)
    {
        var names = TemplateNames.Read(root);
        return new TemplateOutline(
            root,
            TemplateParameter.ReadAll(root),
            names.MayGrow("Outputs")
                ? null
                :
                [
                    .. root.Entries("Outputs")
                        .Select(entry => new TemplateOutput(entry.Key.Value, TemplateFunction.Literal(entry.Value.At("Condition"))?.Value)),
                ],
            TemplateFacts.Read(root),
            TemplateArtifact.Find(root)
        );
    }
}
