using System.Security.Cryptography;
using System.Text;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ssm;

/// <summary>
/// The parameters that AWS publishes in every account and that belong to none: of those that name a machine image there is a value of the
/// right form, one for each name and region.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html</remarks>
internal static class PublicParameters
{
    /// <summary>The parameter.</summary>
    /// <param name="region">The region that is asked.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ApiException">The rehearsal does not know what its value looks like.</exception>
    public static SsmParameter Find(string region, string name) =>
        PublicParameterNames.IsSimulated(name)
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
}
