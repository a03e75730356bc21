using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>One member of a template's <c>Resources</c>, its properties not yet evaluated.</summary>
public sealed record ResourceDeclaration(string LogicalId, string Type, JsonObject Properties)
{
    private static readonly HashSet<string> Members =
    [
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "UpdatePolicy",
        "CreationPolicy",
        "Metadata",
        "Description",
    ];

    /// <summary>The resources that it waits for.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The name of the condition under which the resource exists.</summary>
    public string? Condition { get; init; }

    /// <summary><c>Delete</c>, <c>Retain</c>, <c>RetainExceptOnCreate</c> or <c>Snapshot</c>; null when not written.</summary>
    public string? DeletionPolicy { get; init; }

    /// <summary>What becomes of a resource that is replaced; null when not written.</summary>
    public string? UpdateReplacePolicy { get; init; }

    /// <summary>How CloudFormation updates it, not yet evaluated.</summary>
    public JsonObject? UpdatePolicy { get; init; }

    /// <summary>What its creation waits for, not yet evaluated.</summary>
    public JsonObject? CreationPolicy { get; init; }

    /// <summary>What the template keeps beside it.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>The resource outlives its removal from the template and the deletion of its stack.</summary>
    public bool IsRetained => DeletionPolicy is "Retain" or "RetainExceptOnCreate";

    internal static ResourceDeclaration Read(string id, JsonNode? node)
    {
        if (!id.All(char.IsAsciiLetterOrDigit))
        {
            throw new TemplateException($"Template format error: Resource name {id} is non alphanumeric.");
        }

        if (node is not JsonObject map)
        {
            throw new TemplateException("Template format error: Any Resources member must be an object.");
        }

        var type =
            map["Type"].Text()
            ?? throw new TemplateException($"Template format error: [/Resources/{id}] Every Resources object must contain a Type member.");
        // The version of the custom resource's protocol, of which there is one.
        if (map.Select(m => m.Key).FirstOrDefault(key => !IsMember(type, key)) is { } odd)
        {
            throw new TemplateException($"Invalid template resource property '{odd}'");
        }

        return new ResourceDeclaration(id, type, Part(id, map, "Properties") ?? [])
        {
            DependsOn = map["DependsOn"] switch
            {
                null => [],
                JsonArray list =>
                [
                    .. list.Select(one =>
                        one.Text() ?? throw new TemplateException("Template format error: Every DependsOn value must be a string.")
                    ),
                ],
                var one =>
                [
                    one.Text() ?? throw new TemplateException("Template format error: DependsOn must be a string or list of strings."),
                ],
            },
            Condition = map["Condition"].Text(),
            DeletionPolicy = Policy(map, "DeletionPolicy"),
            UpdateReplacePolicy = Policy(map, "UpdateReplacePolicy"),
            UpdatePolicy = Part(id, map, "UpdatePolicy"),
            CreationPolicy = Part(id, map, "CreationPolicy"),
            Metadata = Part(id, map, "Metadata"),
        };
    }

    // The version is that of the custom resource's protocol, of which there is one.
    private static bool IsMember(string type, string key) =>
        Members.Contains(key) || key == "Version" && CustomResourceTypes.Includes(type);

    private static JsonObject? Part(string id, JsonObject map, string key) =>
        map[key] switch
        {
            null => null,
            JsonObject part => part,
            _ => throw new TemplateException($"Template format error: [/Resources/{id}/{key}] must be an object."),
        };

    private static string? Policy(JsonObject map, string key) =>
        map[key].Text() switch
        {
            null => null,
            var policy and ("Delete" or "Retain" or "Snapshot") => policy,
            "RetainExceptOnCreate" when key == "DeletionPolicy" => "RetainExceptOnCreate",
            var other => throw new TemplateException($"Template format error: Unrecognized {key} {other} for resource."),
        };
}
