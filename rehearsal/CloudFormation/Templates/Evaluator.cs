using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Evaluates a template's values: functions, references, conditions.</summary>
public sealed partial class Evaluator(Template template, EvaluationScope scope)
{
    private static readonly object NoValue = new();
    private readonly Dictionary<string, bool> _conditions = [];

    /// <summary>Whether a resource or output with this condition (null: none) exists.</summary>
    public bool Holds(string? condition) => condition is null || Condition(condition);

    /// <summary>The value of a named condition.</summary>
    public bool Condition(string name)
    {
        if (!_conditions.TryGetValue(name, out var value))
        {
            var expression =
                template.Conditions.GetValueOrDefault(name)
                ?? throw new TemplateException(
                    $"Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
                );
            _conditions[name] = value = Judge(expression);
        }

        return value;
    }

    /// <summary>Evaluates an object's members; a member whose value is <c>AWS::NoValue</c> is left out.</summary>
    public JsonObject Properties(JsonObject properties)
    {
        var result = new JsonObject();
        foreach (var (key, value) in properties)
        {
            if (Inner(value) is var inner && inner != NoValue)
            {
                result[key] = (JsonNode?)inner;
            }
        }

        return result;
    }

    /// <summary>Evaluates one value; null when it is <c>AWS::NoValue</c>.</summary>
    public JsonNode? Value(JsonNode? node) => Inner(node) is var value && value != NoValue ? (JsonNode?)value : null;

    private object? Inner(JsonNode? node)
    {
        if (node.IsCall(out var name, out var argument))
        {
            // A dynamic reference is resolved wherever its text comes from: a function may put it together, a parameter may have it.
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
            var called = Call(name, argument);
            return called is JsonNode value && HasReference(value) ? (JsonNode)Dynamic(value.Text()!) : called;
        }

        return node switch
        {
            JsonObject map => Properties(map),
            JsonArray list => new JsonArray([.. list.Select(Inner).Where(item => item != NoValue).Cast<JsonNode?>()]),
            _ when HasReference(node) => (JsonNode)Dynamic(node.Text()!),
            _ => node?.DeepClone(),
        };
    }

    private object? Call(string name, JsonNode? argument) =>
        (name, argument) switch
        {
            ("Ref", _) => argument.Text() == "AWS::NoValue"
                ? NoValue
                : Ref(argument.Text() ?? throw new TemplateException("Template format error: Every reference must be a string.")),
            ("Fn::If", JsonArray { Count: 3 } list) => Inner(list[Condition(list[0].Text() ?? "") ? 1 : 2]),
            ("Fn::If", _) => throw new TemplateException("Template error: Fn::If requires a list argument with three elements"),
            ("Fn::GetAtt", _) => GetAtt(argument),
            ("Fn::Sub", _) => (JsonNode)Sub(argument),
            ("Fn::FindInMap", _) => FindInMap(argument),
            ("Fn::ImportValue", _) => Import(Text(argument, name)),
            ("Fn::GetAZs", _) => AvailabilityZones(Text(argument, name)),
            _ when UnsupportedFeatures.Function(name) is { } limitation => throw new TemplateException(limitation.ToString()),
            ("Fn::Equals" or "Fn::And" or "Fn::Or" or "Fn::Not", _) => (JsonNode)Judge(new JsonObject { [name] = argument?.DeepClone() }),
            _ => Functions.Call(name, Value(argument)),
        };

    private JsonNode Ref(string target)
    {
        if (template.Parameters.TryGetValue(target, out var parameter))
        {
            var text = scope.Parameters[target];
            return parameter.IsList
                ? new JsonArray([.. (text.Length == 0 ? [] : text.Split(',')).Select(item => (JsonNode)item.Trim())])
                : JsonValue.Create(text);
        }

        return template.Resources.ContainsKey(target) ? scope.Resources.Ref(target) : scope.Pseudo.Value(target);
    }

    private JsonNode GetAtt(JsonNode? argument) =>
        argument switch
        {
            JsonArray { Count: 2 } list when list[0].Text() is { } target => scope.Resources.GetAtt(target, Text(list[1], "Fn::GetAtt")),
            _ when argument.Text()?.Split('.', 2) is [var target, var attribute] => scope.Resources.GetAtt(target, attribute),
            _ => throw new TemplateException(
                "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
            ),
        };

