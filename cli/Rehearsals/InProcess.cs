using Amazon.Runtime;
using Deployer.Cli.Places;
using Deployer.Functions;
using Deployer.Functions.Accounts;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Cli.Rehearsals;

/// <summary>The functions in this process: the same entry as their executable's, with AWS reached in memory.</summary>
internal static class InProcess
{
    private const string Endpoint = "http://aws.rehearsal";

    /// <summary>Serves a handler until it is cancelled.</summary>
    public static Task Run(
        string handler,
        IReadOnlyDictionary<string, string> environment,
        HttpClient runtimeApi,
        HttpMessageHandler aws,
        TextWriter log,
        CancellationToken cancellation
    ) => InProcessProgram.RunAsync(handler, environment, runtimeApi, log, services => Register(services, environment, aws), cancellation);

    /// <summary>Registers what a function's environment says, and the way to AWS.</summary>
    public static void Register(IServiceCollection services, IReadOnlyDictionary<string, string> environment, HttpMessageHandler aws)
    {
        var credentials = new SessionAWSCredentials(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            environment["AWS_SESSION_TOKEN"]
        );
        services.AddSingleton(Settings.From(environment.GetValueOrDefault));
        services.AddSingleton(Connection(credentials, environment["AWS_REGION"], aws));
    }

    /// <summary>Clients of a simulated account as its administrator, for looking at what a rehearsal left.</summary>
    public static AccountClients Clients(IWireEndpoint gateway, string account, string region) =>
        new(Connection(new BasicAWSCredentials(account, "rehearsal"), region, new InMemoryTransport(gateway)), account);

    /// <summary>A connection whose requests a handler carries.</summary>
    public static AwsConnection Connection(AWSCredentials credentials, string region, HttpMessageHandler transport) =>
        new(credentials, region, Endpoint, new Transport(transport));

    private sealed class Transport(HttpMessageHandler handler) : HttpClientFactory
    {
        // The client's time-out passes in simulated time: the world abandons the request.
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(handler, disposeHandler: false) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
