using System.Text.Json;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Reads the outline of a template in JSON or YAML. CloudFormation reads YAML without aliases
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html), and so does this.
/// </summary>
internal static class TemplateReader
{
    private const string Expected = "a CloudFormation template with Resources";

    /// <summary>The outline; null, with a fault, when the file is not a template.</summary>
    public static TemplateOutline? Read(ISourceFolder folder, RelativePath path, FaultList faults)
    {
        if (SourceText.Read(folder, path, faults, SourceText.MaxTemplateBytes) is not { } text)
        {
            return null;
        }
        return text.TrimStart().StartsWith('{') ? ReadJson(text, path.Value, faults) : ReadYaml(text, path.Value, faults);
    }

    private static TemplateOutline? ReadJson(string text, string file, FaultList faults)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (!root.TryGetProperty("Resources", out _))
            {
                faults.Add(SourcePosition.StartOf(file), "there are no Resources", Expected);
                return null;
            }
            return Outline(
                section =>
                    root.TryGetProperty(section, out var value) && value.ValueKind == JsonValueKind.Object
                        ? value.EnumerateObject().Select(property => property.Name)
                        : [],
                root.TryGetProperty("Transform", out var transform) ? transform.ToString() : null,
                TemplateFacts.Read(text, file),
                TemplateArtifact.In(text, file)
            );
        }
        catch (JsonException problem)
        {
            var position = new SourcePosition(file, (int)(problem.LineNumber ?? 0) + 1, (int)(problem.BytePositionInLine ?? 0) + 1);
            faults.Add(position, "the JSON cannot be read", Expected);
            return null;
        }
    }

    private static TemplateOutline? ReadYaml(string text, string file, FaultList faults)
    {
        if (YamlReader.Read(text, file, faults, tags: true) is not { } root)
        {
            return null;
        }
        if (root.At("Resources") is not YamlMapping)
        {
            faults.Add(root.Position, "there are no Resources", Expected);
            return null;
        }
        return Outline(
            section => root.Entries(section).Select(entry => entry.Key.Value),
            root.At("Transform") is { } transform ? (transform as YamlScalar)?.Value ?? "several" : null,
            TemplateFacts.Of(root),
            TemplateArtifact.Of(root)
        );
    }

    // SAM's transform adds resources only; any other macro may add parameters' uses and outputs.
    private static TemplateOutline Outline(
        Func<string, IEnumerable<string>> section,
        string? transform,
        TemplateFacts facts,
        IReadOnlyList<TemplateArtifact> artifacts
    )
    {
        var known = transform is null or "AWS::Serverless-2016-10-31";
        return new TemplateOutline(Names("Parameters"), known ? Names("Outputs") : null, facts, artifacts);

        IReadOnlyList<string>? Names(string name)
        {
            var names = section(name).ToList();
            return names.Exists(one => one.StartsWith("Fn::", StringComparison.Ordinal)) ? null : names;
        }
    }
}
