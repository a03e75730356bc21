using System.Text;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>The values of a template's secret parameters (<c>NoEcho</c>), and what it gives to its nested stacks.</summary>
/// <param name="Values">
/// The values of its secret parameters: what they are given, and their defaults; and what <c>Fn::Split</c> and <c>Fn::Base64</c> make of
/// them.
/// </param>
/// <param name="SsmParameters">The parameters of Systems Manager whose values its secret parameters have.</param>
/// <param name="Nested">Its nested stacks.</param>
public sealed record TemplateSecrets(
    IReadOnlyList<string> Values,
    IReadOnlyList<string> SsmParameters,
    IReadOnlyList<NestedTemplate> Nested
)
{
    private const string Stack = "AWS::CloudFormation::Stack";
    private const string Application = "AWS::Serverless::Application";

    /// <summary>Reads a template; nothing of one that cannot be read.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="given">
    /// The values that a parameter or pseudo parameter may be given, and those of an attribute such as <c>Child.Outputs.Key</c>; none where
    /// it is not known.
    /// </param>
    /// <param name="secret">The parameters that another template gives secrets to, whatever this one says of them.</param>
    public static TemplateSecrets Read(string text, Func<string, IReadOnlyList<string>> given, IReadOnlySet<string>? secret = null)
    {
        if (TemplateText.Read(text, "template", new FaultList()) is not { } root)
        {
            return new TemplateSecrets([], [], []);
        }

        var declared = root.Entries("Parameters");
        var secrets = declared
            .Where(parameter => TemplateParameter.HidesValues(parameter.Value) || secret?.Contains(parameter.Key.Value) == true)
            .ToLookup(
                parameter => TemplateParameter.IsNameInSsm(parameter.Value.Text("Type")),
                parameter => Items(parameter.Value, given(parameter.Key.Value).Append(parameter.Value.Text("Default")))
            );
        var known = new TemplateValues(name => Values(name).FirstOrDefault());
        var properties = SecretProperties.ReadRoot(root, secret ?? new HashSet<string>(StringComparer.Ordinal));
        var nested =
            from resource in TemplateLoops.Repeated(root.Entries("Resources"))
            let written = resource.Value.At("Properties")
            let address = resource.Value.Text("Type") switch
            {
                Stack => written?.At("TemplateURL"),
                Application => written?.At("Location"),
                _ => null,
            }
            where address is not null
            select new NestedTemplate(
                resource.Key.Value,
                known.Of(address),
                written!.Entries("Parameters").ToDictionary(parameter => parameter.Key.Value, parameter => Possible(parameter.Value)),
                properties.GivenSecrets(written)
            );
        return new TemplateSecrets(
            [.. secrets[false].SelectMany(values => values).Concat(Made(root)).Distinct()],
            [.. secrets[true].SelectMany(names => names).Distinct()],
            [.. nested]
        );

        IReadOnlyList<string> Values(string name) =>
            given(name) is { Count: > 0 } values ? values
            : declared.FirstOrDefault(parameter => parameter.Key.Value == name)?.Value.Text("Default") is { } value ? [value]
            : [];

        IReadOnlyList<string> Possible(YamlNode node) =>
            TemplateFunction.Split(node) switch
            {
                ("Ref", YamlScalar name) => Values(name.Value),
                ("If", YamlSequence { Items: [_, var yes, var no] }) => [.. Possible(yes), .. Possible(no)],
                ("GetAtt", YamlScalar attribute) => given(attribute.Value),
                ("GetAtt", YamlSequence { Items: [YamlScalar id, YamlScalar attribute] }) => given($"{id.Value}.{attribute.Value}"),
                ("FindInMap", YamlSequence { Items: [YamlScalar { Tag: null } map, var first, var second, ..] }) =>
                [
                    .. Under(root.At("Mappings")?.At(map.Value), first).SelectMany(inner => Under(inner, second)).SelectMany(Texts),
                ],
                ("Split", YamlSequence { Items: [var delimiter, var whole] }) when known.Of(delimiter) is { Length: > 0 } at =>
                [
                    .. Possible(whole).SelectMany(value => value.Split(at)),
                ],
                ("Select", YamlSequence { Items: [_, YamlSequence { Tag: null } items] }) => [.. items.Items.SelectMany(Possible)],
                ("Select", YamlSequence { Items: [_, var list] }) => Possible(list),
                ("Base64", var plain) when !ReferenceEquals(plain, node) =>
                [
                    .. Possible(plain).Select(value => Convert.ToBase64String(Encoding.UTF8.GetBytes(value))),
                ],
                // Of what is put together the parts that a function gives are secret, and the words between them are not.
                ("Join", YamlSequence { Items: [_, YamlSequence { Tag: null } parts] }) when known.Of(node) is null =>
                [
                    .. parts.Items.Where(part => TemplateFunction.Split(part).Name is not null).SelectMany(Possible),
                ],
                _ when known.Of(node) is { } value => [value],
                _ => [],
            };

        // What functions make of secrets is as secret as these: a part of one, or its Base64 form.
        IEnumerable<string> Made(YamlNode node) =>
            TemplateFunction.Split(node).Name is "Split" or "Base64" && properties.Mentions(node)
                ? Possible(node).Concat(Inside(node))
                : Inside(node);

        IEnumerable<string> Inside(YamlNode node) =>
            node switch
            {
                YamlMapping map => map.Entries.SelectMany(entry => Made(entry.Value)),
                YamlSequence list => list.Items.SelectMany(Made),
                _ => [],
            };

        // All of a mapping where it is not known which key is meant.
        IEnumerable<YamlNode> Under(YamlNode? map, YamlNode key) =>
            (map as YamlMapping)
                ?.Entries.Where(entry => known.Of(key) is not { } name || entry.Key.Value == name)
                .Select(entry => entry.Value)
            ?? [];

        static IEnumerable<string> Texts(YamlNode node) =>
            node switch
            {
                YamlScalar scalar => [scalar.Value],
                YamlSequence list => list.Items.SelectMany(Texts),
                _ => [],
            };
    }

    /// <summary>The values, and of a list its items too, which CloudFormation passes on one by one.</summary>
    private static IEnumerable<string> Items(YamlNode declaration, IEnumerable<string?> values)
    {
        var isList = declaration.Text("Type") is { } type && TemplateParameter.IsList(type);
        return values
            .OfType<string>()
            .SelectMany(value => isList ? [value, .. value.Split(',').Select(item => item.Trim())] : new[] { value });
    }
}

/// <summary>A nested stack in a template.</summary>
/// <param name="LogicalId">The resource.</param>
/// <param name="Address">Where its template lies; null where that is not known.</param>
/// <param name="Parameters">The values that each of its parameters may be given, as far as they are known.</param>
/// <param name="Secret">The parameters that are given something secret, or a part of it.</param>
public sealed record NestedTemplate(
    string LogicalId,
    string? Address,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters,
    IReadOnlySet<string> Secret
);
