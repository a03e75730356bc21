using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>The YAML tags of the intrinsic functions, e.g. <c>!GetAtt A.Arn</c> for <c>Fn::GetAtt: [A, Arn]</c>.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html</summary>
/// <remarks>
/// Of <c>Fn::Length</c> and <c>Fn::ToJsonString</c> AWS describes the long form only; AWS's own linter takes the short one as well
/// (https://github.com/aws-cloudformation/cfn-lint).
/// </remarks>
internal static class ShortForms
{
    public static JsonObject Expand(string tag, JsonNode? argument) =>
        tag switch
        {
            "!Ref" => new JsonObject { ["Ref"] = argument },
            "!Condition" => new JsonObject { ["Condition"] = argument },
            "!GetAtt" => new JsonObject { ["Fn::GetAtt"] = GetAtt(argument) },
            "!And"
            or "!Base64"
            or "!Cidr"
            or "!Equals"
            or "!FindInMap"
            or "!GetAZs"
            or "!If"
            or "!ImportValue"
            or "!Join"
            or "!Length"
            or "!Not"
            or "!Or"
            or "!Select"
            or "!Split"
            or "!Sub"
            or "!ToJsonString"
            or "!Transform" => new JsonObject { ["Fn::" + tag[1..]] = argument },
            _ => throw new TemplateException($"Template format error: unsupported tag '{tag}'."),
        };

    private static JsonNode? GetAtt(JsonNode? argument)
    {
        if (argument is not JsonValue value || !value.TryGetValue<string>(out var path) || !path.Contains('.'))
        {
            return argument;
        }

        var dot = path.IndexOf('.');
        return new JsonArray(path[..dot], path[(dot + 1)..]);
    }
}
