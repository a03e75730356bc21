using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>A resource that a template declares.</summary>
/// <param name="LogicalId">
/// Its logical id; <see cref="Any"/> stands in it for what a loop (<c>Fn::ForEach</c>) gives and only the stack's parameters say.
/// </param>
/// <param name="Type">Its type.</param>
/// <param name="Name">The name that it gives itself, where that is written as it is.</param>
public sealed record DeclaredResource(string LogicalId, string Type, string? Name)
{
    // Letters and digits alone, so that &{Identifier}, which leaves all others out, gives it too.
    private const string Any = "AnyItemOfALoop";

    private const int MostLoops = 5;

    /// <summary>The resources of a template, those that loops make too; none for a text that is no template.</summary>
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
            .. Made(template["Resources"] as JsonObject ?? [], 0)
                .Select(resource => new DeclaredResource(
                    resource.Key,
                    Text(resource.Value["Type"]) ?? string.Empty,
                    Text((resource.Value["Properties"] as JsonObject)?["ServiceName"]) is { } name
                    && !name.Contains(Any, StringComparison.Ordinal)
                        ? name
                        : null
                )),
        ];
    }

    /// <summary>Whether it has a logical id, or may have it once its loop goes over the stack's parameters.</summary>
    /// <param name="logicalId">The logical id.</param>
    /// <param name="mayGoOn">Whether that may go on after its own.</param>
    public bool IsNamed(string logicalId, bool mayGoOn = false)
    {
        var parts = LogicalId.Split(Any);
        if (!logicalId.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = parts[0].Length;
        foreach (var part in parts.Skip(1))
        {
            // Each item is at least one character; the last part ends the id.
            at = logicalId.IndexOf(part, Math.Min(at + 1, logicalId.Length), StringComparison.Ordinal) is >= 0 and var found
                ? found + part.Length
                : -1;
            if (at < 0)
            {
                return false;
            }
        }

        return mayGoOn || at == logicalId.Length || (parts.Length > 1 && logicalId.EndsWith(parts[^1], StringComparison.Ordinal));
    }

    // What a loop repeats; an item that is not written in the template may be any.
    private static IEnumerable<KeyValuePair<string, JsonObject>> Made(JsonObject resources, int depth)
    {
        foreach (var (key, value) in resources)
        {
            if (!ForEach.IsLoop(key))
            {
                if (value is JsonObject resource)
                {
                    yield return KeyValuePair.Create(key, resource);
                }
            }
            else if (depth < MostLoops && Loop(key, value) is { } loop)
            {
                var items = (loop.Collection as JsonArray)?.Select(item => Text(item) ?? Any) ?? [Any];
                foreach (var made in items.Distinct().SelectMany(item => Made(loop.With(item), depth + 1)))
                {
                    yield return made;
                }
            }
        }
    }

    // What is no loop CloudFormation refuses.
    private static ForEach? Loop(string key, JsonNode? value)
    {
        try
        {
            return ForEach.Read(key, value);
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
