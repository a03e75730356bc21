using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Jsonata;
using Deployer.Rehearsal.StepFunctions.Paths;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>Reads the fields of one object of a definition.</summary>
internal sealed class FieldReader(DefinitionReader reader, JsonObject node, string location)
{
    public JsonObject Node => node;

    public string Location => location;

    /// <summary>A reader of an object in this one.</summary>
    public FieldReader Inner(JsonObject inner, string field) => new(reader, inner, $"{location}/{field}");

    public bool Has(string field) => node.ContainsKey(field);

    public void Fault(string message, string? field = null) =>
        reader.Fault(DefinitionFault.Schema, message, (field is null ? location : $"{location}/{field}") is { Length: > 0 } at ? at : "/");

    public void Require(params IReadOnlyList<string> fields)
    {
        var missing = fields.Where(f => !Has(f)).ToList();
        if (missing.Count > 0)
        {
            Fault($"These fields are required: [{string.Join(", ", missing)}]");
        }
    }

    public string? Text(string field)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            return null;
        }

        if (StateData.TryString(value, out var text))
        {
            return text;
        }

        Fault("Value is not valid. It must be of type String", field);
        return null;
    }

    public double? Number(string field, double most = double.MaxValue)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            return null;
        }

        if (!StateData.TryNumber(value, out var number) || number < 0)
        {
            Fault("Value is not valid. It must be a number that is not negative", field);
            return null;
        }

        if (number <= most)
        {
            return number;
        }

        Fault(string.Create(CultureInfo.InvariantCulture, $"Value is not valid. It must be at most {most}"), field);
        return null;
    }

    public bool Flag(string field) => node[field]?.GetValueKind() == JsonValueKind.True;

    public JsonObject? Object(string field)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            return null;
        }

        if (value is not JsonObject)
        {
            Fault("Value is not valid. It must be of type Object", field);
        }

        return value as JsonObject;
    }

    public IEnumerable<FieldReader> Objects(string field)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            yield break;
        }

        if (value is not JsonArray array)
        {
            Fault("Value is not valid. It must be of type Array", field);
            yield break;
        }

        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is JsonObject item)
            {
                yield return new FieldReader(reader, item, $"{location}/{field}[{i}]");
            }
            else
            {
                Fault("Value is not valid. It must be of type Object", $"{field}[{i}]");
            }
        }
    }

    public IReadOnlyList<string> Texts(string field)
    {
        if (node[field] is JsonArray { Count: > 0 } array && array.All(n => StateData.TryString(n, out _)))
        {
            return [.. array.Select(n => n!.GetValue<string>())];
        }

        Fault("Value is not valid. It must be an array of strings with at least one item", field);
        return [];
    }

    public QueryLanguage Language(QueryLanguage inherited)
    {
        var own = Text("QueryLanguage");
        if (own is not (null or "JSONPath" or "JSONata"))
        {
            Fault("Value is not valid. It must be JSONPath or JSONata", "QueryLanguage");
        }

        return own switch
        {
            "JSONata" => QueryLanguage.Jsonata,
            "JSONPath" => QueryLanguage.JsonPath,
            _ => inherited,
        };
    }

    /// <summary>A path that may be null to discard; the default when absent.</summary>
    public string? Path(string field, bool reference = false, bool intrinsic = false)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            return "$";
        }

        if (value is null)
        {
            return null;
        }

        if (
            !StateData.TryString(value, out var text)
            || !(reference ? ReferencePath.IsValid(text) : JsonPath.IsValid(text) || (intrinsic && IntrinsicCall.IsValid(text)))
        )
        {
            Fault(reference ? "Value is not a Reference Path" : "Value is not a valid JSONPath", field);
            return "$";
        }

        return text;
    }

    /// <summary>A template, its expressions checked.</summary>
    public Template? Template(string field, QueryLanguage language, bool literal = false)
    {
        if (!node.TryGetPropertyValue(field, out var value))
        {
            return null;
        }

        if (!literal && language == QueryLanguage.JsonPath)
        {
            foreach (var name in PayloadTemplate.InvalidFields(value))
            {
                Fault($"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call", field);
            }
        }
        else if (!literal)
        {
            Expressions(value, field);
        }

        return new(value);
    }

    /// <summary>A field that is a value, an expression, or given through its <c>Path</c> sibling.</summary>
    public ValueOrPath? ValueOrPath(string field, QueryLanguage language, bool intrinsic = false)
    {
        var path = field + "Path";
        if (Has(path) && language == QueryLanguage.JsonPath)
        {
            return new(path, null, Path(path, intrinsic: intrinsic));
        }

        if (language == QueryLanguage.Jsonata)
        {
            Expressions(node[field], field);
        }

        return Has(field) ? new(field, node[field], null) : null;
    }

    private void Expressions(JsonNode? value, string field)
    {
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, inner) in o)
                {
                    Expressions(inner, $"{field}/{name}");
                }

                break;
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    Expressions(a[i], $"{field}[{i}]");
                }

                break;
            default:
                if (JsonataText.TryExpression(value, out var expression) && JsonataExpression.FaultOf(expression) is { } fault)
                {
                    Fault($"The JSONata expression is invalid: {fault}", field);
                }

                break;
        }
    }
}
