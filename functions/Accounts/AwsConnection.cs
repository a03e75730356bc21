using Amazon;
using Amazon.Runtime;

namespace Deployer.Functions.Accounts;

/// <summary>
/// How clients reach AWS. The process's own environment decides, unless a host that runs functions in its own process says otherwise.
/// </summary>
/// <param name="Credentials">The function's own credentials.</param>
/// <param name="Region">The function's own region.</param>
/// <param name="Endpoint">Where every service answers, in a rehearsal; <see langword="null"/> for AWS itself.</param>
/// <param name="Http">Carries the requests; <see langword="null"/> for the SDK's own transport.</param>
public sealed record AwsConnection(AWSCredentials Credentials, string Region, string? Endpoint, HttpClientFactory? Http)
{
    /// <summary>A client's configuration with this connection.</summary>
    /// <param name="config">The client's own configuration.</param>
    /// <param name="region">Another region than the function's own.</param>
    public T Configure<T>(T config, string? region = null)
        where T : ClientConfig
    {
        if (Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region ?? Region);
        }
        else
        {
            config.ServiceURL = Endpoint;
            config.AuthenticationRegion = region ?? Region;
        }

        if (Http is not null)
        {
            config.HttpClientFactory = Http;
        }

        return config;
    }

    /// <summary>The connection of a function that runs in Lambda: environment variables only, nothing is looked up elsewhere.</summary>
    public static AwsConnection FromEnvironment(Func<string, string?> variable) =>
        new(
            new EnvironmentVariablesAWSCredentials(),
            variable("AWS_REGION") ?? throw new InvalidOperationException("the environment variable AWS_REGION is missing"),
            variable("AWS_ENDPOINT_URL"),
            null
        );
}
