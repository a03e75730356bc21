using System.Text.RegularExpressions;

namespace Deployer.Spec.Steps;

/// <summary>What a container's image is named by: a digest, or a tag of a repository.</summary>
public static partial class ImageReference
{
    /// <summary>What a step may name, in words.</summary>
    internal const string Expectation =
        "a tag of a private repository of ECR in the target's region, or an image by its digest, NAME@sha256:DIGEST";

    /// <summary>Whether an image is named by its digest, so that it is the same one each time.</summary>
    public static bool HasDigest(string image) => Digest().IsMatch(image);

    /// <summary>
    /// The private repository of ECR and the tag that an image names; <see langword="null"/> for another registry's, or one by its digest.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the address of a private registry; the one for IPv4 and IPv6
    /// is <c>ACCOUNT.dkr-ecr.REGION.on.aws</c>, https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
    /// </remarks>
    public static ImageRepository? Repository(string image) =>
        Address().Match(image) is { Success: true } match
            ? new ImageRepository(
                match.Groups["account"].Value,
                match.Groups["region"].Value,
                match.Groups["repository"].Value,
                match.Groups["tag"].Value is { Length: > 0 } tag ? tag : "latest"
            )
            : null;

    [GeneratedRegex("@sha256:[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.dkr(\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?|-ecr\.(?<region>[a-z0-9-]+)\.on\.aws)"
            + "/(?<repository>[a-z0-9._/-]+)(:(?<tag>[^:@/]+))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();
}

/// <summary>A private repository of ECR, and a tag in it.</summary>
/// <param name="Account">The account's number.</param>
/// <param name="Region">Its region.</param>
/// <param name="Name">The repository's name.</param>
/// <param name="Tag">The tag; <c>latest</c> where none is written.</param>
public sealed record ImageRepository(string Account, string Region, string Name, string Tag)
{
    /// <summary>The repository's ARN.</summary>
    public string Arn => $"arn:aws:ecr:{Region}:{Account}:repository/{Name}";
}
