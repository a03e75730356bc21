using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Fuzzing;

/// <summary>The bodies of a request with one value wrong: of another type of JSON, or missing.</summary>
internal static class WrongBodies
{
    private static readonly string[] Others = ["5", "1.5", "\"x\"", "true", "[]", "{}", "[5]", "null"];

    /// <summary>All of them; none where the body is neither JSON nor a form.</summary>
    internal static IEnumerable<string> Of(WireRequest request)
    {
        var body = Encoding.UTF8.GetString(request.Body.Span);
        if (request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
        {
            var fields = body.Split('&');
            return fields.Where(field => !IsOfProtocol(field)).SelectMany(field => new[] { Without(field), Without(field, "=x") });

            string Without(string field, string? value = null) =>
                string.Join('&', fields.Where(other => other != field).Concat(value is null ? [] : [field.Split('=')[0] + value]));
        }

        return Parse(body) is { } json ? Wrong(json).Select(node => node?.ToJsonString() ?? "null") : [];
    }

    private static bool IsOfProtocol(string field) => field.Split('=')[0] is "Action" or "Version";

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Every form of a value in which it, or one value within it, is wrong.</summary>
    private static IEnumerable<JsonNode?> Wrong(JsonNode? node)
    {
        foreach (var other in Others)
        {
            yield return JsonNode.Parse(other);
        }

        switch (node)
        {
            case JsonObject structure:
                foreach (var (name, value) in structure)
                {
                    var without = structure.DeepClone().AsObject();
                    without.Remove(name);
                    yield return without;
                    foreach (var wrong in Wrong(value))
                    {
                        var changed = structure.DeepClone().AsObject();
                        changed[name] = wrong?.DeepClone();
                        yield return changed;
                    }
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    foreach (var wrong in Wrong(list[i]))
                    {
                        var changed = list.DeepClone().AsArray();
                        changed[i] = wrong?.DeepClone();
                        yield return changed;
                    }
                }

                break;
        }
    }
}
