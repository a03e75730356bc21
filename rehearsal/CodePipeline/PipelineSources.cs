using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>The hosted repositories from which pipelines take their source, as templates declare them.</summary>
public static class PipelineSources
{
    /// <summary>The repositories (<c>FullRepositoryId</c>, such as <c>acme/inventory</c>) of a template's pipelines.</summary>
    /// <param name="template">The template's text; one that cannot be read gives nothing here.</param>
    /// <param name="parameters">What the stack gives to it.</param>
    /// <returns>Null for one that is not known before the stack is made.</returns>
    public static IReadOnlyList<string?> Repositories(string template, IReadOnlyDictionary<string, string> parameters)
    {
        JsonObject root;
        try
        {
            root = TemplateText.Read(template);
        }
        catch (TemplateException)
        {
            return [];
        }

        return
        [
            .. from resource in Items((root["Resources"] as JsonObject)?.Select(entry => entry.Value))
            where resource["Type"].Text() == "AWS::CodePipeline::Pipeline"
            from stage in Items(resource["Properties"]?["Stages"] as JsonArray)
            from action in Items(stage["Actions"] as JsonArray)
            where action["ActionTypeId"]?["Provider"].Text() == "CodeStarSourceConnection"
            select Known(action["Configuration"]?["FullRepositoryId"]),
        ];

        string? Known(JsonNode? node) =>
            node.IsCall(out var function, out var argument)
                ? function == "Ref" && argument.Text() is { } name
                    ? parameters.GetValueOrDefault(name)
                    : null
                : node.Text();
    }

    private static IEnumerable<JsonObject> Items(IEnumerable<JsonNode?>? nodes) => (nodes ?? []).OfType<JsonObject>();
}
