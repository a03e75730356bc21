using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>A resource that a template declares.</summary>
/// <param name="LogicalId">Its logical id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">The name that it gives itself, where that is written as it is.</param>
public sealed record DeclaredResource(string LogicalId, string Type, string? Name)
{
    /// <summary>The resources of a template; none for a text that is no template.</summary>
    public static IReadOnlyList<DeclaredResource> In(string text)
    {
        JsonObject template;
        try
        {
            template = TemplateText.Read(text);
        }
        catch (TemplateException)
        {
            return [];
        }

        return
        [
            .. (template["Resources"] as JsonObject ?? []).Select(resource => new DeclaredResource(
                resource.Key,
                Text(resource.Value?["Type"]) ?? string.Empty,
                Text((resource.Value?["Properties"] as JsonObject)?["ServiceName"])
            )),
        ];
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
