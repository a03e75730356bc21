using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Deployer.Sdk.Tests.Lambda.Serialization;

public sealed partial class SourceGeneratorLambdaJsonSerializerTests
{
    [Fact]
    public void Names_are_written_as_they_are_and_nulls_not_at_all() =>
        Write(new SourceGeneratorLambdaJsonSerializer<Json>(), new Item("a", null)).ShouldBe("""{"Name":"a"}""");

    [Fact]
    public void A_customizer_sets_the_naming() =>
        Write(
                new SourceGeneratorLambdaJsonSerializer<Json>(options => options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase),
                new Item("a", 1)
            )
            .ShouldBe("""{"name":"a","count":1}""");

    [Fact]
    public void Names_are_read_in_any_case() =>
        new SourceGeneratorLambdaJsonSerializer<Json>().Deserialize<Item>(Text("""{"nAmE":"a","COUNT":2}""")).ShouldBe(new Item("a", 2));

    [Fact]
    public void A_type_that_the_context_does_not_know_is_named() =>
        Should
            .Throw<JsonSerializerException>(() => new SourceGeneratorLambdaJsonSerializer<Json>().Deserialize<Version>(Text("{}")))
            .Message.ShouldContain("System.Version");

    [Fact]
    public void A_payload_of_another_shape_names_the_type() =>
        Should
            .Throw<JsonSerializerException>(() => new SourceGeneratorLambdaJsonSerializer<Json>().Deserialize<Item>(Text("[]")))
            .Message.ShouldStartWith("Error converting the Lambda event JSON payload to type Deployer.Sdk.Tests");

    [Theory]
    [InlineData("XAmzId2", "x-amz-id-2")]
    [InlineData("XAmzRequestId", "x-amz-request-id")]
    [InlineData("BucketName", "bucketName")]
    public void Two_names_of_events_have_hyphens(string name, string expected) =>
        new AwsNamingPolicy(JsonNamingPolicy.CamelCase).ConvertName(name).ShouldBe(expected);

    private static MemoryStream Text(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string Write<T>(SourceGeneratorLambdaJsonSerializer<Json> serializer, T value)
    {
        using var output = new MemoryStream();
        serializer.Serialize(value, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    internal sealed record Item(string? Name, int? Count);

    [JsonSerializable(typeof(Item))]
    internal sealed partial class Json : JsonSerializerContext;
}
