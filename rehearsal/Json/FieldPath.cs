using System.Globalization;
using System.Text.Json;

namespace Deployer.Rehearsal.Json;

/// <summary>
/// The simple paths of EventBridge and CloudWatch Logs: <c>$</c>, then <c>.name</c> (dashes and colons allowed),
/// <c>['name']</c> and <c>[0]</c>. The States language has a richer one of its own.
/// </summary>
internal sealed class FieldPath
{
    private readonly IReadOnlyList<object> _steps;

    private FieldPath(IReadOnlyList<object> steps) => _steps = steps;

    /// <exception cref="FormatException">It is not such a path.</exception>
    internal static FieldPath Parse(string text)
    {
        if (!text.StartsWith('$'))
        {
            throw new FormatException($"the path '{text}' does not begin with $");
        }

        var steps = new List<object>();
        for (var at = 1; at < text.Length; )
        {
            int end;
            if (text[at] == '.')
            {
                end = text.IndexOfAny(['.', '['], at + 1) is var next && next < 0 ? text.Length : next;
                var name = text[(at + 1)..end];
                steps.Add(
                    name.Length > 0 && name != "*" ? name : throw new FormatException($"the rehearsal does not simulate the path '{text}'")
                );
            }
            else if (text[at] == '[' && text.IndexOf(']', at) is var close and > 0)
            {
                end = close + 1;
                steps.Add(Bracketed(text[(at + 1)..close], text));
            }
            else
            {
                throw new FormatException($"the rehearsal does not simulate the path '{text}'");
            }

            at = end;
        }

        return new FieldPath(steps);
    }

    /// <summary>The value at the path, or nothing.</summary>
    internal JsonElement? Find(JsonElement root)
    {
        var value = root;
        foreach (var step in _steps)
        {
            switch (step)
            {
                case string name when value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var child):
                    value = child;
                    break;
                case int index when value.ValueKind == JsonValueKind.Array && index < value.GetArrayLength():
                    value = value[index];
                    break;
                default:
                    return null;
            }
        }

        return value;
    }

    private static object Bracketed(string inner, string text)
    {
        if (inner.Length > 2 && inner[0] is '\'' or '"' && inner[^1] == inner[0])
        {
            return inner[1..^1];
        }

        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new FormatException($"the rehearsal does not simulate the path '{text}'");
    }
}
