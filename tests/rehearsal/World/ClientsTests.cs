using System.Diagnostics;
using Amazon.SecurityToken;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

/// <summary>Clients of a served world, which live on the wall clock.</summary>
public sealed class ClientsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task While_a_client_holds_something_time_passes_no_faster_than_the_wall_clock()
    {
        await using var stage = new Stage(Patience);
        await stage.World.Do(() => stage.World.Hold("task"));

        (await stage.Passed(TimeSpan.FromMilliseconds(400))).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(390));
    }

    [Fact]
    public async Task Time_runs_on_when_the_client_has_let_go()
    {
        await using var stage = new Stage(Patience);
        await stage.World.Do(() => stage.World.Hold("task"));
        var passed = stage.Passed(TimeSpan.FromHours(1));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        passed.IsCompleted.ShouldBeFalse();

        await stage.World.Do(() => stage.World.LetGo("task"));

        (await passed).ShouldBeLessThan(Patience);
    }

    [Fact]
    public async Task A_client_that_is_silent_for_longer_than_the_patience_is_waited_for_no_more()
    {
        await using var stage = new Stage(TimeSpan.FromMilliseconds(300));
        await stage.World.Do(() => stage.World.Hold("task"));

        (await stage.Passed(TimeSpan.FromHours(1))).ShouldBeInRange(TimeSpan.FromMilliseconds(290), Patience);
    }

    [Fact]
    public async Task Nobody_is_waited_for_without_patience()
    {
        await using var stage = new Stage(TimeSpan.Zero);
        await stage.World.Do(() => stage.World.Hold("task"));

        (await stage.Passed(TimeSpan.FromHours(20))).ShouldBeLessThan(Patience);
    }

    [Fact]
    public async Task A_request_of_a_client_arrives_and_is_answered_at_moments_of_its_own()
    {
        var trace = new List<string>();
        await using var aws = await TestAws.Start(new RehearsalOptions { Trace = trace.Add }, world => new StsService(world));
        _ = aws.World.Serve(TimeSpan.FromDays(1), Patience);
        using var sts = new AmazonSecurityTokenServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonSecurityTokenServiceConfig())
        );

        await sts.GetCallerIdentityAsync(new());
        await sts.GetCallerIdentityAsync(new());

        var seen = await aws.World.Do(() => trace.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ToList());
        seen.ShouldBe([
            "client#1 1 Act sts GetCallerIdentity",
            "client#1 1 Answer sts GetCallerIdentity",
            "client#2 1 Act sts GetCallerIdentity",
            "client#2 1 Answer sts GetCallerIdentity",
        ]);
        aws.World.Now.ShouldBeGreaterThan(Epoch.Start);
    }

    [Fact]
    public async Task What_a_client_that_holds_something_does_between_two_requests_takes_time()
    {
        await using var aws = await TestAws.Start(world => new StsService(world));
        _ = aws.World.Serve(TimeSpan.FromDays(1), Patience);
        using var sts = new AmazonSecurityTokenServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonSecurityTokenServiceConfig())
        );
        await aws.World.Do(() => aws.World.Hold("task"));
        await sts.GetCallerIdentityAsync(new());
        var before = aws.World.Now;

        await Task.Delay(1000, TestContext.Current.CancellationToken);
        await sts.GetCallerIdentityAsync(new());

        (aws.World.Now - before).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    private sealed class Stage : IAsyncDisposable
    {
        private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Stage(TimeSpan patience)
        {
            World.OnDue("pass", _ => _passed.SetResult());
            _ = World.Serve(TimeSpan.FromDays(1), patience);
        }

        public RehearsalWorld World { get; } = new(new RehearsalOptions());

        /// <summary>How long a simulated time takes on the wall clock.</summary>
        public async Task<TimeSpan> Passed(TimeSpan time)
        {
            var clock = Stopwatch.StartNew();
            await World.Do(() => World.Schedule(time, "pass", ""));
            await _passed.Task;
            return clock.Elapsed;
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
