using Amazon;
using Amazon.CloudFormation;
using Amazon.CodeDeploy;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.StepFunctions;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>The AWS clients of one ion-dev command, made from its environment as any SDK makes them.</summary>
internal sealed class IonDevClients : IDisposable
{
    private readonly Uri? _endpoint;
    private readonly AWSCredentials _credentials;
    private readonly string _region;
    private readonly HttpClientFactory? _http;
    private readonly List<IDisposable> _made = [];

    /// <param name="environment">The process's environment variables.</param>
    /// <param name="profile"><c>:creds-profile</c>, where given.</param>
    /// <param name="region"><c>:region</c>, where given.</param>
    /// <param name="http">Replaces sockets in tests.</param>
    /// <exception cref="CommandFailedException">No region or no credentials can be found.</exception>
    public IonDevClients(IReadOnlyDictionary<string, string> environment, string? profile, string? region, HttpClientFactory? http = null)
    {
        _region =
            region
            ?? environment.GetValueOrDefault("AWS_REGION")
            ?? environment.GetValueOrDefault("AWS_DEFAULT_REGION")
            ?? throw new CommandFailedException("Unable to find a region. Provide :region or set AWS_REGION.");
        _endpoint = environment.TryGetValue("AWS_ENDPOINT_URL", out var address) ? new Uri(address) : null;
        _credentials = profile is null ? Ambient(environment) : Profile(profile);
        _http = http;
    }

    public AmazonS3Client S3 =>
        field ??= Made(new AmazonS3Client(_credentials, Configured(new AmazonS3Config { ForcePathStyle = _endpoint is not null })));

    public AmazonResourceGroupsTaggingAPIClient Tagging =>
        field ??= Made(new AmazonResourceGroupsTaggingAPIClient(_credentials, Configured(new AmazonResourceGroupsTaggingAPIConfig())));

    public AmazonCodeDeployClient CodeDeploy =>
        field ??= Made(new AmazonCodeDeployClient(_credentials, Configured(new AmazonCodeDeployConfig())));

    public AmazonLambdaClient Lambda => field ??= Made(new AmazonLambdaClient(_credentials, Configured(new AmazonLambdaConfig())));

    public AmazonCloudFormationClient CloudFormation =>
        field ??= Made(new AmazonCloudFormationClient(_credentials, Configured(new AmazonCloudFormationConfig())));

    public AmazonStepFunctionsClient StepFunctions =>
        field ??= Made(new AmazonStepFunctionsClient(_credentials, Configured(new AmazonStepFunctionsConfig())));

    /// <inheritdoc/>
    public void Dispose() => _made.ForEach(client => client.Dispose());

    private T Made<T>(T client)
        where T : IDisposable
    {
        _made.Add(client);
        return client;
    }

    private T Configured<T>(T config)
        where T : ClientConfig
    {
        if (_endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(_region);
        }
        else
        {
            config.ServiceURL = _endpoint.ToString();
            config.AuthenticationRegion = _region;
        }

        if (_http is not null)
        {
            config.HttpClientFactory = _http;
        }

        return config;
    }

    private static AWSCredentials Ambient(IReadOnlyDictionary<string, string> environment)
    {
        var key = environment.GetValueOrDefault("AWS_ACCESS_KEY_ID");
        var secret = environment.GetValueOrDefault("AWS_SECRET_ACCESS_KEY");
        if (key is null || secret is null)
        {
            throw new CommandFailedException("Unable to find AWS credentials.");
        }

        return environment.TryGetValue("AWS_SESSION_TOKEN", out var token) && token.Length > 0
            ? new SessionAWSCredentials(key, secret, token)
            : new BasicAWSCredentials(key, secret);
    }

    private static AWSCredentials Profile(string name) =>
        new CredentialProfileStoreChain().TryGetAWSCredentials(name, out var credentials)
            ? credentials
            : throw new CommandFailedException($"Unable to find the AWS profile {name}.");
}
