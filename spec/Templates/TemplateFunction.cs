using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>Distinguishes the functions of a template from its values.</summary>
internal static class TemplateFunction
{
    private const string Prefix = "Fn::";

    /// <summary>
    /// The function of a node in its short or long form, such as <c>GetAtt</c>, and what it is given; without one the node itself.
    /// </summary>
    public static (string? Name, YamlNode Argument) Split(YamlNode node) =>
        node switch
        {
            { Tag: { Length: > 1 } tag } => (tag[1..], node),
            YamlMapping { Entries: [{ Key.Value: "Ref" } only] } => ("Ref", only.Value),
            YamlMapping { Entries: [var only] } when IsFunction(only.Key.Value) => (only.Key.Value[Prefix.Length..], only.Value),
            _ => (null, node),
        };

    /// <summary>
    /// A function and what it is given, as a node of its own: what a short form is given is the node itself, without its tag.
    /// </summary>
    public static (string? Name, YamlNode Argument) Call(YamlNode node)
    {
        var (function, argument) = Split(node);
        return (function, ReferenceEquals(argument, node) ? node with { Tag = null } : argument);
    }

    /// <summary>
    /// What a node is made of: of a function what it is given, which may be another one; of a list and a map their values.
    /// </summary>
    public static IEnumerable<YamlNode> Parts(YamlNode node) =>
        Call(node) switch
        {
            ({ }, var argument) => [argument],
            (_, YamlSequence list) => list.Items,
            (_, YamlMapping map) => map.Entries.Select(entry => entry.Value),
            _ => [],
        };

    /// <summary>Whether a key is that of a function: <c>Fn::…</c>.</summary>
    public static bool IsFunction(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a map with this key alone calls a function: <c>Ref</c>, <c>Fn::…</c>, <c>Condition</c>.</summary>
    public static bool IsCall(string key) => key is "Ref" or "Condition" || IsFunction(key);

    /// <summary>The text of a node that is a text and no function.</summary>
    public static YamlScalar? Literal(YamlNode? node) => node is YamlScalar { Tag: null } scalar ? scalar : null;
}
