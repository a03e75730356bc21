using System.Security.Cryptography;
using System.Text;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Spec.Sources;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>A template whose local paths are addresses, and the objects that have to be there.</summary>
/// <param name="Text">The template.</param>
/// <param name="Objects">What has to be uploaded before the template is used.</param>
public sealed record PackagedTemplate(string Text, IReadOnlyList<PackagedObject> Objects);

/// <summary>An object for the deployer's bucket, under a key that its content decides.</summary>
/// <param name="Key">The key: the same content has the same one.</param>
/// <param name="Open">Opens the content, which is not held in memory; whoever opens it closes it.</param>
/// <param name="TemplateUrl">Its address, for a nested stack's template; <see langword="null"/> for others.</param>
public sealed record PackagedObject(string Key, Func<Stream> Open, string? TemplateUrl)
{
    /// <summary>What it was made of in the service's folder: what people know it by.</summary>
    public required string File { get; init; }

    /// <summary>The content as text.</summary>
    public string Text()
    {
        using var reader = new StreamReader(Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>
/// Packages templates of a service: what a template names of the service's folder becomes an object by the digest of its content, and the
/// path in the text its address. Nothing is called; the same source gives the same text.
/// </summary>
/// <param name="folder">The service's folder.</param>
/// <param name="service">The service's name.</param>
/// <param name="settings">Where the deployer's bucket is.</param>
/// <param name="region">The region of the target, in which Lambda wants its code.</param>
internal sealed class Packaging(ISourceFolder folder, string service, Settings settings, string region)
{
    private const int Depth = 10;
    private readonly Dictionary<string, PackagedObject> _objects = [];

    /// <summary>Packages a template with everything that it names.</summary>
    /// <exception cref="SpecInvalidException">Something that it names is missing, or cannot be used from the bucket.</exception>
    public PackagedTemplate Package(RelativePath template)
    {
        var text = Replaced(template, 0);
        return new PackagedTemplate(text, [.. _objects.Values]);
    }

    /// <summary>The address of a template that is too large for a request, as an object beside the others.</summary>
    /// <param name="text">The packaged text.</param>
    /// <param name="template">The file.</param>
    public PackagedObject Remote(string text, RelativePath template) => Keep(Stream(text), ".template", template);

    private string Replaced(RelativePath template, int depth)
    {
        var text = Encoding
            .UTF8.GetString(folder.Read(template) ?? throw new SpecInvalidException($"there is no file '{template}'"))
            .TrimStart('\uFEFF');
        var packaged = new StringBuilder(text);
        foreach (var artifact in TemplateArtifact.In(text, template.Value).Reverse())
        {
            if (depth == Depth || !template.Folder.TryAppend(artifact.Path, out var path, out _))
            {
                throw new SpecInvalidException($"{artifact.Position}: '{artifact.Path}' cannot be packaged");
            }

            var start = artifact.Place.Start.Value;
            packaged.Remove(start, artifact.Place.End.Value - start).Insert(start, Address(artifact, path, depth));
        }

        return packaged.ToString();
    }

    private string Address(TemplateArtifact artifact, RelativePath path, int depth)
    {
        if (artifact.Content == ArtifactContent.Code && region != settings.Region)
        {
            throw new SpecInvalidException(
                $"{artifact.Position}: code would be in the deployer's bucket in {settings.Region}, and Lambda in "
                    + $"{region} takes code from its own region only; name an object there"
            );
        }

        var kept = artifact.Content switch
        {
            ArtifactContent.Template => Keep(Stream(Replaced(path, depth + 1)), ".template", path),
            ArtifactContent.Code when !folder.HasFile(path) || Path.GetExtension(path.Value) is not (".zip" or ".jar") => Keep(
                () => Zip(path),
                ".zip",
                path
            ),
            _ => Keep(
                () => folder.Open(path) ?? throw new SpecInvalidException($"{artifact.Position}: there is no file '{path}'"),
                Path.GetExtension(path.Value),
                path
            ),
        };
        return artifact.Form switch
        {
            ArtifactForm.Uri => $"\"s3://{settings.Bucket}/{kept.Key}\"",
            ArtifactForm.Url => $"\"{kept.TemplateUrl}\"",
            ArtifactForm.Code => $$"""{ "S3Bucket": "{{settings.Bucket}}", "S3Key": "{{kept.Key}}" }""",
            _ => $$"""{ "Bucket": "{{settings.Bucket}}", "Key": "{{kept.Key}}" }""",
        };
    }

    /// <summary>Packs files; the same ones give the same bytes.</summary>
    private FileStream Zip(RelativePath path)
    {
        var zip = TemporaryFile.Create();
        SourceZip.WritePart(folder, path, zip);
        zip.Position = 0;
        return zip;
    }

    private static Func<Stream> Stream(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return () => new MemoryStream(bytes, writable: false);
    }

    private PackagedObject Keep(Func<Stream> open, string extension, RelativePath file)
    {
        using var content = open();
        var key = $"artifacts/{service}/{Convert.ToHexStringLower(SHA256.HashData(content))}{extension}";
        var url = extension == ".template" ? $"https://{settings.Bucket}.s3.{settings.Region}.amazonaws.com/{key}" : null;
        return _objects[key] = new PackagedObject(key, open, url) { File = file.Value };
    }
}
