using Deployer.Spec.Sources;

namespace Deployer.Spec.Rules;

/// <summary>
/// Copies, in the service's folder, of templates that are in a bucket: a folder with the bucket's name holds them under their keys.
/// </summary>
public static class TemplatesAtHand
{
    /// <summary>The copy of the template at an address; null when the folder has none.</summary>
    public static RelativePath? Find(ISourceFolder folder, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html: the bucket is the path's first part, or the host's.
        var key = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        var bucket = uri.Host.Split(".s3", 2) is [{ Length: > 0 } name, _] ? $"{name}/" : string.Empty;
        var path = bucket + key;
        return path.Contains('/', StringComparison.Ordinal)
            ? folder.Files.FirstOrDefault(file => file.Value == path || file.Value.EndsWith($"/{path}", StringComparison.Ordinal))
            : null;
    }
}
