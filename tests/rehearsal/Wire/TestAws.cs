using Amazon.Runtime;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>A world that official clients talk to in process.</summary>
internal sealed class TestAws : IAsyncDisposable
{
    public const string Tools = "222222222222";
    public const string Prod = "333333333333";

    private readonly Gateway _gateway;

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
            world.Api.Authorizer = new Authorizer(world);
            foreach (var service in services)
            {
                world.Api.Register(service(world));
            }
        });
        return new TestAws(world);
    }

    /// <summary>Over a world that exists already, judged by its policies.</summary>
    public static TestAws Over(RehearsalWorld world)
    {
        world.Api.Authorizer = new Authorizer(world);
        return new TestAws(world);
    }

    public static AWSCredentials Root(string account) => new BasicAWSCredentials(account, "not checked");

    public TConfig Configure<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.ServiceURL = "http://aws.test";
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        config.HttpClientFactory = new InMemory(_gateway);
        return config;
    }

    /// <summary>Makes a role with one policy and gives credentials of a session of it.</summary>
    public async Task<AWSCredentials> Session(string account, string role, string statements)
    {
        var issued = await World.Do(() =>
        {
            new Roles(World).Create(
                new Role
                {
                    Account = account,
                    Name = role,
                    TrustPolicy =
                        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}""",
                    InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""" },
                }
            );
            return new Sessions(World).Issue(Principal.AssumedRole(account, role, "test"), TimeSpan.FromHours(1));
        });
        return new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private sealed class InMemory(Gateway gateway) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new InMemoryTransport(gateway));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
