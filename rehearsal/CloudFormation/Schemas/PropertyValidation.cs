using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>Checks a resource's properties against its schema. Scalars may be written as text, as CloudFormation takes them.
/// The words are those of CloudFormation's validator:
/// https://repost.aws/knowledge-center/cloudformation-resolve-model-val-failed</summary>
internal sealed class PropertyValidation
{
    private const string Function = "Fn::";
    private const string DynamicReference = "{{resolve:";

    private readonly ResourceSchema _schema;
    private readonly bool _isEvaluated;
    private readonly Func<JsonNode, bool> _givesList;
    private readonly List<PropertyFault> _faults = [];

    private PropertyValidation(ResourceSchema schema, bool isEvaluated, Func<JsonNode, bool>? givesList = null)
    {
        _schema = schema;
        _isEvaluated = isEvaluated;
        _givesList = givesList ?? (_ => false);
    }

    /// <exception cref="TemplateException">A property is unknown, missing or of another type; all of them are named.</exception>
    public static void Check(ResourceSchema schema, string logicalId, JsonObject properties)
    {
        var validation = new PropertyValidation(schema, isEvaluated: true);
        validation.Members(schema.Properties, properties, []);
        if (validation._faults.Count > 0)
        {
            throw new TemplateException(
                $"Properties validation failed for resource {logicalId} with message: [{string.Join(", ", validation._faults)}]"
            );
        }
    }

    /// <summary>The same before any function is evaluated: of what one gives it is judged alone whether it is a list.</summary>
    /// <param name="schema">The schema of the resource's type.</param>
    /// <param name="properties">The properties as they are written.</param>
    /// <param name="givesList">Whether a function is certain to give a list.</param>
    public static IReadOnlyList<PropertyFault> FindInTemplate(
        ResourceSchema schema,
        JsonObject properties,
        Func<JsonNode, bool>? givesList = null
    )
    {
        var validation = new PropertyValidation(schema, isEvaluated: false, givesList);
        validation.Members(schema.Properties, properties, []);
        return validation._faults;
    }

    private void Members(Dictionary<string, string> members, JsonObject given, string[] path)
    {
        // A loop or macro among the members may give any of them.
        if (!_isEvaluated && given.Any(member => member.Key.StartsWith(Function, StringComparison.Ordinal)))
        {
            return;
        }

        foreach (var (name, written) in members)
        {
            if (ResourceSchema.IsRequired(written) && !given.ContainsKey(name))
            {
                _faults.Add(new RequiredMissing(path, name));
            }
        }

        foreach (var (name, value) in given)
        {
            if (members.TryGetValue(name, out var written))
            {
                Value(ResourceSchema.TypeOf(written), value, [.. path, name]);
            }
            else
            {
                _faults.Add(new UnknownMember(path, name, members.Keys));
            }
        }
    }

    private void Value(string type, JsonNode? value, string[] path)
    {
        if (!_isEvaluated && IsComputed(value))
        {
            // "Value of property … must be of type String". In a list, one may stand for its items.
            if (type[0] is 's' or 'i' or 'n' or 'b' && !char.IsAsciiDigit(path[^1][0]) && value is JsonObject && _givesList(value))
            {
                _faults.Add(new WrongType(path, Expected(type), "JSONArray"));
            }

            return;
        }

        switch (type[0], value)
        {
            case ('j', _):
                break;
            case ('[', JsonArray items):
                for (var i = 0; i < items.Count; i++)
                {
                    Value(type[1..], items[i], [.. path, i.ToString(CultureInfo.InvariantCulture)]);
                }

                break;
            case ('{', JsonObject map):
                foreach (var (key, item) in map)
                {
                    Value(type[1..], item, [.. path, key]);
                }

                break;
            case ('#', JsonObject map):
                Members(_schema.Structures[int.Parse(type[1..], CultureInfo.InvariantCulture)], map, path);
                break;
            case ('(', _):
                Union(type, value, path);
                break;
            case ('s', JsonValue):
            case ('i', JsonValue) when long.TryParse(value.Text(), CultureInfo.InvariantCulture, out _):
                Allowed(type, value.Text()!, path);
                break;
            case ('b', JsonValue) when value.Text() is "true" or "false":
                break;
            case ('n', JsonValue) when double.TryParse(value.Text(), CultureInfo.InvariantCulture, out _):
                break;
            default:
                _faults.Add(new WrongType(path, Expected(type), Found(value)));
                break;
        }
    }

    private static bool IsComputed(JsonNode? value) =>
        value.IsCall(out _, out _) || value.Text()?.Contains(DynamicReference, StringComparison.Ordinal) == true;

    // Some services take their values in any case: what differs in nothing else may be right.
    private void Allowed(string type, string value, string[] path)
    {
        if (_schema.AllowedValues(type) is { } allowed && !allowed.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            _faults.Add(new ValueNotAllowed(path, value, allowed));
        }
    }

    private void Union(string type, JsonNode? value, string[] path)
    {
        List<PropertyFault>? first = null;
        foreach (var choice in Choices(type))
        {
            var attempt = new PropertyValidation(_schema, _isEvaluated, _givesList);
            attempt.Value(choice, value, path);
            if (attempt._faults.Count == 0)
            {
                return;
            }

            // Of several refusals the one counts that looked into the value.
            first =
                first is null || attempt._faults.Exists(fault => fault is not WrongType || fault.Path.Length != path.Length)
                    ? attempt._faults
                    : first;
        }

        _faults.AddRange(first!);
    }

    private static IEnumerable<string> Choices(string union)
    {
        var (depth, start) = (0, 1);
        for (var i = 0; i < union.Length; i++)
        {
            depth += union[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 1 && union[i] == '|' || depth == 0)
            {
                yield return union[start..i];
                start = i + 1;
            }
        }
    }

    private static string Expected(string type) =>
        type[0] switch
        {
            '[' => "JSONArray",
            '{' or '#' => "JSONObject",
            'b' => "Boolean",
            'i' => "Integer",
            'n' => "Number",
            _ => "String",
        };

    private static string Found(JsonNode? value) =>
        value switch
        {
            JsonArray => "JSONArray",
            JsonObject => "JSONObject",
            _ => "String",
        };
}
