using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Lambda;

/// <summary>A world with Lambda's parts and one execution role.</summary>
internal sealed class LambdaWorld : IAsyncDisposable
{
    public const string Account = "111111111111";
    public const string Region = "us-east-1";
    public const string Role = $"arn:aws:iam::{Account}:role/execution";

    private LambdaWorld(RehearsalOptions options)
    {
        World = new RehearsalWorld(options);
        World.Api.Authorizer = new Authorizer(World);
        Policies = new ResourcePolicies(World);
        Functions = new FunctionStore(World, Policies);
        Versions = new FunctionVersions(World, Functions);
        Invoker = new LambdaInvoker(World, Functions, Versions, Policies);
        Invoker.OnResult("test", Results.Add);
        Invoker.Log = log => Log.AddRange(log.Lines);
    }

    public RehearsalWorld World { get; }

    public ResourcePolicies Policies { get; }

    public FunctionStore Functions { get; }

    public FunctionVersions Versions { get; }

    public LambdaInvoker Invoker { get; }

    public Dictionary<string, LambdaResult> Results { get; } = new(StringComparer.Ordinal);

    public List<string> Log { get; } = [];

    public static async Task<LambdaWorld> Start(RehearsalOptions? options = null)
    {
        var world = new LambdaWorld(options ?? new RehearsalOptions());
        await world.World.Do(() =>
        {
            var roles = new Roles(world.World);
            if (roles.Find(Role) is null)
            {
                roles.Create(
                    new Role
                    {
                        Account = Account,
                        Name = "execution",
                        TrustPolicy = """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                        "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}
                        """,
                    }
                );
            }
        });
        return world;
    }

    public static FunctionReference Reference(string name, string? qualifier = null) => new(Account, Region, name, qualifier);

    public static FunctionSettings Settings(params (string Name, string Value)[] variables) =>
        new()
        {
            Role = Role,
            Runtime = "provided.al2023",
            Handler = "bootstrap",
            Code = new FunctionCode("c2hh", 1),
            Timeout = 60,
            Environment = new SortedDictionary<string, string>(
                variables.ToDictionary(pair => pair.Name, pair => pair.Value),
                StringComparer.Ordinal
            ),
        };

    /// <summary>Makes a function and lets time pass until it can be called.</summary>
    public async Task Create(string name, FunctionSettings settings)
    {
        await World.Do(() => Functions.Create(Reference(name), settings, new Dictionary<string, string>()));
        await World.RunUntil(() => Functions.Get(Reference(name)).State == "Active");
    }

    /// <summary>Calls a function as the account's administrator and waits for its result.</summary>
    public async Task<LambdaResult> Invoke(string name, string payload = "{}", Principal? principal = null)
    {
        var key = $"{Results.Count}/{name}";
        await Begin(name, key, payload, principal);
        await World.RunUntil(() => Results.ContainsKey(key));
        return Results[key];
    }

    public Task Begin(string name, string key, string payload = "{}", Principal? principal = null) =>
        World.Do(() => Invoker.Invoke(new LambdaInvocation(principal ?? Principal.Root(Account), Region, name, payload), "test", key));

    public async ValueTask DisposeAsync()
    {
        await Invoker.DisposeAsync();
        await World.DisposeAsync();
    }
}
