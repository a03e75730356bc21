using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A template whose sections were read and whose references were checked against its declarations.</summary>
public sealed class Template
{
    private static readonly HashSet<string> Sections =
    [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
        "Transform",
        "Globals",
        "Resources",
        "Outputs",
    ];

    private Template(JsonObject root)
    {
        Root = root;
        Description = root["Description"].Text();
        Transforms = TransformsOf(root);
        Parameters = Section(root, "Parameters").ToDictionary(p => p.Key, p => ParameterDeclaration.Read(p.Key, p.Value));
        Mappings = Named(Section(root, "Mappings"));
        Conditions = Declared(root, "Conditions").ToDictionary(c => c.Key, c => c.Value!);
        Resources = new(Declared(root, "Resources").Select(r => KeyValuePair.Create(r.Key, ResourceDeclaration.Read(r.Key, r.Value))));
        Outputs = new(Declared(root, "Outputs").Select(o => KeyValuePair.Create(o.Key, OutputDeclaration.Read(o.Key, o.Value))));
        Metadata = root["Metadata"] as JsonObject;
    }

    /// <summary>The whole template with functions in their long form.</summary>
    public JsonObject Root { get; }

    /// <summary>What it is for.</summary>
    public string? Description { get; }

    /// <summary>What it keeps beside its resources.</summary>
    public JsonObject? Metadata { get; }

    /// <summary>The transforms still to be applied, e.g. <c>AWS::Serverless-2016-10-31</c>.</summary>
    public IReadOnlyList<string> Transforms { get; }

    /// <summary>The template was written for <c>AWS::LanguageExtensions</c>, whose functions it may use.</summary>
    public bool HasLanguageExtensions { get; private init; }

    /// <summary>The parameters by their names.</summary>
    public IReadOnlyDictionary<string, ParameterDeclaration> Parameters { get; }

    /// <summary>The maps by their names.</summary>
    public JsonObject Mappings { get; }

    /// <summary>The conditions by their names, not yet evaluated.</summary>
    public IReadOnlyDictionary<string, JsonNode> Conditions { get; }

    /// <summary>The resources by their logical ids.</summary>
    public OrderedDictionary<string, ResourceDeclaration> Resources { get; }

    /// <summary>The outputs by their names.</summary>
    public OrderedDictionary<string, OutputDeclaration> Outputs { get; }

    /// <exception cref="TemplateException">The text is no valid template.</exception>
    public static Template Parse(string text) => From(TemplateText.Read(text));

    /// <exception cref="TemplateException">The sections are not valid.</exception>
    public static Template From(JsonObject root, bool hasLanguageExtensions = false)
    {
        UnsupportedFeatures.Refuse(root);
        var odd = root.Select(s => s.Key).Where(key => !Sections.Contains(key)).ToList();
        if (odd.Count > 0)
        {
            throw new TemplateException($"Invalid template property or properties [{string.Join(", ", odd)}]");
        }

        if (root["AWSTemplateFormatVersion"] is { } version && version.Text() != "2010-09-09")
        {
            throw new TemplateException("Template format error: unsupported value for AWSTemplateFormatVersion.");
        }

        TemplateLimits.Check(root);
        var template = new Template(root) { HasLanguageExtensions = hasLanguageExtensions };
        if (Section(root, "Resources").Count == 0)
        {
            throw new TemplateException("Template format error: At least one Resources member must be defined.");
        }

        TemplateChecks.References(template);
        return template;
    }

    /// <summary>Parameters, mappings and conditions alone, for what is resolved before resources are read.</summary>
    internal static Template Declarations(JsonObject root)
    {
        var declarations = new JsonObject();
        foreach (var section in new[] { "Transform", "Parameters", "Mappings", "Conditions" })
        {
            declarations[section] = root[section]?.DeepClone();
        }

        return new Template(declarations) { HasLanguageExtensions = true };
    }

    /// <summary>The names of the transforms that a template asks for.</summary>
    internal static IReadOnlyList<string> TransformsOf(JsonObject root)
    {
        static string Name(JsonNode? transform) => transform.Text() ?? (transform as JsonObject)?["Name"].Text() ?? "";
        return root["Transform"] switch
        {
            null => [],
            JsonArray list => [.. list.Select(Name)],
            var one => [Name(one)],
        };
    }

    /// <summary>A section's members; loops that are still to be unrolled declare nothing yet.</summary>
    private IEnumerable<KeyValuePair<string, JsonNode?>> Declared(JsonObject root, string name) =>
        Transforms.Contains(LanguageExtensions.Name)
            ? Section(root, name).Where(member => !ForEach.IsLoop(member.Key))
            : Section(root, name);

    /// <summary>
    /// Mappings and the attributes of their keys have alphanumeric names; the keys between take more:
    /// https://github.com/aws/aws-cdk/issues/16866, https://github.com/awsdocs/aws-cloudformation-user-guide/issues/282
    /// </summary>
    private static JsonObject Named(JsonObject mappings)
    {
        var attributes = mappings
            .Select(mapping => mapping.Value as JsonObject ?? [])
            .SelectMany(mapping => mapping)
            .Where(key => !IsFunction(key.Key))
            .SelectMany(key => (key.Value as JsonObject ?? []).Select(attribute => attribute.Key));
        if (
            mappings
                .Select(mapping => mapping.Key)
                .Concat(attributes)
                .FirstOrDefault(name => !IsFunction(name) && !name.All(char.IsAsciiLetterOrDigit)) is
            { } odd
        )
        {
            throw new TemplateException(
                $"Template format error: Mappings attribute name '{odd}' must contain only alphanumeric characters."
            );
        }

        return mappings;

        static bool IsFunction(string name) => name.StartsWith("Fn::", StringComparison.Ordinal);
    }

    private static JsonObject Section(JsonObject root, string name) =>
        root[name] switch
        {
            null => [],
            JsonObject section => section,
            _ => throw new TemplateException($"Template format error: {name} must be an object."),
        };
}
