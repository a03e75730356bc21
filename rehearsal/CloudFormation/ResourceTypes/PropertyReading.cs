using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Reads evaluated properties.</summary>
public static class PropertyReading
{
    /// <summary>A text; null when it is not given.</summary>
    public static string? Text(this JsonObject properties, string name) => properties[name].Text();

    /// <exception cref="TemplateException">The property is missing.</exception>
    public static string Required(this JsonObject properties, string name) =>
        properties.Text(name)
        ?? throw new TemplateException($"Properties validation failed for resource with message: [#: required key [{name}] not found]");

    /// <summary>A whole number; null when it is not given.</summary>
    public static int? Number(this JsonObject properties, string name) =>
        properties.Text(name) is not { } text ? null
        : int.TryParse(text, out var number) ? number
        : throw new TemplateException(
            $"Properties validation failed for resource with message: [#/{name}: expected type: Integer, found: String]"
        );

    /// <summary>A truth value; null when it is not given.</summary>
    public static bool? Flag(this JsonObject properties, string name) =>
        properties.Text(name) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            _ => throw new TemplateException(
                $"Properties validation failed for resource with message: [#/{name}: expected type: Boolean, found: String]"
            ),
        };

    /// <summary>The members of a list of texts; none when it is not given.</summary>
    public static IEnumerable<string> Texts(this JsonObject properties, string name) =>
        (properties[name] as JsonArray ?? []).Select(item => item.Text() ?? "");
}
