using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Spec.Reading;

namespace Deployer.Spec.Tests.Reading;

public sealed class SpecSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_shipped_schema_is_the_one_that_the_checks_use()
    {
        var shipped = JsonNode.Parse(Inventory.Resource("deployer.schema.json"));
        var created = SpecSchema.Create();

        // docs/deployer.schema.json is this text: after a change of the tables, write it there again.
        JsonNode.DeepEquals(shipped, created).ShouldBeTrue(created.ToJsonString(Indented));
    }

    [Fact]
    public void Its_patterns_are_those_of_json_schema()
    {
        var patterns = Values(SpecSchema.Create(), "pattern").Select(pattern => pattern.GetValue<string>()).ToList();

        patterns.Count.ShouldBeGreaterThan(10);
        // JSON Schema's patterns are ECMAScript's, which know fewer constructs than .NET's.
        patterns.ShouldAllBe(pattern => new Regex(pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)).Match("").Index == 0);
    }

    [Fact]
    public void Every_key_of_the_schema_is_described() =>
        Values(SpecSchema.Create(), "properties")
            // A transactor has a key of this name.
            .Where(properties => properties["description"] is not JsonValue)
            .SelectMany(properties => properties.AsObject().Select(property => property.Value))
            .ShouldAllBe(property => property!["description"]!.GetValue<string>().Length > 5);

    private static IEnumerable<JsonNode> Values(JsonNode? node, string key) =>
        node switch
        {
            JsonObject map => map.SelectMany(entry =>
                entry.Key == key && entry.Value is not null ? Values(entry.Value, key).Append(entry.Value) : Values(entry.Value, key)
            ),
            JsonArray list => list.SelectMany(item => Values(item, key)),
            _ => [],
        };
}
