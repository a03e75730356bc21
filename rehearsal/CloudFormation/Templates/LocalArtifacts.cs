using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A path on the packaging machine that a resource names.</summary>
public sealed record LocalArtifact(string LogicalId, string ResourceType, string Property, string Path);

/// <summary>Where an uploaded artifact is.</summary>
public sealed record S3Location(string Bucket, string Key);

/// <summary>What <c>sam package</c> does to a template before it is deployed: local paths become S3 objects.</summary>
public static class LocalArtifacts
{
    private static readonly Dictionary<string, string[]> Properties = new()
    {
        ["AWS::Serverless::Function"] = ["CodeUri"],
        ["AWS::Serverless::StateMachine"] = ["DefinitionUri"],
        ["AWS::CloudFormation::Stack"] = ["TemplateURL"],
    };

    /// <summary>A copy of the template in which each local path, <c>Globals</c>' too, is replaced by where <paramref name="upload"/> put
    /// it.</summary>
    public static JsonObject Replace(JsonObject template, Func<LocalArtifact, S3Location> upload)
    {
        var root = (JsonObject)template.DeepClone();
        foreach (var (section, value) in root["Globals"] as JsonObject ?? [])
        {
            Replace("Globals", $"AWS::Serverless::{section}", value as JsonObject, upload);
        }

        foreach (var (id, resource) in root["Resources"] as JsonObject ?? [])
        {
            // A loop is a list.
            if (resource is JsonObject declared)
            {
                Replace(id, declared["Type"].Text() ?? "", declared["Properties"] as JsonObject, upload);
            }
        }

        return root;
    }

    private static void Replace(string id, string type, JsonObject? properties, Func<LocalArtifact, S3Location> upload)
    {
        foreach (var property in Properties.GetValueOrDefault(type) ?? [])
        {
            if (properties?[property].Text() is not { } path || path.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            var location = upload(new LocalArtifact(id, type, property, path));
            properties[property] =
                property == "TemplateURL"
                    ? $"https://s3.amazonaws.com/{location.Bucket}/{location.Key}"
                    : new JsonObject { ["Bucket"] = location.Bucket, ["Key"] = location.Key };
        }
    }
}
