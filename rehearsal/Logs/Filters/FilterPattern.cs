using System.Text.Json;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.Logs.Filters;

/// <summary>A filter pattern of CloudWatch Logs: which messages it takes.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html</remarks>
public sealed class FilterPattern
{
    private readonly Func<string, bool> _matches;

    private FilterPattern(Func<string, bool> matches) => _matches = matches;

    /// <summary>Whether the pattern takes this message. Case matters.</summary>
    public bool Matches(string message) => _matches(message);

    /// <summary>Reads terms, quoted phrases or a JSON selector; an empty pattern takes every message.</summary>
    /// <exception cref="FormatException">It cannot be read, or is of a kind that is not simulated (space-delimited fields, regular
    /// expressions).</exception>
    public static FilterPattern Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith('['))
        {
            throw new FormatException("the rehearsal does not simulate filter patterns of space-delimited fields");
        }

        if (!text.StartsWith('{'))
        {
            return new FilterPattern(TermPattern.Parse(text));
        }

        var condition = new SelectorParser(text).Parse();
        return new FilterPattern(message => Json(message) is { ValueKind: JsonValueKind.Object } fields && condition(fields));
    }

    private static JsonElement? Json(string message)
    {
        try
        {
            return message.AsSpan().TrimStart().StartsWith("{") ? DeepJson.Document(message).RootElement : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
