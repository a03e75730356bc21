using System.Text.Json;

namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>
/// An event pattern: which events a rule takes. Every field that the pattern names must match; its array lists the values
/// that do.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html</remarks>
public sealed class EventPattern
{
    private readonly FieldsNode _root;

    private EventPattern(FieldsNode root) => _root = root;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="InvalidEventPatternException">It is not a pattern, or uses an operator that is not simulated.</exception>
    public static EventPattern Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new EventPattern(PatternParser.Fields(document.RootElement.Clone()));
        }
        catch (JsonException exception)
        {
            throw new InvalidEventPatternException($"not JSON: {exception.Message}");
        }
    }

    /// <summary>Whether the rule takes this event.</summary>
    public bool Matches(JsonElement @event) => _root.Matches(@event);
}
