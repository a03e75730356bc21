using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Deployer.Cli.Output;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.AwsAccounts;

/// <summary>An account on AWS, entered with somebody's credentials.</summary>
/// <param name="Connection">The way to the account.</param>
/// <param name="Account">Twelve digits.</param>
/// <param name="Caller">Who the credentials are, such as <c>assumed-role/operator/jane</c>.</param>
/// <param name="Settings">How it was entered.</param>
internal sealed record AwsAccess(AwsConnection Connection, string Account, string Caller, AwsSettings Settings)
{
    /// <summary>A source is uploaded in one request, over whatever line an office has.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(10);

    /// <summary>The region.</summary>
    public string Region => Connection.Region;

    /// <summary>Enters the account that profile, environment or machine name, as the SDK looks for them.</summary>
    /// <exception cref="InvalidInputException">There are no credentials or no region, or AWS does not accept them.</exception>
    public static Task<AwsAccess> Open(AwsSettings settings, CancellationToken cancellation) =>
        new AwsFaults(settings).Translated(() => Enter(settings, cancellation));

    private static async Task<AwsAccess> Enter(AwsSettings settings, CancellationToken cancellation)
    {
        var (credentials, ofProfile) = Credentials(settings);
        // Both names are in use: the AWS CLI reads the second one, the SDK for .NET the first;
        // https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
        var region =
            settings.Region
            ?? ofProfile
            ?? Variable("AWS_REGION")
            ?? Variable("AWS_DEFAULT_REGION")
            ?? RegionOfDefaultProfile()
            ?? throw new InvalidInputException(
                "RegionMissing",
                "no region is set; expected --region, the environment variable AWS_REGION, or 'region' in the profile"
            );
        var connection = new AwsConnection(credentials, region, Variable("AWS_ENDPOINT_URL"), null) { Timeout = LongestRequest };
        using var sts = connection.Open(
            (given, config) => new AmazonSecurityTokenServiceClient(given, config),
            new AmazonSecurityTokenServiceConfig()
        );
        var identity = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellation);
        return new AwsAccess(connection, identity.Account, identity.Arn.Split(':')[^1], settings);
    }

    private static (AWSCredentials Credentials, string? Region) Credentials(AwsSettings settings)
    {
        var profiles = new CredentialProfileStoreChain();
        if (settings.Profile is not { } name)
        {
            return (DefaultAWSCredentialsIdentityResolver.GetCredentials(), null);
        }

        return profiles.TryGetProfile(name, out var profile) && profiles.TryGetAWSCredentials(name, out var credentials)
            ? (credentials, profile.Region?.SystemName)
            : throw new InvalidInputException(
                "ProfileUnknown",
                $"there is no profile '{name}' with credentials in the AWS configuration; "
                    + (
                        profiles.ListProfiles() is { Count: > 0 } known
                            ? $"expected one of {string.Join(", ", known.Select(found => found.Name).Order(StringComparer.Ordinal))}"
                            : "it has no profile at all; 'aws configure sso' makes one"
                    )
            );
    }

    private static string? RegionOfDefaultProfile() =>
        new CredentialProfileStoreChain().TryGetProfile(Variable("AWS_PROFILE") ?? "default", out var profile)
            ? profile.Region?.SystemName
            : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
