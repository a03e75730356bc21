using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ssm;

/// <summary>
/// The parameters that AWS publishes in every account and that belong to none: of those that name a machine image there is a value of the
/// right form, one for each name and region.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html</remarks>
internal static partial class PublicParameters
{
    private const string Prefix = "/aws/service/";

    /// <summary>Whether a name is that of a public parameter; its ARN has no account.</summary>
    public static bool Includes(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a public parameter has a value in the rehearsal.</summary>
    public static bool IsSimulated(string name) => Image().IsMatch(name);

    /// <summary>The parameter.</summary>
    /// <param name="region">The region that is asked.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ApiException">The rehearsal does not know what its value looks like.</exception>
    public static SsmParameter Find(string region, string name) =>
        IsSimulated(name)
            ? new SsmParameter(
                string.Empty,
                region,
                name,
                "String",
                [new SsmParameterVersion(ImageId(region, name), Epoch.Start)],
                null,
                new Dictionary<string, string>()
            )
            : throw new ApiException(
                "ValidationException",
                $"The rehearsal does not simulate AWS's public parameter {name}, only those that name a machine image; "
                    + "expected a parameter of the service's own, or the value itself."
            );

    private static string ImageId(string region, string name) =>
        "ami-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{region} {name}")))[..17];

    // As the guides of Amazon Linux, Windows, ECS, EKS, Bottlerocket, Ubuntu, Debian and macOS name them.
    [GeneratedRegex(
        @"^/aws/service/(ami-(amazon-linux|windows)-latest/[^/]+|debian/release/.+|(?!global-infrastructure/).+/(image_id|ami-id))\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Image();
}
