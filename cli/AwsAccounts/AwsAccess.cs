using System.Globalization;
using System.Xml;
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
/// <param name="Ahead">How much AWS's clock is ahead of this machine's.</param>
internal sealed record AwsAccess(AwsConnection Connection, string Account, string Caller, AwsSettings Settings, TimeSpan Ahead)
{
    private const string WithCommand = " with deployer ";

    /// <summary>A source is uploaded in one request, over whatever line an office has.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(10);

    /// <summary>The region.</summary>
    public string Region => Connection.Region;

    /// <summary>
    /// Now by AWS's clock, by which the deployer's functions judge what is recorded: this machine's may be wrong. To the second, as the
    /// header of AWS's answers has it.
    /// </summary>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + Ahead;

    /// <summary>Who asks for something, as records have it.</summary>
    /// <param name="command">The command that the caller gave.</param>
    public string Asker(string command) => Caller + WithCommand + command;

    /// <summary>Whether whoever asked, as records have it, did so by a command of this program.</summary>
    public static bool IsOfCommandLine(string? asker) => asker?.Contains(WithCommand, StringComparison.Ordinal) == true;

    /// <summary>Enters the account that profile, environment or machine name, as the SDK looks for them.</summary>
    /// <exception cref="InvalidInputException">There are no credentials or no region, or AWS does not accept them.</exception>
    public static Task<AwsAccess> Open(AwsSettings settings, CancellationToken cancellation) =>
        new AwsFaults(settings).Translated(() => Enter(settings, cancellation));

    private static async Task<AwsAccess> Enter(AwsSettings settings, CancellationToken cancellation)
    {
        var (credentials, ofProfile) = await Credentials(settings);
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
        var ahead = TimeSpan.Zero;
        sts.AfterResponseEvent += (_, answer) => ahead = AheadOf(answer) ?? ahead;
        var identity = await Identity(sts, connection.Endpoint, cancellation);
        return new AwsAccess(connection, identity.Account, identity.Arn.Split(':')[^1], settings, ahead);
    }

    /// <summary>How much AWS's clock is ahead, by what an answer says; <see langword="null"/> where it says nothing.</summary>
    /// <remarks>https://datatracker.ietf.org/doc/html/rfc9110#name-date</remarks>
    private static TimeSpan? AheadOf(ResponseEventArgs answer) =>
        answer is WebServiceResponseEventArgs { ResponseHeaders: { } headers }
        && headers.FirstOrDefault(header => header.Key.Equals("Date", StringComparison.OrdinalIgnoreCase)).Value is { } date
        && DateTimeOffset.TryParseExact(date, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
            ? now - TimeProvider.System.GetUtcNow()
            : null;

    /// <summary>Who the credentials are of: the first question, which also shows whether it is AWS that answers.</summary>
    private static async Task<GetCallerIdentityResponse> Identity(
        AmazonSecurityTokenServiceClient sts,
        string? endpoint,
        CancellationToken cancellation
    )
    {
        try
        {
            return await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellation);
        }
        catch (Exception exception) when (exception is XmlException or AmazonUnmarshallingException)
        {
            throw new InvalidInputException(
                "AnswerNotOfAws",
                $"{endpoint ?? "the address of AWS"} did not answer as AWS does; "
                    + "check AWS_ENDPOINT_URL, and whether a proxy answers instead",
                exception
            );
        }
    }

    /// <summary>The credentials that are used, which can be had now, and the region of the profile that has them.</summary>
    private static async Task<(AWSCredentials Credentials, string? Region)> Credentials(AwsSettings settings)
    {
        try
        {
            var found = Find(settings);
            await found.Credentials.GetCredentialsAsync();
            return found;
        }
        catch (AmazonClientException exception)
        {
            var faults = new AwsFaults(settings);
            throw faults.Explain(exception) is { Error: AwsFaults.Expired } expired ? expired : faults.Missing(exception);
        }
    }

    private static (AWSCredentials Credentials, string? Region) Find(AwsSettings settings)
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
