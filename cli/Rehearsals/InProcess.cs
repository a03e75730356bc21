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
    private static long _connections;

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

    /// <summary>A connection whose requests a handler carries, and whose clients' pauses cost no time on the wall clock.</summary>
    public static AwsConnection Connection(AWSCredentials credentials, string region, HttpMessageHandler transport) =>
        new(credentials, region, Endpoint(), new Transport(transport)) { Prepare = SimulatedPauses.TakeOver };

    /// <summary>
    /// An address of the connection's own. The SDK keeps for each address of a process how many retries are left (GetRetryCapacityKey of
    /// RetryPolicy, https://github.com/aws/aws-sdk-net), and an environment of a function is a process: what another has used up is none of
    /// its concern. A host of two names is no bucket of S3.
    /// </summary>
    private static string Endpoint() => $"http://aws-{Interlocked.Increment(ref _connections)}.rehearsal";

    private sealed class Transport(HttpMessageHandler handler) : HttpClientFactory
    {
        // The client's time-out passes in simulated time: the world abandons the request.
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(handler, disposeHandler: false) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
