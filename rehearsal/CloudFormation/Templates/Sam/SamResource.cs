using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary>A serverless resource with the template's <c>Globals</c> merged in.</summary>
internal sealed class SamResource
{
    private static readonly string[] Attributes = ["DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy"];
    private readonly JsonObject _resource;

    public SamResource(string id, JsonObject resource, JsonObject? globals)
    {
        (Id, _resource) = (id, resource);
        Properties = Merge(globals ?? [], resource["Properties"] as JsonObject ?? []);
    }

    public string Id { get; }

    public JsonObject Properties { get; }

    /// <summary>What the rehearsal cannot make of it, each once: all of it is said together.</summary>
    public List<string> Limits { get; } = [];

    public TemplateException Invalid(string what) => new($"Resource with id [{Id}] is invalid. {what}");

    /// <summary>Notes a limit of the rehearsal, and lets the rest be looked at.</summary>
    public void Limit(string what)
    {
        var limit = Invalid(what).Message;
        if (!Limits.Contains(limit))
        {
            Limits.Add(limit);
        }
    }

    public void AllowOnly(params IReadOnlyCollection<string> names)
    {
        foreach (var odd in Properties.Select(property => property.Key).Where(key => !names.Contains(key)))
        {
            Limit($"Property '{odd}' is not supported by the rehearsal.");
        }
    }

    public JsonNode Required(string name) => Properties[name]?.DeepClone() ?? throw Invalid($"Missing required property '{name}'.");

    /// <summary>Copies properties that have the same name and meaning in the plain resource type.</summary>
    public void Copy(JsonObject to, params IEnumerable<string> names)
    {
        foreach (var name in names.Where(Properties.ContainsKey))
        {
            to[name] = Properties[name]!.DeepClone();
        }
    }

    /// <summary>A generated resource; the main one keeps this resource's metadata and, like its companions, its attributes.</summary>
    public JsonObject Generated(string type, JsonObject properties, bool isMain = false)
    {
        var result = new JsonObject { ["Type"] = type, ["Properties"] = properties };
        foreach (var attribute in isMain ? Attributes.Append("Metadata") : ["Condition"])
        {
            if (_resource[attribute] is { } value)
            {
                result[attribute] = value.DeepClone();
            }
        }

        return result;
    }

    /// <summary>An S3 object given as <c>s3://bucket/key</c> or as an object; a local path has to be uploaded before
    /// (<see cref="LocalArtifacts"/>).</summary>
    public JsonObject S3Location(string property, string bucketName, string keyName, string versionName)
    {
        var (bucket, key, version) = Properties[property] switch
        {
            JsonObject map when map["Bucket"] is { } b && map["Key"] is { } k => (
                b.DeepClone(),
                k.DeepClone(),
                map["Version"]?.DeepClone()
            ),
            var node
                when node.Text() is { } text
                    && text.StartsWith("s3://", StringComparison.Ordinal)
                    && text[5..].Split('/', 2) is [{ Length: > 0 } b, { Length: > 0 } k] => (b, k, null),
            _ => throw Invalid(
                $"'{property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
            ),
        };
        var location = new JsonObject { [bucketName] = bucket, [keyName] = key };
        if (version is not null)
        {
            location[versionName] = version;
        }

        return location;
    }

    /// <summary>The tags as a list, SAM's own first.</summary>
    public JsonArray Tags(string ownKey)
    {
        var tags = new JsonArray(new JsonObject { ["Key"] = ownKey, ["Value"] = "SAM" });
        foreach (var (key, value) in Properties["Tags"] as JsonObject ?? [])
        {
            tags.Add(new JsonObject { ["Key"] = key, ["Value"] = value?.DeepClone() });
        }

        return tags;
    }

    /// <summary>Globals give way to the resource; maps are merged, lists are joined.</summary>
    private static JsonObject Merge(JsonObject globals, JsonObject own)
    {
        var result = (JsonObject)globals.DeepClone();
        foreach (var (key, value) in own)
        {
            result[key] = (result[key], value) switch
            {
                (JsonObject a, JsonObject b) when !a.IsCall(out _, out _) && !b.IsCall(out _, out _) => Merge(a, b),
                (JsonArray a, JsonArray b) => new JsonArray([.. a.Concat(b).Select(item => item?.DeepClone())]),
                _ => value?.DeepClone(),
            };
        }

        return result;
    }
}
