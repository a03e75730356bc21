using Amazon.Runtime;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>Somebody who acts, with official clients.</summary>
internal sealed class TestActor(RehearsalWorld world, AWSCredentials credentials, string? accessKey)
{
    public const string Role = "actor";

    private readonly string? _accessKey = accessKey;

    public RehearsalWorld World => world;

    public static TestActor Administrator(RehearsalWorld world, string account) =>
        new(world, new BasicAWSCredentials(account, "not checked"), accessKey: null);

    public static async Task<TestActor> Begin(RehearsalWorld world, string account, string statements, string role = Role)
    {
        var issued = await TestAws.IssueSession(world, account, role, statements);

        // The role itself is known everywhere by now.
        await Pass(world, TimeSpan.FromMinutes(1));
        return new TestActor(
            world,
            new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken),
            issued.AccessKeyId
        );
    }

    public TClient Client<TConfig, TClient>(TConfig config, Func<AWSCredentials, TConfig, TClient> create)
        where TConfig : ClientConfig
    {
        TestAws.Configure(config, new Gateway(world));
        return create(credentials, config);
    }

    /// <summary>Writes, reads at once and reads a minute later, when everything is to be seen.</summary>
    public async Task<bool> Run(Func<Task<Func<Task<bool>>>> write)
    {
        Func<Task<bool>>? read = null;
        bool? seen = null;
        await Act(async () =>
        {
            read = await write();
            seen = await read();
        });
        await Pass(world, TimeSpan.FromMinutes(1));
        bool? later = null;
        await Act(async () => later = await read!());

        later.ShouldBe(true);
        return seen == false;
    }

    public async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Pass(world, TimeSpan.FromSeconds(10));
        }
    }

    public Task Act(Func<Task> act, bool seesPresent = false) => Act(world, [(this, act)], seesPresent);

    /// <summary>Several act beside one another.</summary>
    public static async Task Act(RehearsalWorld world, IReadOnlyList<(TestActor Actor, Func<Task> Act)> acts, bool seesPresent = false)
    {
        var ended = 0;
        await world.Do(() =>
        {
            foreach (var (actor, act) in acts)
            {
                world.StartActor(
                    "actor",
                    async _ =>
                    {
                        await act();
                        return () => ended++;
                    },
                    new ActorSettings
                    {
                        Pace = ActorPace.Invocation,
                        AccessKeys = [actor._accessKey!],
                        SeesPresent = seesPresent,
                    }
                );
            }
        });
        await world.RunUntil(() => ended == acts.Count);
    }

    private static async Task Pass(RehearsalWorld world, TimeSpan time)
    {
        var until = world.Now + time;
        var kind = $"pass {until.Ticks}";
        await world.Do(() =>
        {
            world.OnDue(kind, _ => { });
            world.Schedule(time, kind, "");
        });
        await world.RunUntil(() => world.Now >= until);
    }
}
