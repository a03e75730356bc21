using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A mention of a resource, parameter or pseudo parameter; with an attribute it is one of a resource.</summary>
public readonly record struct Reference(string Target, string? Attribute = null)
{
    /// <summary><c>Target</c> or <c>Target.Attribute</c>.</summary>
    public override string ToString() => Attribute is null ? Target : $"{Target}.{Attribute}";

    /// <summary>All mentions in a value. With <paramref name="condition"/> only the chosen branch of each <c>Fn::If</c> counts.</summary>
    public static IEnumerable<Reference> In(JsonNode? node, Func<string, bool>? condition = null)
    {
        if (node.IsCall(out var name, out var argument))
        {
            return (name, argument) switch
            {
                ("Ref", _) when argument.Text() is { } target => [new Reference(target)],
                ("Fn::GetAtt", _) => GetAtt(argument, condition),
                ("Fn::Sub", JsonArray { Count: 2 } list) => Substitution
                    .Variables(list[0].Text() ?? "")
                    .Where(v => list[1] is not JsonObject own || !own.ContainsKey(v.ToString()))
                    .Concat(In(list[1], condition)),
                ("Fn::Sub", _) => Substitution.Variables(argument.Text() ?? ""),
                ("Fn::If", JsonArray { Count: 3 } list) when condition is not null && list[0].Text() is { } chosen => In(
                    list[condition(chosen) ? 1 : 2],
                    condition
                ),
                ("Fn::If", JsonArray { Count: 3 } list) => In(list[1]).Concat(In(list[2])),
                _ => In(argument, condition),
            };
        }

        return node switch
        {
            JsonObject map => map.SelectMany(entry => In(entry.Value, condition)),
            JsonArray list => list.SelectMany(item => In(item, condition)),
            _ => [],
        };
    }

    private static IEnumerable<Reference> GetAtt(JsonNode? argument, Func<string, bool>? condition) =>
        argument switch
        {
            JsonArray { Count: 2 } list when list[0].Text() is { } target =>
            [
                new Reference(target, list[1].Text() ?? ""),
                .. In(list[1], condition),
            ],
            _ when argument.Text() is { } path && path.Split('.', 2) is [var target, var attribute] => [new Reference(target, attribute)],
            _ => throw new TemplateException(
                "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
            ),
        };
}
