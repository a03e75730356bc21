using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Deployer.Cdk;

/// <summary>
/// The parameters of a template. What the app gives one stands in the stack itself and is a parameter no longer, so that CloudFormation
/// checks it no more: it is checked here
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
/// </summary>
internal sealed class TemplateParameters
{
    private readonly string _template;
    private readonly Dictionary<string, YamlMappingNode> _declared;

    /// <summary>Reads those of a template.</summary>
    /// <param name="template">The template's path in the product.</param>
    public TemplateParameters(string template)
    {
        _template = template;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Product.Folder, template))));
        _declared = ((YamlMappingNode)yaml.Documents[0].RootNode["Parameters"]).ToDictionary(
            entry => (string)entry.Key!,
            entry => (YamlMappingNode)entry.Value,
            StringComparer.Ordinal
        );
    }

    /// <summary>What a stack is given: what the app says, and what the configuration adds.</summary>
    /// <param name="stack">The stack's name, for faults.</param>
    /// <param name="own">What the app says.</param>
    /// <param name="added">What the configuration adds, as JSON.</param>
    /// <exception cref="ConfigurationException">A value is not as the template expects it, or not the configuration's to give.</exception>
    public Dictionary<string, object> Given(
        string stack,
        IReadOnlyDictionary<string, object> own,
        IReadOnlyDictionary<string, JsonElement> added
    )
    {
        var given = new Dictionary<string, object>(own, StringComparer.Ordinal);
        foreach (var (name, value) in added)
        {
            if (own.ContainsKey(name))
            {
                throw Fault(stack, name, "is set by the app", "the keys of the file that say it, and not this parameter");
            }

            if (Text(Declared(stack, name), "NoEcho") == "true")
            {
                throw Fault(stack, name, "is a secret", $"cdk deploy --parameters {stack}:{name}=VALUE, so that no file holds it");
            }

            given[name] = Value(stack, name, value);
        }

        foreach (var (name, value) in given)
        {
            Check(stack, name, value);
        }

        return given;
    }

    private YamlMappingNode Declared(string stack, string name) =>
        _declared.TryGetValue(name, out var declared)
            ? declared
            : throw Fault(stack, name, "does not exist", $"one of {string.Join(", ", _declared.Keys)}");

    private object Value(string stack, string name, JsonElement value)
    {
        var type = Text(Declared(stack, name), "Type")!;
        return (type, value.ValueKind) switch
        {
            ("CommaDelimitedList", JsonValueKind.Array) when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                value.EnumerateArray().Select(item => item.GetString()!).ToArray(),
            ("CommaDelimitedList", _) => throw Fault(stack, name, $"is {value.GetRawText()}", "a list of texts"),
            ("Number", JsonValueKind.Number) => value.GetDouble(),
            ("Number", _) => throw Fault(stack, name, $"is {value.GetRawText()}", "a number"),
            (_, JsonValueKind.String) => value.GetString()!,
            _ => throw Fault(stack, name, $"is {value.GetRawText()}", "a text"),
        };
    }

    /// <summary>A pattern has to match the whole value, and holds for each text of a list.</summary>
    private void Check(string stack, string name, object value)
    {
        var declared = Declared(stack, name);
        IReadOnlyList<string> values = value switch
        {
            string[] list => list,
            double number => [number.ToString(CultureInfo.InvariantCulture)],
            _ => [(string)value],
        };
        if (Text(declared, "AllowedPattern") is { } pattern)
        {
            var whole = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            if (values.FirstOrDefault(text => !whole.IsMatch(text)) is { } wrong)
            {
                throw Fault(stack, name, $"is '{wrong}'", $"what matches {pattern}");
            }
        }

        if (declared.Children.TryGetValue("AllowedValues", out var node))
        {
            var allowed = ((YamlSequenceNode)node).Select(item => (string)item!).ToList();
            if (values.FirstOrDefault(text => !allowed.Contains(text)) is { } wrong)
            {
                throw Fault(stack, name, $"is '{wrong}'", $"one of {string.Join(", ", allowed)}");
            }
        }
    }

    private static string? Text(YamlMappingNode declared, string key) =>
        declared.Children.TryGetValue(key, out var value) ? (string?)value : null;

    private ConfigurationException Fault(string stack, string name, string problem, string expected) =>
        new($"parameter {name} of stack {stack} ({_template}) {problem}; expected {expected}");
}
