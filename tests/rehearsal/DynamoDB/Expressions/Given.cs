using System.Text.Json;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.DynamoDB.Expressions;

namespace Deployer.Rehearsal.Tests.DynamoDB.Expressions;

/// <summary>The item and the placeholders that the tests of expressions share.</summary>
internal static class Given
{
    public const string Values = """
        {":one":{"N":"1"},":two":{"N":"2"},":ten":{"N":"10"},":s":{"S":"text"},":te":{"S":"te"},":true":{"BOOL":true},":n":{"S":"N"},
          ":null":{"NULL":true},
         ":ss":{"SS":["b","c"]},":ns":{"NS":["1"]},":list":{"L":[{"S":"z"}]},":map":{"M":{}},":b":{"B":"aGU="},":a":{"S":"a"},
           ":bad":{"S":"X"}}
        """;

    public const string Names = """{"#status":"status","#n":"num","#dot":"a.b"}""";

    public static readonly MapValue Item = Parse(
        """
        {"pk":{"S":"p"},"num":{"N":"2"},"phrase":{"S":"text"},"status":{"S":"open"},"flag":{"BOOL":true},"nothing":{"NULL":true},
          "a.b":{"S":"dotted"},
         "letters":{"SS":["a","b"]},"bytes":{"B":"aGVsbG8="},
         "seq":{"L":[{"S":"x"},{"N":"7"},{"M":{"deep":{"N":"3"}}}]},
         "doc":{"M":{"nested":{"M":{"leaf":{"S":"leaf"}}},"amount":{"N":"5"}}}}
        """
    );

    public static Placeholders Placeholders() => new(JsonElement.Parse(Names), JsonElement.Parse(Values));

    public static MapValue Parse(string json) => AttributeValueConverter.ParseItem(JsonElement.Parse(json));

    public static string Json(AttributeValue? value) => JsonSerializer.Serialize(value);
}
