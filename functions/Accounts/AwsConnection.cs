using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Deployer.Functions.Errors;

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
    /// <summary>How long one try of a request may take.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one try of a request of this connection may take on the wall clock. In a rehearsal it has no end there: the time passes in
    /// simulated time, and the connection is closed when it is over.
    /// </summary>
    public TimeSpan Timeout { get; init; } = Endpoint is null ? RequestTimeout : System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How often the SDK tries a request again.</summary>
    public const int MostRetries = 3;

    /// <summary>
    /// What a host does to each client that is opened, before it is used: one in which time is simulated takes over the pauses of its
    /// retries. <see langword="null"/> leaves clients as the SDK makes them.
    /// </summary>
    public Action<AmazonServiceClient>? Prepare { get; init; }

    /// <summary>A client over this connection; its exceptions name the request that failed.</summary>
    /// <param name="open">The client's constructor.</param>
    /// <param name="config">The client's own configuration.</param>
    /// <param name="region">Another region than the function's own.</param>
    public TClient Open<TClient, TConfig>(Func<AWSCredentials, TConfig, TClient> open, TConfig config, string? region = null)
        where TClient : AmazonServiceClient
        where TConfig : ClientConfig
    {
        var client = open(Credentials, Configure(config, region)).NoteRequests();
        Prepare?.Invoke(client);
        return client;
    }

    /// <summary>A client of S3, which names buckets in paths: an endpoint of a rehearsal has no host for each.</summary>
    /// <param name="region">Another region than the function's own.</param>
    public AmazonS3Client OpenS3(string? region = null) =>
        Open((credentials, config) => new AmazonS3Client(credentials, config), new AmazonS3Config { ForcePathStyle = true }, region);

    /// <summary>A client's configuration with this connection.</summary>
    /// <param name="config">The client's own configuration.</param>
    /// <param name="region">Another region than the function's own.</param>
    public T Configure<T>(T config, string? region = null)
        where T : ClientConfig
    {
        // Shorter than the functions' 60 seconds, all tries together: a request that hangs is an error of its own, and recorded.
        config.Timeout = Timeout;
        config.MaxErrorRetry = MostRetries;
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
