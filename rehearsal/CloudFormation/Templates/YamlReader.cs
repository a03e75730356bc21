using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>YAML as CloudFormation reads it: version 1.1 without aliases, dates and binary, with the short forms of the
/// functions.</summary>
internal static partial class YamlReader
{
    private const string CoreTag = "tag:yaml.org,2002:";

    public static JsonNode? Read(string text)
    {
        try
        {
            return YamlDocuments.Read(text, RefuseAlias) is [var document, ..] ? Convert(document.RootNode, "") : null;
        }
        catch (NestedTooDeepException e)
        {
            throw new TemplateException(
                $"Template format error: nested deeper than {YamlDocuments.MaxDepth}. (line {e.Start.Line}, column {e.Start.Column})"
            );
        }
        catch (YamlException e)
        {
            throw new TemplateException($"Template format error: YAML not well-formed. (line {e.Start.Line}, column {e.Start.Column})");
        }
    }

    private static void RefuseAlias(ParsingEvent parsed)
    {
        if (parsed is AnchorAlias)
        {
            throw new TemplateException("Template error: YAML aliases are not allowed in CloudFormation templates");
        }
    }

    private static JsonNode? Convert(YamlNode node, string path)
    {
        var value = node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select((item, i) => Convert(item, $"{path}/{i}"))]),
            YamlMappingNode map => Map(map, path),
            _ => throw new TemplateException(
                $"Template format error: YAML not well-formed. (line {node.Start.Line}, column {node.Start.Column})"
            ),
        };
        return node.Tag.IsEmpty || node.Tag.IsNonSpecific || IsCore(node) ? value : ShortForms.Expand(node.Tag.Value, value);
    }

    // https://yaml.org/type/: what JSON has too.
    private static bool IsCore(YamlNode node) =>
        node.Tag.Value.StartsWith(CoreTag, StringComparison.Ordinal)
        && (
            node.Tag.Value[CoreTag.Length..] is "bool" or "float" or "int" or "map" or "null" or "seq" or "str"
                ? true
                : throw new TemplateException(
                    $"Template format error: YAML not well-formed. (line {node.Start.Line}, column {node.Start.Column})"
                )
        );

    private static JsonObject Map(YamlMappingNode map, string path)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
            {
                throw new TemplateException(
                    $"Template format error: YAML not well-formed. (line {key.Start.Line}, column {key.Start.Column})"
                );
            }

            if (scalar is { Style: ScalarStyle.Plain, Tag.IsEmpty: true } && YamlNumbers.IsNumber(name))
            {
                throw new TemplateException(
                    $"Template format error: [{path}] map keys must be strings; received numeric [{name}] instead."
                );
            }

            if (
                scalar is { Style: ScalarStyle.Plain, Tag.IsEmpty: true }
                && Scalar(scalar) is var read
                && read?.GetValueKind() is not JsonValueKind.String
            )
            {
                throw new TemplateException(
                    $"Template format error: [{path}] map keys must be strings; received {(read is null ? "null" : "boolean")} [{name}] "
                        + "instead."
                );
            }

            result[name] = Convert(value, $"{path}/{name}");
        }

        return result;
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            _ when True().IsMatch(text) => JsonValue.Create(true),
            _ when False().IsMatch(text) => JsonValue.Create(false),
            _ when Integer().IsMatch(text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ when Float().IsMatch(text) => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex("^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$", RegexOptions.ExplicitCapture)]
    private static partial Regex True();

    [GeneratedRegex("^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$", RegexOptions.ExplicitCapture)]
    private static partial Regex False();

    // A number with leading zeros is an account id that somebody forgot to quote: kept as it stands.
    [GeneratedRegex("^-?(?:0|[1-9][0-9]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Integer();

    [GeneratedRegex("^-?(?:0|[1-9][0-9]*)\\.[0-9]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Float();
}
