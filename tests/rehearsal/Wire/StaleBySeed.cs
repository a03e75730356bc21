using Amazon.StepFunctions;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>An actor that reads right after a write, once for each of some seeds.</summary>
internal static class StaleBySeed
{
    public const int Seeds = 24;
    public const string Account = "222222222222";
    public const string AllowAll = """{"Effect":"Allow","Action":"*","Resource":"*"}""";

    public const string MachineArn = $"arn:aws:states:us-east-1:{Account}:stateMachine:machine";
    public const string MachineRole = $"arn:aws:iam::{Account}:role/machine";
    public const string Waiting = """{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":100000,"End":true}}}""";

    /// <summary>A state machine, and its role, which every service may assume.</summary>
    public static async Task CreateMachine(TestActor administrator)
    {
        await administrator.World.Do(() => new Roles(administrator.World).Create(NewRole("machine")));
        var states = administrator.Client(new AmazonStepFunctionsConfig(), (keys, config) => new AmazonStepFunctionsClient(keys, config));
        await states.CreateStateMachineAsync(
            new()
            {
                Name = "machine",
                RoleArn = MachineRole,
                Definition = Waiting,
            }
        );
    }

    /// <summary>A role that the services of these tests may assume.</summary>
    public static Role NewRole(string name) =>
        new()
        {
            Account = Account,
            Name = name,
            TrustPolicy = """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
                "Principal":{"Service":["states.amazonaws.com","lambda.amazonaws.com","events.amazonaws.com"]} } }
                """,
        };

    public static async Task IsStaleBySeed(
        Func<TestActor, Task<Func<Task<bool>>>> write,
        Func<TestActor, Task>? prepare = null,
        string statements = AllowAll
    )
    {
        var stale = await Stale(write, prepare, statements);

        stale.Count(seed => seed).ShouldBeInRange(1, Seeds - 1);
        (await Stale(write, prepare, statements)).ShouldBe(stale, "one seed has one order");
    }

    /// <summary>For each seed whether the first read after a write did not show it.</summary>
    public static async Task<List<bool>> Stale(
        Func<TestActor, Task<Func<Task<bool>>>> write,
        Func<TestActor, Task>? prepare = null,
        string statements = AllowAll
    )
    {
        var stale = new List<bool>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            await using var world = new RehearsalWorld(new RehearsalOptions { Seed = seed });
            await using var services = await world.Do(() => SimulatedServices.Start(world));
            if (prepare is not null)
            {
                await prepare(TestActor.Administrator(world, Account));
            }

            var actor = await TestActor.Begin(world, Account, statements);
            stale.Add(await actor.Run(() => write(actor)));
        }

        return stale;
    }
}
