using Amazon.CloudFormation;
using Amazon.CodeDeploy;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Rehearsal.CodeBuild.Tools;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>The AWS clients of one ion-dev command, made from its environment as any SDK makes them.</summary>
internal sealed class IonDevClients : IDisposable
{
    private readonly ToolEnvironment _environment;
    private readonly AWSCredentials _credentials;
    private readonly string _region;
    private readonly HttpClientFactory? _http;
    private readonly List<IDisposable> _made = [];

    /// <param name="environment">The process's environment variables.</param>
    /// <param name="profile"><c>:creds-profile</c>, where given.</param>
    /// <param name="region"><c>:region</c>, where given.</param>
    /// <param name="ended">Nobody waits for the command any more.</param>
    /// <param name="http">Replaces sockets in tests.</param>
    /// <exception cref="CommandFailedException">No region or no credentials can be found.</exception>
    public IonDevClients(
        IReadOnlyDictionary<string, string> environment,
        string? profile,
        string? region,
        CancellationToken ended,
        HttpClientFactory? http = null
    )
    {
        _environment = new ToolEnvironment(environment);
        _region =
            region
            ?? _environment.Region
            ?? throw new CommandFailedException("Unable to find a region. Provide :region or set AWS_REGION.");
        _credentials = profile is null
            ? _environment.Credentials ?? throw new CommandFailedException("Unable to find AWS credentials.")
            : Profile(profile, environment.GetValueOrDefault("HOME"));
        _http = http;
        Ended = ended;
    }

    /// <summary>Nobody waits for the command any more: each request takes it.</summary>
    public CancellationToken Ended { get; }

    public AmazonS3Client S3 =>
        field ??= Made(
            new AmazonS3Client(_credentials, Configured(new AmazonS3Config { ForcePathStyle = _environment.Endpoint is not null }))
        );

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
        _environment.Configure(config, _region);
        if (_http is not null)
        {
            config.HttpClientFactory = _http;
        }

        return config;
    }

    private static AWSCredentials Profile(string name, string? home) =>
        new CredentialProfileStoreChain(home is null ? null : Path.Combine(home, ".aws", "credentials")).TryGetAWSCredentials(
            name,
            out var credentials
        )
            ? credentials
            : throw new CommandFailedException($"Unable to find the AWS profile {name}.");
}
