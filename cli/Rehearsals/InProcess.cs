using Amazon.Runtime;
using Deployer.Functions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
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

    /// <summary>
    /// The kinds of step as the functions register them, for what they report; nothing is called for that in the deployer's own account.
    /// </summary>
    /// <param name="stage">The deployer's stage.</param>
    public static StepKindRegistry Kinds(string stage)
    {
        var settings = new Settings(stage, string.Empty, string.Empty, string.Empty, string.Empty, new HashSet<string>());
        return Services(settings, new AwsConnection(new AnonymousAWSCredentials(), "us-east-1", Endpoint, null))
            .GetRequiredService<StepKindRegistry>();
    }

    /// <summary>What the functions are made of, over a connection.</summary>
    public static ServiceProvider Services(Settings settings, AwsConnection connection)
    {
        var services = new ServiceCollection();
        services.AddSingleton(settings);
        services.AddSingleton(connection);
        new Startup().ConfigureServices(services);
        return services.BuildServiceProvider();
    }

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
