using System.Net.Http.Headers;
using System.Text;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class ActorsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private const string AllowAll = """{"Effect":"Allow","Action":"*","Resource":"*"}""";

    [Fact]
    public async Task Actors_interleave_at_each_request_in_one_order_however_long_they_compute_on_the_wall_clock()
    {
        var first = await Interleaved(seed: 5, wallClock: new Random(1));
        var second = await Interleaved(seed: 5, wallClock: new Random(2));
        var other = await Interleaved(seed: 6, wallClock: new Random(1));

        second.Trace.ShouldBe(first.Trace);
        second.Effects.ShouldBe(first.Effects);
        other.Trace.ShouldNotBe(first.Trace);

        // Nobody's requests come all after one another.
        first.Effects.Select(effect => effect[0]).Take(10).Distinct().Count().ShouldBeGreaterThan(1);
        first.Effects.Where(effect => effect[0] == 'a').ShouldBe(Enumerable.Range(0, 10).Select(i => $"a{i}"));
    }

    [Fact]
    public async Task Acts_at_equal_times_are_ordered_by_their_actors_names()
    {
        await using var stage = await Stage.Open();
        await stage.Begin("b", async client => await client.Send("from b"), ActorPace.Immediate);
        await stage.Begin(
            "a",
            async client =>
            {
                await Task.Delay(50);
                await client.Send("from a");
            },
            ActorPace.Immediate
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 2);

        stage.Effects.ShouldBe(["from a", "from b"]);
        stage.Ended.ShouldBe(["a#1", "b#1"]);
    }

    [Fact]
    public void Moments_at_equal_times_are_ordered_by_actor_then_by_number()
    {
        var (a, b) = (Named("a#1"), Named("b#1"));
        ActorMoment[] moments = [Moment(b, 1), Moment(a, 10), Moment(a, 2), Moment(b, 0) with { At = Epoch.Start.AddTicks(-1) }];

        moments
            .Order(ActorMoment.Order)
            .Select(moment => $"{moment.Actor} {moment.Number}")
            .ShouldBe(["b#1 0", "a#1 2", "a#1 10", "b#1 1"]);

        static Actor Named(string name) => new(name, new ActorSettings(), Epoch.Start);
        static ActorMoment Moment(Actor actor, long number) => new(Epoch.Start, actor, number, ActorMomentKind.Act);
    }

    [Fact]
    public async Task A_second_request_while_one_is_under_way_fails_the_rehearsal_by_name()
    {
        await using var stage = await Stage.Open();
        await stage.Begin("hasty", client => Task.WhenAll(client.Send("one"), client.Send("two")));

        var failure = await Should.ThrowAsync<ActorException>(stage.World.RunUntil(() => stage.Ended.Count == 1));

        failure.Message.ShouldStartWith("hasty#1 made a second request (notes POST /) while one was under way (notes POST /)");
        stage.World.Problems.ShouldHaveSingleItem().ShouldContain("hasty#1");
    }

    [Fact]
    public async Task A_second_request_ends_its_actor_alone_in_a_world_that_serves()
    {
        await using var stage = await Stage.Open();
        var serving = stage.World.Serve(TimeSpan.FromDays(1), Patience);
        ActorException? broken = null;

        // The first is not answered before the second is there.
        stage.OnEffect = _ => stage.World.Hold("the first");
        await stage.Begin("hasty", client => Task.WhenAll(client.Send("later"), client.Send("later")), ruleBroken: e => broken = e);
        await Until(() => broken is not null);
        stage.OnEffect = null;
        await stage.World.Do(() => stage.World.LetGo("the first"));
        await stage.Begin("calm", client => client.Send("one"));
        await Until(() => stage.Ended.Count == 1);

        broken.ShouldNotBeNull().Message.ShouldStartWith("hasty#1 made a second request");
        stage.Ended.ShouldBe(["calm#1"]);
        stage.World.Problems.ShouldHaveSingleItem().ShouldContain("hasty#1 was ended");
        serving.IsCompleted.ShouldBeFalse();

        async Task Until(Func<bool> condition)
        {
            while (!await stage.World.Do(condition))
            {
                await Task.Delay(10);
            }
        }
    }

    [Theory]
    [InlineData("crashed")]
    [InlineData("killed")]
    [InlineData("nothing")]
    public async Task An_actor_without_a_limit_that_does_nothing_ends_alone_in_a_world_that_serves(string settings)
    {
        await using var stage = await Stage.Open(new RehearsalOptions { ActorLimit = TimeSpan.FromMilliseconds(100) });
        var serving = stage.World.Serve(TimeSpan.FromDays(1), Patience);
        var ended = new List<string>();
        await stage.Begin(
            "stuck",
            _ => Task.Delay(Timeout.Infinite),
            killed: settings == "killed" ? () => ended.Add("killed") : null,
            crashed: settings == "crashed" ? () => ended.Add("crashed") : null
        );
        await stage.Begin("calm", client => client.Send("one"));

        while (!await stage.World.Do(() => stage.Ended.Count == 1))
        {
            await Task.Delay(10);
        }

        ended.ShouldBe(settings == "nothing" ? [] : [settings]);
        serving.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("killed", 0, 0)]
    [InlineData("killed", 100, 0)]
    [InlineData("killed", 0, 100)]
    [InlineData("later", 0, 0)]
    [InlineData("later", 100, 0)]
    [InlineData("later", 0, 100)]
    public async Task A_request_of_a_program_that_was_killed_has_its_turn_and_what_its_actor_does_then_comes_after_it(
        string text,
        int before,
        int after
    )
    {
        await using var stage = await Stage.Open();
        await stage.Begin(
            "shell",
            async client =>
            {
                using var kill = new CancellationTokenSource();
                var killed = client.Send(text, killed: kill.Token);
                await Task.Delay(before);
                var next = client.Send("next");
                await Task.Delay(after);
                await kill.CancelAsync();
                (await next).ShouldBe("done");
                await Task.WhenAny(killed);
                await client.Send("last");
            }
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        stage.Effects.ShouldBe([text, "next", "last"]);
        stage.World.Problems.ShouldBeEmpty();
        stage.Trace.Count(line => line.Contains("shell#1 2 Act notes POST", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_an_actor_comes_after_the_request_of_a_program_that_it_killed()
    {
        await using var stage = await Stage.Open();
        await stage.Begin(
            "shell",
            async client =>
            {
                using var kill = new CancellationTokenSource();
                var killed = client.Send("killed", killed: kill.Token);
                await Task.Delay(50);
                await kill.CancelAsync();
                await Task.WhenAny(killed);
            },
            ActorPace.Build
        );
        stage.OnEffect = _ => stage.Ended.ShouldBeEmpty();

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        stage.Effects.ShouldBe(["killed"]);
        stage.World.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_role_that_an_actor_assumes_inherits_the_actor()
    {
        await using var stage = await Stage.Open();
        await stage.Begin(
            "chained",
            async client =>
            {
                var assumed = await stage.Assume(client.Credentials, "other");
                await stage.With(assumed).Send("as the other role");
                var again = await stage.Assume(assumed, "caller");
                await Task.WhenAll(stage.With(again).Send("once"), client.Send("at once"));
            }
        );

        var failure = await Should.ThrowAsync<ActorException>(stage.World.RunUntil(() => stage.Ended.Count == 1));

        failure.Message.ShouldStartWith("chained#1 made a second request");
        stage.Effects.ShouldBe(["as the other role"]);
        stage.Trace.Count(line => line.Contains("chained#1 2 Act notes POST", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_killed_actors_request_has_had_its_effect_and_is_never_answered()
    {
        Task? request = null;
        Actor? actor = null;
        var stage = await Stage.Open();
        await using (stage)
        {
            stage.OnEffect = _ => stage.World.Kill(actor!);
            actor = await stage.Begin("victim", async client => await (request = client.Send("done")));

            await stage.World.RunUntil(() => stage.Effects.Count == 1);
            await stage.Pass(TimeSpan.FromHours(1));

            request.ShouldNotBeNull().IsCompleted.ShouldBeFalse();
            stage.Ended.ShouldBeEmpty();
        }

        await Should.ThrowAsync<HttpRequestException>(request!);
    }

    [Fact]
    public async Task What_an_actor_is_about_to_do_when_it_is_killed_has_no_effect()
    {
        await using var stage = await Stage.Open();
        var actor = await stage.Begin("victim", async client => await client.Send("too late"));
        await stage.World.Do(() => stage.World.Kill(actor));

        await stage.Pass(TimeSpan.FromHours(1));

        stage.Effects.ShouldBeEmpty();
        stage.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_actors_time_is_over_in_simulated_time_while_it_waits_for_an_answer()
    {
        await using var stage = await Stage.Open();
        DateTimeOffset? killed = null;
        await stage.Begin(
            "waits",
            async client => await client.Send("later"),
            limit: TimeSpan.FromSeconds(30),
            killed: () => killed = stage.World.Now
        );

        await stage.World.RunUntil(() => killed is not null);

        killed.ShouldBe(Epoch.Start.AddSeconds(30));
        stage.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_actor_that_hangs_on_the_wall_clock_is_killed_when_its_simulated_time_is_over()
    {
        await using var stage = await Stage.Open(new RehearsalOptions { ActorLimit = TimeSpan.FromMilliseconds(100) });
        DateTimeOffset? killed = null;
        await stage.Begin(
            "hangs",
            _ => Task.Delay(Timeout.Infinite),
            limit: TimeSpan.FromMinutes(15),
            killed: () => killed = stage.World.Now
        );

        await stage.World.RunUntil(() => killed is not null);

        killed.ShouldBe(Epoch.Start.AddMinutes(15));
    }

    [Fact]
    public async Task An_actor_that_hangs_without_a_limit_fails_the_rehearsal_by_name()
    {
        await using var stage = await Stage.Open(new RehearsalOptions { ActorLimit = TimeSpan.FromMilliseconds(100) });
        await stage.Begin("hangs", _ => Task.Delay(Timeout.Infinite));

        var failure = await Should.ThrowAsync<ActorException>(stage.World.RunUntil(() => false));

        failure.Message.ShouldStartWith("hangs#1 neither made a request nor ended");
    }

    [Fact]
    public async Task A_client_waits_for_an_answer_no_longer_than_its_time_out_in_simulated_time()
    {
        await using var stage = await Stage.Open();
        DateTimeOffset arrived = default;
        stage.OnEffect = _ => arrived = stage.World.Now;
        DateTimeOffset? gaveUp = null;
        await stage.Begin(
            "patient",
            async client =>
            {
                await Should.ThrowAsync<HttpRequestException>(client.Send("later"));
                gaveUp = stage.World.Now;
                await client.Send("goes on");
            }
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        gaveUp.ShouldNotBeNull();
        stage.Effects.ShouldBe(["later", "goes on"]);
        (arrived - Epoch.Start).ShouldBe(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(3));
    }

    /// <summary>The service has answered: only the answer is late.</summary>
    [Fact]
    public async Task A_late_answer_is_waited_for_no_longer_than_the_clients_time_out()
    {
        await using var stage = await Stage.Open();
        DateTimeOffset arrived = default;
        DateTimeOffset? gaveUp = null;
        stage.World.Arrived = (actor, _) =>
        {
            if (stage.Effects.Count == 1)
            {
                arrived = stage.World.Now;
                actor.AnswerDelay = TimeSpan.FromMinutes(10);
            }
            else
            {
                gaveUp ??= stage.World.Now;
            }
        };
        var answers = new List<string>();
        await stage.Begin(
            "impatient",
            async client =>
            {
                await Should.ThrowAsync<HttpRequestException>(client.Send("late"));
                answers.Add(await client.Send("goes on"));
            },
            requestTimeout: TimeSpan.FromSeconds(10)
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);
        await stage.Pass(TimeSpan.FromMinutes(20));

        stage.Effects.ShouldBe(["late", "goes on"]);
        answers.ShouldBe(["done"]);
        // What an SDK pauses before it asks again is a part of a second.
        (gaveUp - arrived)
            .ShouldNotBeNull()
            .ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11.1));
        stage.World.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_actor_can_be_slow_once_its_request_is_over()
    {
        await using var stage = await Stage.Open();
        var times = new List<DateTimeOffset>();
        stage.World.Arrived = (actor, _) =>
        {
            times.Add(stage.World.Now);
            if (times.Count == 1)
            {
                actor.Slowness = TimeSpan.FromSeconds(50);
            }
        };
        await stage.Begin(
            "slow",
            async client =>
            {
                await client.Send("one");
                await client.Send("two");
                await client.Send("three");
            },
            requestTimeout: TimeSpan.FromSeconds(10)
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        stage.Effects.ShouldBe(["one", "two", "three"]);
        (times[1] - times[0]).ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(54));
        (times[2] - times[1]).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    /// <summary>What else happens in the world draws from its stream, and moves nothing that an actor does.</summary>
    [Fact]
    public async Task Delays_of_actors_do_not_come_from_the_worlds_stream()
    {
        var undisturbed = await Interleaved(seed: 5, wallClock: new Random(1));
        var disturbed = await Interleaved(seed: 5, wallClock: new Random(1), draws: 3);

        disturbed.Effects.ShouldBe(undisturbed.Effects);
        OfActors(disturbed.Trace).ShouldBe(OfActors(undisturbed.Trace));

        static IEnumerable<string> OfActors(List<string> trace) => trace.Where(line => line.Contains('#', StringComparison.Ordinal));
    }

    /// <summary>So late that events of what was asked for are there before the answer.</summary>
    [Fact]
    public void Answers_to_functions_and_builds_are_late_now_and_then()
    {
        foreach (var pace in new[] { ActorPace.Invocation, ActorPace.Build })
        {
            var answers = Enumerable.Range(1, 400).Select(number => pace.Answer(ActorPace.Stream(1, "a", number))).ToList();

            answers.Count(answer => answer > Durations.RequestAnswer.Longest).ShouldBeInRange(4, 40);
            answers.ShouldAllBe(answer => answer >= Durations.RequestAnswer.Shortest && answer <= Durations.LateAnswer.Longest);
            Enumerable
                .Range(1, 400)
                .Select(number => pace.Arrival(ActorPace.Stream(1, "a", number)))
                .ShouldAllBe(arrival => arrival >= Durations.RequestArrival.Shortest && arrival <= Durations.BuildRequest.Longest);
        }
    }

    [Fact]
    public async Task An_answer_that_comes_later_is_given_to_who_waits_for_it()
    {
        await using var stage = await Stage.Open();
        var answer = "";
        await stage.Begin("waits", async client => answer = await client.Send("later"));
        await stage.World.RunUntil(() => stage.Effects.Count == 1);
        await stage.World.Do(() => stage.Later!.SetResult("here it is"));

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        answer.ShouldBe("here it is");
    }

    [Fact]
    public async Task The_pause_before_a_further_attempt_passes_in_simulated_time()
    {
        (await Arrival(attempt: 2)).ShouldBeGreaterThan(await Arrival(attempt: 1));
        (await Arrival(attempt: 2) - Epoch.Start).ShouldBeLessThan(TimeSpan.FromSeconds(3));

        static async Task<DateTimeOffset> Arrival(int attempt)
        {
            await using var stage = await Stage.Open();
            DateTimeOffset arrived = default;
            stage.OnEffect = _ => arrived = stage.World.Now;
            await stage.Begin("again", async client => await client.Send("x", attempt));
            await stage.World.RunUntil(() => stage.Ended.Count == 1);
            return arrived;
        }
    }

    [Fact]
    public async Task Requests_of_a_frozen_environment_wait_for_its_next_invocation()
    {
        await using var stage = await Stage.Open();
        var (client, key) = await stage.Client();
        await stage.World.Do(() => stage.World.Freeze(key));
        var early = client.Send("before");
        await stage.Pass(TimeSpan.FromMinutes(1));
        stage.Effects.ShouldBeEmpty();

        await stage.World.Do(() =>
            stage.World.StartActor(
                "thawed",
                async _ =>
                {
                    await early;
                    return () => stage.Ended.Add("thawed");
                },
                new ActorSettings { Pace = ActorPace.Invocation, AccessKeys = [key] }
            )
        );
        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        stage.Effects.ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_request_that_is_no_actors_takes_no_simulated_time()
    {
        await using var stage = await Stage.Open();
        var (client, _) = await stage.Client();

        await client.Send("looked at");

        stage.Effects.ShouldBe(["looked at"]);
        stage.World.Now.ShouldBe(Epoch.Start);
    }

    /// <summary>As the end of a build's process does that may not be ended.</summary>
    [Fact]
    public async Task What_fails_as_an_actor_is_killed_is_a_problem_and_the_actor_ends_all_the_same()
    {
        await using var stage = await Stage.Open();
        var killed = 0;
        await stage.World.Do(() =>
            stage.World.StartActor(
                "stubborn",
                async stop =>
                {
                    using var listening = stop.Register(() => throw new InvalidOperationException("it may not be ended"));
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                    return () => { };
                },
                new ActorSettings
                {
                    Pace = ActorPace.Invocation,
                    Limit = TimeSpan.FromSeconds(1),
                    WallLimit = TimeSpan.FromMilliseconds(200),
                    Killed = () => killed++,
                }
            )
        );

        await stage.World.RunUntil(() => killed == 1);

        (await stage.World.Do(() => stage.World.Problems.ToList()))
            .ShouldHaveSingleItem()
            .ShouldContain("stubborn#1 could not be ended in whole: InvalidOperationException: it may not be ended");
        await stage.Pass(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_service_that_throws_ends_the_request_and_not_the_world()
    {
        await using var stage = await Stage.Open();
        stage.OnEffect = text => _ = text == "bad" ? throw new InvalidOperationException("broken on purpose") : 0;
        var answers = new List<string>();
        await stage.Begin(
            "unlucky",
            async client =>
            {
                answers.Add(await client.Send("bad"));
                answers.Add(await client.Send("good"));
            }
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        answers[0].ShouldContain("InternalFailure");
        answers[0].ShouldContain("broken on purpose");
        answers[1].ShouldBe("done");
        stage.World.Problems.ShouldHaveSingleItem().ShouldContain("notes POST / failed: InvalidOperationException: broken on purpose");
    }

    [Fact]
    public void A_stream_depends_on_seed_actor_and_number_alone()
    {
        Draw(1, "a", 1).ShouldBe(Draw(1, "a", 1));
        new[] { Draw(1, "a", 1), Draw(2, "a", 1), Draw(1, "b", 1), Draw(1, "a", 2) }.ShouldBeUnique();

        static ulong Draw(ulong seed, string actor, long number) => ActorPace.Stream(seed, actor, number).NextBits();
    }

    [Fact]
    public async Task A_crash_ends_an_actor_after_its_requests_effect_and_has_the_effect_of_a_crash()
    {
        var answered = false;
        var crashes = new List<DateTimeOffset>();
        await using var stage = await Stage.Open();
        stage.World.Arrived = (actor, what) =>
        {
            what.ShouldBe("notes POST /");
            stage.World.Crash(actor).ShouldBeTrue();
            stage.World.Crash(actor).ShouldBeFalse("it is dead already");
        };
        await stage.Begin(
            "victim",
            async client =>
            {
                await client.Send("done");
                answered = true;
            },
            crashed: () => crashes.Add(stage.World.Now)
        );

        await stage.Pass(TimeSpan.FromHours(1));

        stage.Effects.ShouldBe(["done"]);
        stage.Ended.ShouldBeEmpty();
        answered.ShouldBeFalse();
        crashes.ShouldHaveSingleItem().ShouldBeLessThan(Epoch.Start + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_answer_can_be_delayed_once()
    {
        await using var stage = await Stage.Open();
        var times = new List<DateTimeOffset>();
        stage.World.Arrived = (actor, _) =>
        {
            times.Add(stage.World.Now);
            if (times.Count == 1)
            {
                actor.AnswerDelay = TimeSpan.FromSeconds(30);
            }
        };
        await stage.Begin(
            "patient",
            async client =>
            {
                await client.Send("one");
                await client.Send("two");
                await client.Send("three");
            }
        );

        await stage.World.RunUntil(() => stage.Ended.Count == 1);

        (times[1] - times[0]).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        (times[2] - times[1]).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static async Task<(List<string> Trace, List<string> Effects)> Interleaved(ulong seed, Random wallClock, int draws = 0)
    {
        await using var stage = await Stage.Open(new RehearsalOptions { Seed = seed });
        foreach (var name in new[] { "a", "b", "c" })
        {
            var pauses = Enumerable.Range(0, 10).Select(_ => wallClock.Next(8)).ToArray();
            await stage.Begin(
                name,
                async client =>
                {
                    for (var i = 0; i < 10; i++)
                    {
                        await Task.Delay(pauses[i]);
                        await client.Send($"{name}{i}");
                    }
                }
            );
        }

        // Due moments of services come between.
        stage.World.OnDue(
            "tick",
            _ =>
            {
                for (var i = 0; i < draws; i++)
                {
                    stage.World.Random.Uuid();
                }

                stage.World.Schedule(TimeSpan.FromMilliseconds(100), "tick", "");
            }
        );
        await stage.World.Do(() => stage.World.Schedule(TimeSpan.Zero, "tick", ""));
        await stage.World.RunUntil(() => stage.Ended.Count == 3);
        return (stage.Trace, stage.Effects);
    }

    /// <summary>A world with a service that notes what it is sent.</summary>
    private sealed class Stage : IAsyncDisposable, IWireService
    {
        private TestAws _aws = null!;

        public RehearsalWorld World => _aws.World;

        public List<string> Trace { get; } = [];

        public List<string> Effects { get; } = [];

        public List<string> Ended { get; } = [];

        public Action<string>? OnEffect { get; set; }

        /// <summary>The answer to the text <c>later</c>.</summary>
        public TaskCompletionSource<string>? Later { get; private set; }

        public string SigningName => "notes";

        public static async Task<Stage> Open(RehearsalOptions? options = null)
        {
            var stage = new Stage();
            stage._aws = await TestAws.Start(
                (options ?? new RehearsalOptions()) with
                {
                    Trace = stage.Trace.Add,
                },
                world => new StsService(world),
                _ => stage
            );
            stage.World.OnDue("pass", _ => { });
            await stage.World.Do(() =>
            {
                foreach (var role in new[] { "caller", "other" })
                {
                    new Roles(stage.World).Create(
                        new Role
                        {
                            Account = TestAws.Tools,
                            Name = role,
                            TrustPolicy = $$$"""
                            {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                            "Principal":{"AWS":"arn:aws:iam::{{{TestAws.Tools}}}:root"},
                            "Action":"sts:AssumeRole"}}
                            """,
                            InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{AllowAll}}]}""" },
                        }
                    );
                }
            });
            return stage;
        }

        public async Task<(NotesClient Client, string AccessKey)> Client()
        {
            var issued = await World.Do(() =>
                new Sessions(World).Issue(Principal.AssumedRole(TestAws.Tools, "caller", "test"), TimeSpan.FromHours(1))
            );
            var credentials = new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken);
            return (With(credentials), issued.AccessKeyId);
        }

        public NotesClient With(SessionAWSCredentials credentials) => new(new InMemoryTransport(new Gateway(World)), credentials);

        public async Task<SessionAWSCredentials> Assume(AWSCredentials credentials, string role)
        {
            using var sts = new AmazonSecurityTokenServiceClient(credentials, _aws.Configure(new AmazonSecurityTokenServiceConfig()));
            var answer = await sts.AssumeRoleAsync(
                new() { RoleArn = $"arn:aws:iam::{TestAws.Tools}:role/{role}", RoleSessionName = "chained" }
            );
            return new SessionAWSCredentials(
                answer.Credentials.AccessKeyId,
                answer.Credentials.SecretAccessKey,
                answer.Credentials.SessionToken
            );
        }

        public async Task<Actor> Begin(
            string name,
            Func<NotesClient, Task> act,
            ActorPace? pace = null,
            TimeSpan? limit = null,
            Action? killed = null,
            Action? crashed = null,
            Action<ActorException>? ruleBroken = null,
            TimeSpan? requestTimeout = null
        )
        {
            var (client, key) = await Client();
            return await World.Do(() =>
            {
                Actor? actor = null;
                return actor = World.StartActor(
                    name,
                    async _ =>
                    {
                        await act(client);
                        return () => Ended.Add(actor!.Name);
                    },
                    new ActorSettings
                    {
                        Pace = pace ?? ActorPace.Invocation,
                        Limit = limit,
                        Killed = killed,
                        Crashed = crashed,
                        RuleBroken = ruleBroken,
                        RequestTimeout = requestTimeout ?? Durations.ClientTimeout.Longest,
                        AccessKeys = [key],
                    }
                );
            });
        }

        public async Task Pass(TimeSpan time)
        {
            var until = World.Now + time;
            await World.Do(() => World.Schedule(time, "pass", ""));
            await World.RunUntil(() => World.Now >= until);
        }

        public WireResponse Handle(Call call, WireRequest request)
        {
            var text = Encoding.UTF8.GetString(request.Body.Span);
            Effects.Add(text);
            OnEffect?.Invoke(text);
            if (text != "later")
            {
                return Answer("done");
            }

            Later = new TaskCompletionSource<string>();
            return WireResponse.Deferred(Waited(Later.Task));

            static async Task<WireResponse> Waited(Task<string> later) => Answer(await later);
            static WireResponse Answer(string text) => new(200, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(text));
        }

        public ValueTask DisposeAsync() => _aws.DisposeAsync();
    }

    private sealed class NotesClient(InMemoryTransport transport, SessionAWSCredentials credentials)
    {
        public SessionAWSCredentials Credentials => credentials;

        public async Task<string> Send(string text, int attempt = 1, CancellationToken killed = default)
        {
            var keys = await credentials.GetCredentialsAsync();
            using var client = new HttpClient(transport, disposeHandler: false);
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://aws.test/") { Content = new StringContent(text) };
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "AWS4-HMAC-SHA256",
                $"Credential={keys.AccessKey}/20400101/us-east-1/notes/aws4_request, SignedHeaders=host, Signature=00"
            );
            request.Headers.Add("X-Amz-Security-Token", keys.Token);
            request.Headers.Add("amz-sdk-request", $"attempt={attempt}; max=3");
            using var response = await client.SendAsync(request, killed);
            return await response.Content.ReadAsStringAsync(killed);
        }
    }
}
