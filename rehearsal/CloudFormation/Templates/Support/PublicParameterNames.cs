using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>The names of the parameters that AWS publishes in every account and that belong to none.</summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html</remarks>
internal static partial class PublicParameterNames
{
    private const string Prefix = "/aws/service/";

    /// <summary>Whether a name is that of a public parameter; its ARN has no account.</summary>
    public static bool Includes(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a public parameter has a value in the rehearsal.</summary>
    public static bool IsSimulated(string name) => Image().IsMatch(name);

    // As the guides of Amazon Linux, Windows, ECS, EKS, Bottlerocket, Ubuntu, Debian and macOS name them.
    [GeneratedRegex(
        @"^/aws/service/(ami-(amazon-linux|windows)-latest/[^/]+|debian/release/.+|(?!global-infrastructure/).+/(image_id|ami-id))\z",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Image();
}
