using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>The functions that look at nothing but their (evaluated) argument.</summary>
internal static class Functions
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode? Call(string name, JsonNode? argument) =>
        name switch
        {
            "Fn::Base64" => Convert.ToBase64String(
                Encoding.UTF8.GetBytes(argument.Text() ?? throw Wrong("every Fn::Base64 object must have a String-typed value."))
            ),
            "Fn::Join" => Join(argument),
            "Fn::Split" => Split(argument),
            "Fn::Select" => Select(argument),
            "Fn::Cidr" => CidrBlocks.Split(argument),
            "Fn::Length" => Length(argument),
            "Fn::ToJsonString" => argument is JsonObject or JsonArray
                ? argument.ToJsonString(Plain)
                : throw Wrong("every Fn::ToJsonString object must have an object or a list as its value."),
            _ => throw new TemplateException($"Template format error: {name} is not supported by the rehearsal."),
        };

    internal static TemplateException Wrong(string what) => new($"Template error: {what}");

    private static JsonNode Join(JsonNode? argument)
    {
        var wrong = Wrong(
            "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined "
                + "or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
        );
        return argument is JsonArray { Count: 2 } pair && pair[0].Text() is not null && pair[1].Text() == KnownAfterApply.Text
                ? KnownAfterApply.Text
            : argument is JsonArray { Count: 2 } list && list[0].Text() is { } delimiter && list[1] is JsonArray parts
                ? string.Join(delimiter, parts.Select(part => part.Text() ?? throw wrong))
            : throw wrong;
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html</summary>
    private static JsonNode Length(JsonNode? argument) =>
        argument is JsonArray list ? JsonValue.Create(list.Count)
        : argument.Text() == KnownAfterApply.Text ? KnownAfterApply.Text
        : throw Wrong("every Fn::Length object must have a list as its value.");

    private static JsonArray Split(JsonNode? argument) =>
        argument is JsonArray { Count: 2 } list && list[0].Text() is { Length: > 0 } delimiter && list[1].Text() is { } text
            // What is known only later may hold the delimiter, its placeholder too.
            ? KnownAfterApply.In(list[1])
                ? [KnownAfterApply.Text]
                : [.. text.Split(delimiter).Select(part => (JsonNode)part)]
            : throw Wrong(
                "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function "
                    + "that returns a string to be split."
            );

    private static JsonNode? Select(JsonNode? argument)
    {
        if (
            argument is JsonArray { Count: 2 } pair
            && (
                KnownAfterApply.In(pair[0])
                || pair[1].Text() == KnownAfterApply.Text
                || pair[1] is JsonArray { Count: 1 } only && KnownAfterApply.In(only)
            )
        )
        {
            return KnownAfterApply.Text;
        }

        if (argument is not JsonArray { Count: 2 } list || !int.TryParse(list[0].Text(), out var index) || list[1] is not JsonArray items)
        {
            throw Wrong("Fn::Select requires a list argument with two elements: an integer index and a list");
        }

        return index >= 0 && index < items.Count
            ? items[index]?.DeepClone()
            : throw Wrong($"Fn::Select cannot select nonexistent value at index {index}");
    }
}
