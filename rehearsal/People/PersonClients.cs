using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.Lambda;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.People;

/// <summary>The clients of one person in one account, under a session of theirs.</summary>
internal sealed class PersonClients(Gateway gateway, SessionCredentials session, string region) : IDisposable
{
    private readonly SessionAWSCredentials _credentials = new(session.AccessKeyId, session.SecretAccessKey, session.SessionToken);
    private readonly Transport _transport = new(new InMemoryTransport(gateway));
    private readonly List<IDisposable> _made = [];

    public IAmazonStepFunctions StepFunctions => Made(new AmazonStepFunctionsClient(_credentials, With(new AmazonStepFunctionsConfig())));

    public IAmazonCloudFormation CloudFormation =>
        Made(new AmazonCloudFormationClient(_credentials, With(new AmazonCloudFormationConfig())));

    public IAmazonLambda Lambda => Made(new AmazonLambdaClient(_credentials, With(new AmazonLambdaConfig())));

    public IAmazonAutoScaling AutoScaling => Made(new AmazonAutoScalingClient(_credentials, With(new AmazonAutoScalingConfig())));

    public IAmazonS3 S3 => Made(new AmazonS3Client(_credentials, With(new AmazonS3Config { ForcePathStyle = true })));

    public void Dispose() => _made.ForEach(client => client.Dispose());

    private T With<T>(T config)
        where T : ClientConfig
    {
        config.ServiceURL = "http://aws.rehearsal";
        config.AuthenticationRegion = region;
        config.HttpClientFactory = _transport;
        // Somebody who is refused reads the answer.
        config.MaxErrorRetry = 0;
        return config;
    }

    private T Made<T>(T client)
        where T : IDisposable
    {
        _made.Add(client);
        return client;
    }

    /// <summary>A client's time-out passes in simulated time: the world abandons the request.</summary>
    private sealed class Transport(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
