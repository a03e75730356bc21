using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>Reads the text of a template, in JSON or YAML, into nodes.</summary>
internal static class TemplateText
{
    /// <summary>What a template is, in words.</summary>
    public const string Expected = "a CloudFormation template with Resources";

    /// <summary>The template's root; null, with a fault, when it cannot be read.</summary>
    public static YamlNode? Read(string text, string file, FaultList faults) =>
        IsJson(text) ? JsonReader.Read(text, file, faults, Expected) : YamlReader.Read(text, file, faults, tags: true);

    /// <summary>Whether a template is JSON, or is meant to be: one in YAML begins with no brace and with no such comment.</summary>
    public static bool IsJson(string text) =>
        text.AsSpan().TrimStart() is var start && (start.StartsWith("{") || start.StartsWith("//") || start.StartsWith("/*"));
}
