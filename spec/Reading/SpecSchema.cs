using System.Text.Json.Nodes;
using Deployer.Spec.Kinds;
using Deployer.Spec.Shapes;

namespace Deployer.Spec.Reading;

/// <summary>The JSON Schema of deployer.yaml for editors, made from the same tables as the checks.</summary>
public static class SpecSchema
{
    /// <summary>The schema (draft-07, which editors' YAML support reads).</summary>
    public static JsonObject Create()
    {
        var schema = Convert(FileShape.With(StepKinds.BuiltIn));
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "deployer.yaml");
        return schema;
    }

    private static JsonObject Convert(Shape shape) =>
        shape switch
        {
            TextShape text => OfText(text),
            BooleanShape => new JsonObject { ["description"] = shape.Meaning, ["type"] = "boolean" },
            ListShape list => With(
                new JsonObject
                {
                    ["description"] = list.Meaning,
                    ["type"] = "array",
                    ["items"] = Convert(list.Item),
                },
                list.NotEmpty,
                "minItems"
            ),
            MapShape map => OfMap(map),
            ObjectShape known => OfObject(known),
            ShortShape either => new JsonObject
            {
                ["description"] = either.Meaning,
                ["anyOf"] = new JsonArray(Convert(either.Text), Convert(either.Map)),
            },
            FlagOrMapShape either => new JsonObject
            {
                ["description"] = either.Meaning,
                ["anyOf"] = new JsonArray(Convert(either.Flag), Convert(either.Map)),
            },
            KindsShape kinds => new JsonObject
            {
                ["description"] = kinds.Meaning,
                ["type"] = "object",
                ["oneOf"] = new JsonArray([.. kinds.Kinds.Select(OfObject)]),
            },
            _ => throw new InvalidOperationException($"The shape {shape.GetType().Name} has no schema."),
        };

    private static JsonObject OfText(TextShape text)
    {
        var schema = new JsonObject
        {
            ["description"] = text.Meaning,
            ["type"] = text.AnyScalar ? new JsonArray("string", "number", "boolean") : "string",
        };
        if (text.Choices.Count > 0)
        {
            schema["enum"] = Names(text.Choices);
        }
        else if (text.Pattern is not null)
        {
            schema["pattern"] = $"^(?:{text.Pattern})$";
        }
        else if (!text.AnyScalar || text.NotEmpty)
        {
            schema["minLength"] = 1;
        }
        return schema;
    }

    private static JsonObject OfMap(MapShape map)
    {
        var names = new JsonObject { ["pattern"] = $"^(?:{map.Name.Pattern})$" };
        if (map.Refused.Count > 0)
        {
            names["not"] = new JsonObject { ["enum"] = Names(map.Refused) };
        }
        var schema = new JsonObject
        {
            ["description"] = map.Meaning,
            ["type"] = "object",
            ["propertyNames"] = names,
            ["additionalProperties"] = Convert(map.Value),
        };
        if (map.Most is { } most)
        {
            schema["maxProperties"] = most;
        }
        return With(schema, map.NotEmpty, "minProperties");
    }

    private static JsonObject OfObject(ObjectShape known)
    {
        var schema = new JsonObject
        {
            ["description"] = known.Meaning,
            ["type"] = "object",
            ["properties"] = new JsonObject(known.Keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Convert(key.Shape)))),
            ["additionalProperties"] = false,
        };
        if (known.Keys.Any(key => key.Required))
        {
            schema["required"] = Names(known.Keys.Where(key => key.Required).Select(key => key.Name));
        }
        return With(schema, known.NotEmpty, "minProperties");
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    private static JsonObject With(JsonObject schema, bool notEmpty, string limit)
    {
        if (notEmpty)
        {
            schema[limit] = 1;
        }
        return schema;
    }
}
