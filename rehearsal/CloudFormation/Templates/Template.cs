using System.Text.Json.Nodes;

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
        "Rules",
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
        Transforms = root["Transform"] switch
        {
            null => [],
            JsonArray list => [.. list.Select(t => t.Text() ?? "")],
            var one => [one.Text() ?? ""],
        };
        Parameters = Section(root, "Parameters").ToDictionary(p => p.Key, p => ParameterDeclaration.Read(p.Key, p.Value));
        Mappings = Section(root, "Mappings");
        Conditions = Section(root, "Conditions").ToDictionary(c => c.Key, c => c.Value!);
        Resources = new(Section(root, "Resources").Select(r => KeyValuePair.Create(r.Key, ResourceDeclaration.Read(r.Key, r.Value))));
        Outputs = new(Section(root, "Outputs").Select(o => KeyValuePair.Create(o.Key, OutputDeclaration.Read(o.Key, o.Value))));
        Metadata = root["Metadata"] as JsonObject;
    }

    /// <summary>The whole template with functions in their long form.</summary>
    public JsonObject Root { get; }

    public string? Description { get; }

    public JsonObject? Metadata { get; }

    /// <summary>The transforms still to be applied, e.g. <c>AWS::Serverless-2016-10-31</c>.</summary>
    public IReadOnlyList<string> Transforms { get; }

    public IReadOnlyDictionary<string, ParameterDeclaration> Parameters { get; }

    public JsonObject Mappings { get; }

    public IReadOnlyDictionary<string, JsonNode> Conditions { get; }

    public OrderedDictionary<string, ResourceDeclaration> Resources { get; }

    public OrderedDictionary<string, OutputDeclaration> Outputs { get; }

    /// <exception cref="TemplateException">The text is no valid template.</exception>
    public static Template Parse(string text) => From(TemplateText.Read(text));

    /// <exception cref="TemplateException">The sections are not valid.</exception>
    public static Template From(JsonObject root)
    {
        var odd = root.Select(s => s.Key).Where(key => !Sections.Contains(key)).ToList();
        if (odd.Count > 0)
        {
            throw new TemplateException($"Invalid template property or properties [{string.Join(", ", odd)}]");
        }

        if (root["AWSTemplateFormatVersion"] is { } version && version.Text() != "2010-09-09")
        {
            throw new TemplateException("Template format error: unsupported value for AWSTemplateFormatVersion.");
        }

        if (root["Rules"] is not null)
        {
            throw new TemplateException("Template format error: Rules are not supported by the rehearsal.");
        }

        var template = new Template(root);
        if (template.Resources.Count == 0)
        {
            throw new TemplateException("Template format error: At least one Resources member must be defined.");
        }

        TemplateChecks.References(template);
        return template;
    }

    private static JsonObject Section(JsonObject root, string name) =>
        root[name] switch
        {
            null => [],
            JsonObject section => section,
            _ => throw new TemplateException($"Template format error: {name} must be an object."),
        };
}
