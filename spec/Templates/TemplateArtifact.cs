using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>How a template says where an object in S3 lies.</summary>
public enum ArtifactForm
{
    /// <summary><c>s3://BUCKET/KEY</c>.</summary>
    Uri,

    /// <summary><c>https://…</c>.</summary>
    Url,

    /// <summary>A map of <c>S3Bucket</c> and <c>S3Key</c>.</summary>
    Code,

    /// <summary>A map of <c>Bucket</c> and <c>Key</c>.</summary>
    Location,
}

/// <summary>What an artifact is.</summary>
public enum ArtifactContent
{
    /// <summary>Code: a folder or a file, which becomes a zip unless it is one.</summary>
    Code,

    /// <summary>A file as it is.</summary>
    File,

    /// <summary>A nested stack's template, which may name artifacts of its own.</summary>
    Template,
}

/// <summary>
/// A path of the service in a template, where CloudFormation wants an object in S3: what <c>aws cloudformation package</c> and <c>sam
/// package</c> replace.
/// </summary>
/// <param name="LogicalId">The resource; <c>Globals</c> for what SAM gives to every function.</param>
/// <param name="Property">Such as <c>CodeUri</c>.</param>
/// <param name="Path">As it is written, against the template's folder.</param>
/// <param name="Content">What is there.</param>
/// <param name="Form">What takes its place.</param>
/// <param name="Place">The characters of the template that are replaced.</param>
/// <param name="Position">Where it is written.</param>
public sealed record TemplateArtifact(
    string LogicalId,
    string Property,
    string Path,
    ArtifactContent Content,
    ArtifactForm Form,
    Range Place,
    SourcePosition Position
)
{
    // https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html, as far as the rest is not about other services.
    private static readonly Dictionary<(string Type, string Property), (ArtifactContent Content, ArtifactForm Form)> Known = new()
    {
        [("AWS::Serverless::Function", "CodeUri")] = (ArtifactContent.Code, ArtifactForm.Uri),
        [("AWS::Serverless::LayerVersion", "ContentUri")] = (ArtifactContent.Code, ArtifactForm.Uri),
        [("AWS::Serverless::Api", "DefinitionUri")] = (ArtifactContent.File, ArtifactForm.Uri),
        [("AWS::Serverless::HttpApi", "DefinitionUri")] = (ArtifactContent.File, ArtifactForm.Uri),
        [("AWS::Serverless::StateMachine", "DefinitionUri")] = (ArtifactContent.File, ArtifactForm.Uri),
        [("AWS::Serverless::Application", "Location")] = (ArtifactContent.Template, ArtifactForm.Url),
        [("AWS::Lambda::Function", "Code")] = (ArtifactContent.Code, ArtifactForm.Code),
        [("AWS::Lambda::LayerVersion", "Content")] = (ArtifactContent.Code, ArtifactForm.Code),
        [("AWS::StepFunctions::StateMachine", "DefinitionS3Location")] = (ArtifactContent.File, ArtifactForm.Location),
        [("AWS::ApiGateway::RestApi", "BodyS3Location")] = (ArtifactContent.File, ArtifactForm.Location),
        [("AWS::CloudFormation::Stack", "TemplateURL")] = (ArtifactContent.Template, ArtifactForm.Url),
    };

    /// <summary>The artifacts of a template, in the order of the text; none of one that cannot be read.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    public static IReadOnlyList<TemplateArtifact> In(string text, string file) =>
        TemplateText.Read(text, file, new FaultList()) is { } root ? Find(root) : [];

    internal static IReadOnlyList<TemplateArtifact> Find(YamlNode root)
    {
        var resources = TemplateLoops
            .Repeated(root.Entries("Resources"))
            .Select(entry =>
                (Id: entry.Key.Value, Type: entry.Value.Text("Type") ?? string.Empty, Properties: entry.Value.At("Properties"))
            );
        var globals = root.At("Globals")?.At("Function") is { } function
            ? [(Id: "Globals", Type: "AWS::Serverless::Function", Properties: function)]
            : Array.Empty<(string Id, string Type, YamlNode? Properties)>();
        return
        [
            .. globals
                .Concat(resources)
                .SelectMany(resource => FindIn(resource.Id, resource.Type, resource.Properties as YamlMapping))
                .OrderBy(artifact => artifact.Place.Start.Value),
        ];
    }

    private static IEnumerable<TemplateArtifact> FindIn(string id, string type, YamlMapping? properties) =>
        from entry in properties?.Entries ?? []
        where Known.ContainsKey((type, entry.Key.Value))
        let local = entry.Value as YamlScalar
        where local is { Tag: null, Value.Length: > 0 } && !local.Value.Contains("://", StringComparison.Ordinal)
        let known = Known[(type, entry.Key.Value)]
        select new TemplateArtifact(id, entry.Key.Value, local.Value, known.Content, known.Form, local.Place, local.Position);
}
