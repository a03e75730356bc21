using System.IO.Compression;
using System.Security.Cryptography;
using Amazon.CodeBuild;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>Where a build's artifacts are stored, and as what.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object, or the folder of the objects.</param>
/// <param name="Objects">Keys and contents.</param>
/// <param name="Sha256">Of the zip, where there is one.</param>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectArtifacts.html</remarks>
internal sealed record ArtifactUpload(string Bucket, string Key, IReadOnlyList<KeyValuePair<string, byte[]>> Objects, string? Sha256)
{
    internal static ArtifactUpload Plan(BuildRecord record, string? specifiedName, IReadOnlyList<KeyValuePair<string, byte[]>> files)
    {
        var artifacts = record.Artifacts;
        var name =
            artifacts.OverrideArtifactName == true && specifiedName is not null
                ? specifiedName
                : artifacts.Name ?? record.Build.ProjectName;
        var key = string.Join(
            '/',
            new[]
            {
                artifacts.Path?.Trim('/'),
                artifacts.NamespaceType == ArtifactNamespace.BUILD_ID ? record.Uuid : null,
                name.Trim('/'),
            }.Where(part => !string.IsNullOrEmpty(part))
        );
        if (artifacts.Packaging != ArtifactPackaging.ZIP)
        {
            var prefix = key.Length == 0 ? key : key + "/";
            return new ArtifactUpload(
                artifacts.Location,
                key,
                [.. files.Select(file => KeyValuePair.Create(prefix + file.Key, file.Value))],
                Sha256: null
            );
        }

        var zip = Zip(files);
        return new ArtifactUpload(artifacts.Location, key, [KeyValuePair.Create(key, zip)], Convert.ToHexStringLower(SHA256.HashData(zip)));
    }

    private static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                var entry = zip.CreateEntry(path);
                entry.LastWriteTime = World.Epoch.Start;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return buffer.ToArray();
    }
}
