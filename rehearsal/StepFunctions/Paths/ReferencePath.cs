using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>A path that names one place, as <c>ResultPath</c> does: property names and indexes only.</summary>
public static class ReferencePath
{
    /// <summary>Whether the text is a path into the input that names one place.</summary>
    public static bool IsValid(string text) =>
        JsonPath.IsValid(text)
        && JsonPath.Parse(text) is { Root: "$" } path
        && path.Steps.All(s => s is PropertyStep or IndexStep { IsDefinite: true });

    /// <summary>A copy of <paramref name="input"/> with <paramref name="value"/> at the place; missing objects on the way are created.
    /// Throws <see cref="PathNotFoundException"/> when the way leads through something that is no object or array.</summary>
    public static JsonNode? Put(string path, JsonNode? input, JsonNode? value)
    {
        var steps = JsonPath.Parse(path).Steps;
        if (steps.Count == 0)
        {
            return value?.DeepClone();
        }

        var result = input is JsonObject or JsonArray ? input.DeepClone() : throw Refused(path, input);
        var at = result;
        for (var i = 0; i < steps.Count; i++)
        {
            var last = i == steps.Count - 1;
            switch (steps[i])
            {
                case PropertyStep(var name) when at is JsonObject o:
                    if (last)
                    {
                        o[name] = value?.DeepClone();
                    }
                    else
                    {
                        if (o[name] is not (JsonObject or JsonArray))
                        {
                            o[name] = new JsonObject();
                        }

                        at = o[name]!;
                    }

                    break;
                case IndexStep { Indexes: [var index] } when at is JsonArray a && index >= 0 && index < a.Count:
                    if (last)
                    {
                        a[index] = value?.DeepClone();
                    }
                    else
                    {
                        at = a[index] ?? throw Refused(path, input);
                    }

                    break;
                default:
                    throw Refused(path, input);
            }
        }

        return result;
    }

    private static PathNotFoundException Refused(string path, JsonNode? input) =>
        new($"Unable to apply ReferencePath {path} to input {StateData.Text(input)}");
}
