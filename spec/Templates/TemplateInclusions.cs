using System.Text.RegularExpressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// What CloudFormation reads from elsewhere when it works on a template: nested templates and snippets at addresses, parameters of Systems
/// Manager, dynamic references, what macros make and modules hold. The template's text does not say when it changes.
/// </summary>
/// <param name="Included">Nested templates and snippets (<c>AWS::Include</c>) at addresses.</param>
/// <param name="SsmParameters">
/// Names of parameters of Systems Manager that are used, by a parameter type or a dynamic reference; with the version where one is named,
/// since a parameter that is deleted and made again has another value in the same version.
/// </param>
/// <param name="Unknown">A sentence for each thing that is read from a place that is not known, or that cannot be read.</param>
public sealed partial record TemplateInclusions(
    IReadOnlyList<IncludedTemplate> Included,
    IReadOnlyList<string> SsmParameters,
    IReadOnlyList<string> Unknown
)
{
    private const string Stack = "AWS::CloudFormation::Stack";
    private const string Application = "AWS::Serverless::Application";
    private const string Include = "AWS::Include";
    private const string Macro = "Transform";
    private const string Module = "::MODULE";

    /// <summary>
    /// Transforms of CloudFormation itself that make the same of the same text; another one of its own reads something, such as
    /// <c>AWS::ServiceCatalog</c> the outputs of products, and a macro of somebody is a function that may do anything.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-reference.html
    /// </summary>
    private static readonly string[] OfTextAlone =
    [
        "AWS::CodeDeployBlueGreen",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::Serverless-2016-10-31",
        // Its content is read and compared.
        Include,
    ];

    /// <summary>Reads what a template includes; nothing of one that cannot be read, in which CloudFormation names the fault.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="value">The value that a parameter or pseudo parameter is given, or null for its default.</param>
    /// <param name="given">
    /// What another template gives the parameters of this one, a nested stack's, in place of <paramref name="value"/>; null for a value
    /// that is not known before CloudFormation evaluates it.
    /// </param>
    public static TemplateInclusions Read(
        string text,
        string file,
        Func<string, string?> value,
        IReadOnlyDictionary<string, string?>? given = null
    )
    {
        var included = new List<IncludedTemplate>();
        var (parameters, unknown) = (new SortedSet<string>(), new SortedSet<string>());
        foreach (var reference in DynamicReferences(text))
        {
            Add(reference, parameters, unknown);
        }

        if (Begun().Count(text) > Resolve().Count(text))
        {
            unknown.Add($"a dynamic reference that a function of {file} puts together is not known before CloudFormation evaluates it");
        }

        if (TemplateText.Read(text, file, new FaultList()) is not { } root)
        {
            return new TemplateInclusions([], [.. parameters], [.. unknown]);
        }

        string? Value(string name) =>
            given is not null && given.TryGetValue(name, out var there)
                ? there
                : value(name) ?? root.At("Parameters")?.At(name)?.Text("Default");
        // A value may be a reference too, one that the stack keeps as well as one that it is given.
        foreach (
            var reference in root.Entries("Parameters").SelectMany(declared => DynamicReferences(Value(declared.Key.Value) ?? string.Empty))
        )
        {
            Add(reference, parameters, unknown);
        }

        foreach (var declared in root.Entries("Parameters").Where(declared => TemplateParameter.IsNameInSsm(declared.Value.Text("Type"))))
        {
            if (Value(declared.Key.Value) is { } name)
            {
                parameters.Add(name);
            }
            else if (given is not null)
            {
                unknown.Add($"{declared.Key.Position}: which parameter of Systems Manager {declared.Key.Value} names is not known here");
            }
        }

        // A reference to a parameter of an SSM type gives what the parameter of Systems Manager holds, and not its name.
        var known = new TemplateValues(name =>
            TemplateParameter.IsNameInSsm(root.At("Parameters")?.At(name)?.Text("Type")) ? null : Value(name)
        );
        foreach (var (resource, node, gives) in Inclusions(root))
        {
            if (known.Of(node) is { } address)
            {
                var template = new IncludedTemplate(
                    address,
                    gives.ToDictionary(parameter => parameter.Key.Value, parameter => known.Of(parameter.Value), StringComparer.Ordinal)
                )
                {
                    LogicalId = resource,
                };
                included.Add(template);
            }
            else
            {
                var what = resource is null ? "a snippet" : $"the template of {resource}";
                unknown.Add($"{node.Position}: the address of {what} is not known before CloudFormation evaluates the template");
            }
        }

        foreach (var macro in Macros(root).Except(OfTextAlone, StringComparer.Ordinal))
        {
            unknown.Add($"what the macro {macro} makes of {file} is not known before CloudFormation runs it");
        }

        foreach (var resource in TemplateLoops.Repeated(root.Entries("Resources")))
        {
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html
            if (resource.Value.Text("Type") is { } type && type.EndsWith(Module, StringComparison.Ordinal))
            {
                unknown.Add($"what the module {type} holds is not known before CloudFormation reads it");
            }
        }

        return new TemplateInclusions(included, [.. parameters], [.. unknown]);
    }

    /// <summary>
    /// Reports snippets that are files of the service: the deployer does not package them, and CloudFormation reads them from S3 alone.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
    /// </summary>
    internal static void CheckSnippets(YamlNode root, FaultList faults)
    {
        foreach (var location in Snippets(root).Select(TemplateFunction.Literal).OfType<YamlScalar>())
        {
            if (!location.Value.Contains("://", StringComparison.Ordinal))
            {
                faults.Add(
                    location.Position,
                    $"the snippet \"{location.Value}\" of {Include} is no address, and is not packaged",
                    "s3://BUCKET/KEY"
                );
            }
        }
    }

    /// <summary>The dynamic references in a text, each once, as they stand between <c>{{resolve:</c> and <c>}}</c>.</summary>
    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html</remarks>
    public static IReadOnlyList<string> DynamicReferences(string text) =>
        [.. Resolve().Matches(text).Select(match => match.Groups["reference"].Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Sorts a dynamic reference: a parameter of Systems Manager is compared, a secret of one version is a constant, another cannot be
    /// compared.
    /// </summary>
    /// <param name="reference">The reference, such as <c>ssm:NAME</c>.</param>
    /// <param name="parameters">Takes the name of a parameter, with the version where one is named.</param>
    /// <param name="unknown">Takes a sentence for what cannot be compared.</param>
    public static void Add(string reference, ISet<string> parameters, ISet<string> unknown)
    {
        var (service, key) = reference.Split(':', 2) is [var before, var after] ? (before, after) : (reference, string.Empty);
        if (key.Contains("${", StringComparison.Ordinal))
        {
            unknown.Add($"{{{{resolve:{reference}}}}} is not known before CloudFormation evaluates the template");
        }
        else if (service is "ssm" or "ssm-secure")
        {
            parameters.Add(key);
        }
        else if (!IsSecretOfOneVersion(key))
        {
            unknown.Add($"the value of {{{{resolve:{reference}}}}} cannot be read");
        }
    }

    // SECRET:SecretString:JSON-KEY:VERSION-STAGE:VERSION-ID, where SECRET may be an ARN of seven parts.
    private static bool IsSecretOfOneVersion(string key)
    {
        var parts = key.Split(':');
        var rest = parts.AsSpan(key.StartsWith("arn:", StringComparison.Ordinal) ? Math.Min(7, parts.Length) : 1);
        return rest.Length == 4 && rest[3].Length > 0;
    }

    private static IEnumerable<(string? Resource, YamlNode Address, IEnumerable<YamlEntry> Gives)> Inclusions(YamlNode root)
    {
        foreach (var resource in TemplateLoops.Repeated(root.Entries("Resources")))
        {
            var properties = resource.Value.At("Properties");
            var address = resource.Value.Text("Type") switch
            {
                Stack => properties?.At("TemplateURL"),
                // An application of the repository is given by its id and version.
                Application when properties?.At("Location") is var location && location?.At("ApplicationId") is null => location,
                _ => null,
            };
            if (address is not null)
            {
                yield return (resource.Key.Value, address, properties!.Entries("Parameters"));
            }
        }

        foreach (var snippet in Snippets(root))
        {
            yield return (null, snippet, []);
        }
    }

    private static IEnumerable<YamlNode> Snippets(YamlNode node) =>
        node switch
        {
            YamlMapping map when map.Text("Name") == Include && map.At("Parameters")?.At("Location") is { } location => [location],
            YamlMapping map => map.Entries.SelectMany(entry => Snippets(entry.Value)),
            YamlSequence list => list.Items.SelectMany(Snippets),
            _ => [],
        };

    /// <summary>The names of the macros that work on the template or on a part of it.</summary>
    private static IEnumerable<string> Macros(YamlNode root) =>
        root.At(Macro) is { } declared ? Named(declared).Concat(Called(root)) : Called(root);

    private static IEnumerable<string> Called(YamlNode node)
    {
        var (function, given) = TemplateFunction.Split(node);
        if (function == Macro)
        {
            return Named(given);
        }

        return node switch
        {
            YamlMapping map => map.Entries.SelectMany(entry =>
                entry.Key.Value == $"Fn::{Macro}" ? Named(entry.Value) : Called(entry.Value)
            ),
            YamlSequence list => list.Items.SelectMany(Called),
            _ => [],
        };
    }

    /// <summary>Macros as they are named: by a name, by a map with one, or by a list of these.</summary>
    private static IEnumerable<string> Named(YamlNode declared) =>
        declared switch
        {
            YamlSequence list => list.Items.SelectMany(Named),
            YamlMapping map => [map.Text("Name") ?? "of a name that is not known"],
            YamlScalar name => [name.Value],
            _ => [],
        };

    [GeneratedRegex(
        @"\{\{resolve:(?<reference>[a-z-]+:(?:\$\{[^}]*\}|[^}""\r\n])+)\}\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Resolve();

    [GeneratedRegex(@"\{\{resolve:", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Begun();
}

/// <summary>A nested template or a snippet at an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Given">What it is given for its parameters; null for a value that is not known.</param>
public sealed record IncludedTemplate(string Address, IReadOnlyDictionary<string, string?> Given)
{
    /// <summary>The nested stack's logical id; null for a snippet.</summary>
    public string? LogicalId { get; init; }

    /// <summary>The same for what has the same address and is given the same.</summary>
    public string Identity =>
        string.Join(
            '\n',
            Given
                .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                .Select(parameter => parameter.Value is null ? $"{parameter.Key}?" : $"{parameter.Key}={parameter.Value}")
                .Prepend(Address)
        );
}
