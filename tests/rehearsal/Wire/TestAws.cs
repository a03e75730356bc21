using Amazon.Runtime;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>A world that official clients talk to in process.</summary>
internal sealed class TestAws : IAsyncDisposable
{
    public const string Tools = "222222222222";
    public const string Prod = "333333333333";

    private readonly Gateway _gateway;
    private ServiceProvider? _services;

    private TestAws(RehearsalWorld world)
    {
        World = world;
        _gateway = new Gateway(world);
    }

    public RehearsalWorld World { get; }

    public static Task<TestAws> Start(params Func<RehearsalWorld, IWireService>[] services) => Start(new RehearsalOptions(), services);

    public static async Task<TestAws> Start(RehearsalOptions options, params Func<RehearsalWorld, IWireService>[] services)
    {
        var world = new RehearsalWorld(options);
        await world.Do(() =>
        {
            Judge(world);
            foreach (var service in services)
            {
                world.Api.Register(service(world));
            }
        });
        return new TestAws(world);
    }

    /// <summary>With all simulated services, as a rehearsal has them.</summary>
    /// <param name="replace">Registers something else in place of some of them.</param>
    public static async Task<TestAws> StartAll(Action<IServiceCollection>? replace = null)
    {
        var world = new RehearsalWorld(new RehearsalOptions());
        var services = await world.Do(() => SimulatedServices.Start(world, replace));
        return new TestAws(world) { _services = services };
    }

    /// <summary>A service of a world with all of them.</summary>
    public T Service<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Over a world that exists already, judged by its policies.</summary>
    public static TestAws Over(RehearsalWorld world)
    {
        Judge(world);
        return new TestAws(world);
    }

    public static AWSCredentials Root(string account) => new BasicAWSCredentials(account, "not checked");

    public TConfig Configure<TConfig>(TConfig config)
        where TConfig : ClientConfig => Configure(config, _gateway);

    /// <summary>The configuration of a client that talks to a world in process.</summary>
    public static TConfig Configure<TConfig>(TConfig config, Gateway gateway)
        where TConfig : ClientConfig
    {
        config.ServiceURL = "http://aws.test";
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        config.HttpClientFactory = new InMemory(gateway);
        return config;
    }

    /// <summary>Makes a role with one policy and gives credentials of a session of it.</summary>
    public async Task<AWSCredentials> Session(string account, string role, string statements)
    {
        var issued = await IssueSession(World, account, role, statements);
        return new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken);
    }

    /// <summary>Makes a role with one policy and opens a session of it.</summary>
    public static Task<SessionCredentials> IssueSession(RehearsalWorld world, string account, string role, string statements) =>
        world.Do(() =>
        {
            new Roles(world).Create(
                new Role
                {
                    Account = account,
                    Name = role,
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""" },
                }
            );
            return new Sessions(world).Issue(Principal.AssumedRole(account, role, "test"), TimeSpan.FromHours(1));
        });

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await World.DisposeAsync();
    }

    private static void Judge(RehearsalWorld world)
    {
        world.Api.Authorizer = new Authorizer(world);
        world.Api.Authenticator = new Sessions(world);
    }

    private sealed class InMemory(Gateway gateway) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new InMemoryTransport(gateway));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
