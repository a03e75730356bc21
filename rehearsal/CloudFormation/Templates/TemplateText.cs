using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Reads a template's text, JSON or YAML, into JSON nodes with every intrinsic function in its long form.</summary>
public static class TemplateText
{
    /// <exception cref="TemplateException">The text is not well-formed, or is no object.</exception>
    public static JsonObject Read(string text)
    {
        var node = text.AsSpan().TrimStart().StartsWith("{") ? ReadJson(text) : YamlReader.Read(text);
        var root = node as JsonObject ?? throw new TemplateException("Template format error: unsupported structure.");
        RefuseNulls(root, "");
        return root;
    }

    private static JsonNode? ReadJson(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new TemplateException(
                $"Template format error: JSON not well-formed. (line {e.LineNumber + 1}, column {e.BytePositionInLine + 1})"
            );
        }
        catch (ArgumentException)
        {
            throw new TemplateException("Template format error: JSON not well-formed: half of a character.");
        }
    }

    private static void RefuseNulls(JsonNode? node, string path)
    {
        switch (node)
        {
            case null:
                throw new TemplateException($"[{path}] 'null' values are not allowed in templates");
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    RefuseNulls(value, $"{path}/{key}");
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    RefuseNulls(list[i], $"{path}/{i}");
                }

                break;
        }
    }
}
