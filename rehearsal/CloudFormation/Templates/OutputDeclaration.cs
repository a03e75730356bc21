using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>One member of a template's <c>Outputs</c>, not yet evaluated.</summary>
public sealed record OutputDeclaration(string Name, JsonNode Value, string? Description, JsonNode? ExportName, string? Condition)
{
    // AWS's words: aws-cloudformation/cfn-lint#485 (a list), org-formation/org-formation-cli#15 (a map), KablamoOSS/kombustion#16.
    private const string NoTextWords = "Template format error: The Value field of every Outputs member must evaluate to a String";

    /// <summary>What an output that is no text is refused with.</summary>
    internal static TemplateException NoText => new($"{NoTextWords}.");

    internal static OutputDeclaration Read(string name, JsonNode? node)
    {
        if (!name.All(char.IsAsciiLetterOrDigit))
        {
            throw new TemplateException($"Template format error: Output name {name} is non alphanumeric.");
        }

        if (node is not JsonObject map || map["Value"] is not { } value)
        {
            throw new TemplateException("Template format error: Every Outputs member must contain a Value object");
        }

        if (map.Select(m => m.Key).FirstOrDefault(key => key is not ("Value" or "Description" or "Export" or "Condition")) is { } odd)
        {
            throw new TemplateException($"Template format error: Invalid output property: {odd}");
        }

        switch (value)
        {
            case JsonArray:
                throw new TemplateException($"{NoTextWords} and not a List.");
            case JsonObject when !value.IsCall(out _, out _):
                throw new TemplateException($"{NoTextWords} and not a Map.");
        }

        return new OutputDeclaration(
            name,
            value,
            map["Description"].Text(),
            (map["Export"] as JsonObject)?["Name"],
            map["Condition"].Text()
        );
    }
}
