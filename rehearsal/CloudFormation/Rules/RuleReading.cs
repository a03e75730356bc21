using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>
/// Reads properties for a rule, in a template as in a resource that is made: what a function gives, or a dynamic reference, is not known.
/// </summary>
internal static class RuleReading
{
    /// <summary>A text that is written; <see langword="null"/> for none, and for one that is not known.</summary>
    public static string? Known(this JsonObject properties, string name) => Known(properties[name]);

    /// <inheritdoc cref="Known(JsonObject, string)"/>
    public static string? Known(JsonNode? value) =>
        value is JsonValue && value.Text() is { } text && !text.Contains("{{resolve:", StringComparison.Ordinal) ? text : null;

    /// <summary>A whole number that is written.</summary>
    public static long? KnownNumber(this JsonObject properties, string name) =>
        long.TryParse(properties.Known(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether something is given, or may be: a function may give nothing (<c>AWS::NoValue</c>).</summary>
    public static bool Has(this JsonObject properties, string name) => properties[name] is not null;

    /// <summary>Whether something is certain to be given.</summary>
    public static bool IsGiven(this JsonObject properties, string name) =>
        properties.Has(name) && !(properties[name].IsCall(out var function, out var argument) && MayBeNothing(function, argument));

    private static bool MayBeNothing(string function, JsonNode? argument) =>
        function == "Fn::If" || (function == "Ref" && argument.Text() == "AWS::NoValue");

    /// <summary>A map that is written.</summary>
    public static JsonObject? KnownMap(this JsonObject properties, string name) =>
        properties[name] is JsonObject map && !map.IsCall(out _, out _) ? map : null;

    /// <summary>The maps of a list, with their places; those that a function gives are left out.</summary>
    public static IEnumerable<(int Index, JsonObject Map)> KnownMaps(this JsonObject properties, string name) =>
        properties[name] is JsonArray list
            ? list.Select((item, index) => (index, item as JsonObject))
                .Where(item => item.Item2 is not null && !item.Item2.IsCall(out _, out _))
                .Select(item => (item.index, item.Item2!))
            : [];

    /// <summary>Whether all of a list, or of what it holds, is known.</summary>
    public static bool IsWritten(JsonNode? value) =>
        value switch
        {
            JsonArray list => list.All(IsWritten),
            JsonObject map => !map.IsCall(out _, out _) && map.All(member => IsWritten(member.Value)),
            null => true,
            _ => Known(value) is not null,
        };
}