    private string Sub(JsonNode? argument)
    {
        var (text, own) = argument switch
        {
            JsonArray { Count: 2 } list when list[0].Text() is { } first && list[1] is JsonObject map => (first, map),
            _ when argument.Text() is { } only => (only, []),
            _ => throw new TemplateException(
                "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
                    + "Specify a string as first argument, and an optional second argument to specify a mapping of values to replace "
                    + "in the string"
            ),
        };
        return Substitution.Replace(
            text,
            name =>
            {
                var reference = Substitution.Parse(name);
                var value =
                    own.TryGetPropertyValue(name, out var given) ? Value(given)
                    : reference.Attribute is { } attribute ? scope.Resources.GetAtt(reference.Target, attribute)
                    : Ref(reference.Target);
                return value.Text()
                    ?? throw new TemplateException($"Template error: variable {name} in Fn::Sub expression does not resolve to a string");
            }
        );
    }

    private JsonNode FindInMap(JsonNode? argument)
    {
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
        var otherwise =
            template.HasLanguageExtensions && argument is JsonArray { Count: 4 } four && four[3] is JsonObject { Count: 1 } options
                ? options["DefaultValue"]
                : null;
        if (argument is not JsonArray list || list.Count != (otherwise is null ? 3 : 4))
        {
            throw new TemplateException(
                "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for "
                    + "return value"
            );
        }

        var (map, key, attribute) = (Text(list[0], "Fn::FindInMap"), Text(list[1], "Fn::FindInMap"), Text(list[2], "Fn::FindInMap"));
        return template.Mappings[map]?[key]?[attribute]?.DeepClone()
            ?? (otherwise is null ? null : Value(otherwise))
            ?? throw new TemplateException($"Template error: Unable to get mapping for {map}::{key}::{attribute}");
    }

    private JsonNode Import(string name) => scope.Imports(name) ?? throw new TemplateException($"No export named {name} found.");

    private JsonArray AvailabilityZones(string region)
    {
        var name = region.Length == 0 ? scope.Pseudo.Region : region;
        return KnownAfterApply.In(name) ? [KnownAfterApply.Text] : [.. "abc".Select(zone => (JsonNode)$"{name}{zone}")];
    }

    private string Text(JsonNode? node, string function) =>
        Value(node).Text() ?? throw new TemplateException($"Template error: every argument of {function} must resolve to a string");

    private static bool HasReference(JsonNode? node) => node.Text() is { } text && text.Contains("{{resolve:", StringComparison.Ordinal);

    private string Dynamic(string text) => DynamicReference().Replace(text, match => scope.DynamicReferences(match.Groups["key"].Value));

    private bool Judge(JsonNode? expression)
    {
        if (expression is JsonObject { Count: 1 } map && map["Condition"].Text() is { } named)
        {
            return Condition(named);
        }

        if (!expression.IsCall(out var name, out var argument) || argument is not JsonArray list)
        {
            throw new TemplateException("Template format error: Every Conditions member must be a boolean function.");
        }

        return (name, list.Count) switch
        {
            ("Fn::Equals", 2) => Nodes.Same(Value(list[0]), Value(list[1])),
            ("Fn::Not", 1) => !Judge(list[0]),
            ("Fn::And", >= 2 and <= 10) => list.All(Judge),
            ("Fn::Or", >= 2 and <= 10) => list.Any(Judge),
            ("Fn::Equals", _) => throw new TemplateException("Template error: Fn::Equals requires a list argument with two elements"),
            ("Fn::Not", _) => throw new TemplateException("Template error: every Fn::Not object requires one boolean parameter."),
            ("Fn::And" or "Fn::Or", _) => throw new TemplateException(
                $"Template error: every {name} object requires a list of at least 2 and at most 10 boolean parameters."
            ),
            _ => throw new TemplateException("Template format error: Every Conditions member must be a boolean function."),
        };
    }

    [GeneratedRegex(@"\{\{resolve:(?<key>[^}]+)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex DynamicReference();
}
