using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Which properties of a template's resources are made of its secret parameters (<c>NoEcho</c>), whatever value these have or had: a value
/// that was given before is known nowhere, and is in the stack until its next update.
/// </summary>
public sealed class SecretProperties
{
    private readonly YamlNode? _root;
    private readonly Func<string, bool> _isSecret;

    private SecretProperties(YamlNode? root, Func<string, bool> isSecret)
    {
        _root = root;
        _isSecret = isSecret;
    }

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template, in JSON or YAML; <see langword="null"/> when it cannot be had: then all is secret.</param>
    /// <param name="given">
    /// The parameters that another template gives secrets to, whatever this one says of them; <see langword="null"/> when that is not
    /// known: then all of them are.
    /// </param>
    public static SecretProperties Read(string? text, IReadOnlySet<string>? given) =>
        ReadRoot(text is null ? null : TemplateText.Read(text, "template", new FaultList()), given);

    internal static SecretProperties ReadRoot(YamlNode? root, IReadOnlySet<string>? given)
    {
        var declared = (root?.Entries("Parameters") ?? [])
            .Where(parameter => TemplateParameter.HidesValues(parameter.Value))
            .Select(parameter => parameter.Key.Value)
            .ToHashSet(StringComparer.Ordinal);
        return new SecretProperties(root, name => given is null || given.Contains(name) || declared.Contains(name));
    }

    /// <summary>Whether a property is made of a secret.</summary>
    /// <param name="resource">The resource's logical id.</param>
    /// <param name="path">The property, such as <c>/Tags/0/Value</c>; all that is under its first name counts.</param>
    public bool Hides(string resource, string path) =>
        _root is null
        || _root.At("Resources")?.At(resource)?.At("Properties") is not { } properties
        || properties.At(path.TrimStart('/').Split('/')[0]) is { } property && Mentions(property);

    /// <summary>
    /// The parameters of a nested stack that are given something secret; <see langword="null"/> when that is not known.
    /// </summary>
    /// <param name="resource">The logical id of the nested stack.</param>
    public IReadOnlySet<string>? PassedTo(string resource) =>
        _root?.At("Resources")?.At(resource)?.At("Properties") is { } properties ? GivenSecrets(properties) : null;

    /// <summary>Whether an output is made of a secret, or of an output of a nested stack that is given one.</summary>
    /// <param name="name">The output.</param>
    public bool HidesOutput(string name) =>
        _root is null || (_root.At("Outputs")?.At(name)?.At("Value") is { } value && (Mentions(value) || TakesFromNested(value)));

    internal IReadOnlySet<string> GivenSecrets(YamlNode properties) =>
        properties
            .Entries("Parameters")
            .Where(parameter => Mentions(parameter.Value))
            .Select(parameter => parameter.Key.Value)
            .ToHashSet(StringComparer.Ordinal);

    private bool TakesFromNested(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            ("GetAtt", YamlScalar attribute) => IsOfNested(attribute.Value),
            ("GetAtt", YamlSequence { Items: [YamlScalar id, YamlScalar attribute] }) => IsOfNested($"{id.Value}.{attribute.Value}"),
            ("Sub", YamlScalar text) => IsOfNested(text.Value),
            _ => node switch
            {
                YamlMapping map => map.Entries.Any(entry => TakesFromNested(entry.Value)),
                YamlSequence list => list.Items.Any(TakesFromNested),
                YamlScalar text => text.Value.Contains("${", StringComparison.Ordinal) && IsOfNested(text.Value),
                _ => false,
            },
        };

    private bool IsOfNested(string attribute) =>
        _root!
            .Entries("Resources")
            .Any(resource =>
                attribute.Contains($"{resource.Key.Value}.Outputs.", StringComparison.Ordinal)
                && PassedTo(resource.Key.Value) is { Count: > 0 }
            );

    internal bool Mentions(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            ("Ref", YamlScalar name) => _isSecret(name.Value),
            ("Sub", YamlScalar text) => MentionsIn(text.Value),
            ("Sub", YamlSequence { Items: [YamlScalar text, ..] } list) => MentionsIn(text.Value) || list.Items.Skip(1).Any(Mentions),
            _ => node switch
            {
                YamlMapping map => map.Entries.Any(entry => Mentions(entry.Value)),
                YamlSequence list => list.Items.Any(Mentions),
                _ => false,
            },
        };

    private bool MentionsIn(string text) =>
        text.Split("${")
            .Skip(1)
            .Any(rest => rest.IndexOf('}', StringComparison.Ordinal) is > 0 and var end && _isSecret(rest[..end].Trim()));
}
