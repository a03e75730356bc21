using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.Ecr;

/// <summary>An image of a private repository of ECR, by a tag, by its digest or by both, of which the digest counts.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the registry's address.</remarks>
internal sealed partial record ImageReference(string Account, string Region, string Repository, string? Tag, string? Digest)
{
    /// <summary>Reads a reference; <see langword="null"/> for an image of another registry.</summary>
    internal static ImageReference? Read(string image)
    {
        if (Form().Match(image) is not { Success: true } match)
        {
            return null;
        }

        var (tag, digest) = (match.Groups["tag"], match.Groups["digest"]);
        return new ImageReference(
            match.Groups["account"].Value,
            match.Groups["region"].Value,
            match.Groups["repository"].Value,
            tag.Success ? tag.Value
                : digest.Success ? null
                : "latest",
            digest.Success ? digest.Value : null
        );
    }

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com/(?<repository>[a-z0-9._/-]+)"
            + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
