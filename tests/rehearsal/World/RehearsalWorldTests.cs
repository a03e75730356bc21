using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class RehearsalWorldTests
{
    [Fact]
    public async Task Time_jumps_to_due_moments_in_their_order()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var seen = new List<string>();
        world.OnDue("note", payload => seen.Add($"{payload}@{(world.Now - Epoch.Start).TotalMinutes}"));
        await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromMinutes(40), "note", "late");
            world.Schedule(TimeSpan.FromMinutes(5), "note", "first");
            world.Schedule(TimeSpan.FromMinutes(5), "note", "second");
            world.Cancel(world.Schedule(TimeSpan.FromMinutes(6), "note", "cancelled"));
        });

        await world.RunUntil(() => seen.Count == 3);

        seen.ShouldBe(["first@5", "second@5", "late@40"]);
    }

    [Fact]
    public async Task Time_stands_still_while_an_actor_works()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var order = new List<string>();
        world.OnDue("tick", _ => order.Add("tick"));
        await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromSeconds(1), "tick", "");
            world.StartActor(
                "slow",
                async _ =>
                {
                    await Task.Delay(50);
                    await world.Do(() => order.Add("request"));
                    return () => order.Add("result");
                }
            );
        });

        await world.RunUntil(() => order.Count == 3);

        order.ShouldBe(["request", "result", "tick"]);
    }

    [Fact]
    public async Task Actors_compute_beside_one_another()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var both = new TaskCompletionSource();
        var computing = 0;
        var ended = new List<string>();
        await world.Do(() =>
        {
            foreach (var name in new[] { "one", "two" })
            {
                world.StartActor(
                    name,
                    async _ =>
                    {
                        if (Interlocked.Increment(ref computing) == 2)
                        {
                            both.SetResult();
                        }

                        await both.Task;
                        return () => ended.Add(name);
                    }
                );
            }
        });

        await world.RunUntil(() => ended.Count == 2);

        ended.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Waiting_for_what_never_comes_fails_instead_of_hanging()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());

        var failure = await Should.ThrowAsync<RehearsalStalledException>(world.RunUntil(() => false));

        failure.Message.ShouldContain("nothing is due");
    }

    [Fact]
    public async Task An_endless_repetition_meets_the_limit()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        world.OnDue("again", _ => world.Schedule(TimeSpan.FromMinutes(5), "again", ""));
        await world.Do(() => world.Schedule(TimeSpan.Zero, "again", ""));

        await Should.ThrowAsync<RehearsalStalledException>(world.RunUntil(() => false, TimeSpan.FromHours(1)));

        world.Now.ShouldBeLessThanOrEqualTo(Epoch.Start.AddHours(1));
    }

    [Fact]
    public async Task A_failing_due_moment_is_reported_to_who_waits()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        world.OnDue("broken", _ => throw new InvalidOperationException("broken on purpose"));
        await world.Do(() => world.Schedule(TimeSpan.Zero, "broken", ""));

        var failure = await Should.ThrowAsync<InvalidOperationException>(world.RunUntil(() => false));

        failure.Message.ShouldContain("broken on purpose");
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_ends_who_waits_and_not_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-");
        var world = new RehearsalWorld(new RehearsalOptions { StateDirectory = folder.FullName });
        var records = world.Store.Table<Unwritable>("unwritable");
        world.OnDue("broken", _ => records.Put("one", new Unwritable()));
        await world.Do(() => world.Schedule(TimeSpan.Zero, "broken", ""));

        var failure = await Should.ThrowAsync<InvalidOperationException>(world.RunUntil(() => false));

        failure.Message.ShouldContain("cannot be read");
        await Should.ThrowAsync<InvalidOperationException>(async () => await world.DisposeAsync());
        folder.Delete(recursive: true);
    }

    private sealed record Unwritable
    {
        public string Value => throw new InvalidOperationException("cannot be read");
    }

    [Fact]
    public async Task A_stored_world_goes_on_where_it_stopped()
    {
        var directory = Directory.CreateTempSubdirectory("deployer-").FullName;
        try
        {
            string firstId;
            await using (var world = new RehearsalWorld(new RehearsalOptions { StateDirectory = directory }))
            {
                world.OnDue("note", _ => { });
                world.OnDue("later", _ => { });
                firstId = await world.Do(() =>
                {
                    world.Schedule(TimeSpan.FromMinutes(1), "note", "now");
                    world.Schedule(TimeSpan.FromMinutes(2), "later", "kept");
                    return world.Random.Uuid();
                });
                await world.RunUntil(() => world.Now == Epoch.Start.AddMinutes(1));
            }

            await using (var world = new RehearsalWorld(new RehearsalOptions { StateDirectory = directory }))
            {
                var kept = "";
                world.OnDue("later", payload => kept = payload);
                world.Now.ShouldBe(Epoch.Start.AddMinutes(1));
                (await world.Do(world.Random.Uuid)).ShouldNotBe(firstId);
                await world.RunUntil(() => kept.Length > 0);
                kept.ShouldBe("kept");
                world.Now.ShouldBe(Epoch.Start.AddMinutes(2));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_served_world_goes_on_while_something_is_under_way_and_then_stands_still()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var seen = new List<string>();
        var ended = new TaskCompletionSource();
        world.OnDue("sweep", _ => Sweep(), periodic: true);
        world.OnDue(
            "step",
            payload =>
            {
                seen.Add(payload);
                if (payload == "end")
                {
                    ended.SetResult();
                }
                else
                {
                    world.Schedule(TimeSpan.FromMinutes(12), "step", "end");
                }
            }
        );
        _ = world.Serve(TimeSpan.FromHours(1), clientPatience: TimeSpan.Zero);

        await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromMinutes(5), "sweep", "");
            world.Schedule(TimeSpan.FromMinutes(1), "step", "begin");
        });
        await ended.Task;
        await Rest();

        (await world.Do(() => seen.ToList())).ShouldBe(["begin", "sweep", "sweep", "end"]);
        world.Now.ShouldBe(Epoch.Start.AddMinutes(13));

        void Sweep()
        {
            seen.Add("sweep");
            world.Schedule(TimeSpan.FromMinutes(5), "sweep", "");
        }
    }

    [Fact]
    public async Task A_served_world_does_not_go_to_what_is_too_far_ahead()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var seen = new List<string>();
        var near = new TaskCompletionSource();
        world.OnDue(
            "note",
            payload =>
            {
                seen.Add(payload);
                near.SetResult();
            }
        );
        _ = world.Serve(TimeSpan.FromHours(1), clientPatience: TimeSpan.Zero);

        await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromDays(365), "note", "far");
            world.Schedule(TimeSpan.FromMinutes(59), "note", "near");
        });
        await near.Task;
        await Rest();

        seen.ShouldBe(["near"]);
        world.Now.ShouldBe(Epoch.Start.AddMinutes(59));
    }

    [Fact]
    public async Task A_due_moment_that_fails_is_reported_and_a_served_world_goes_on()
    {
        var reports = new List<string>();
        await using var world = new RehearsalWorld(new RehearsalOptions { Reports = reports.Add });
        var next = new TaskCompletionSource();
        world.OnDue("broken", _ => throw new InvalidOperationException("broken on purpose"));
        world.OnDue("next", _ => next.SetResult());
        var serving = world.Serve(TimeSpan.FromHours(1), clientPatience: TimeSpan.Zero);

        await world.Do(() =>
        {
            world.Schedule(TimeSpan.Zero, "broken", "");
            world.Schedule(TimeSpan.FromMinutes(1), "next", "");
        });
        await next.Task;

        serving.IsCompleted.ShouldBeFalse();
        world.Problems.ShouldHaveSingleItem().ShouldContain("the due moment 'broken' failed: InvalidOperationException: broken on purpose");
        reports.ShouldBe(world.Problems);
    }

    [Fact]
    public async Task What_a_due_moment_was_of_ends_when_the_rehearsal_fails_at_it_and_whoever_waits_goes_on()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var ended = new List<string>();
        var isNextCome = false;
        world.OnDue(
            "broken",
            _ => throw new InvalidOperationException("broken on purpose"),
            failed: (payload, reason) => ended.Add($"{payload}: {reason}")
        );
        world.OnDue("next", _ => isNextCome = true);
        await world.Do(() =>
        {
            world.Schedule(TimeSpan.Zero, "broken", "a build");
            world.Schedule(TimeSpan.FromMinutes(1), "next", "");
        });

        await world.RunUntil(() => isNextCome);

        ended.ShouldBe(["a build: The rehearsal failed: broken on purpose"]);
        world.Problems.ShouldHaveSingleItem().ShouldContain("the due moment 'broken' failed: InvalidOperationException: broken on purpose");
    }

    [Fact]
    public async Task Where_that_end_fails_too_whoever_waits_is_told()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        world.OnDue(
            "broken",
            _ => throw new InvalidOperationException("broken on purpose"),
            failed: (_, _) => throw new InvalidOperationException("broken again")
        );
        await world.Do(() => world.Schedule(TimeSpan.Zero, "broken", ""));

        var failure = await Should.ThrowAsync<InvalidOperationException>(world.RunUntil(() => false));

        failure.Message.ShouldContain("the end of what the due moment 'broken' was of failed: broken again");
        world.Problems.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Each_kind_of_due_moment_of_the_services_says_what_ends_with_it()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await using var services = await world.Do(() => SimulatedServices.Start(world));

        (await world.Do(() => world.KindsWithoutEnd.ToList())).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_served_world_goes_to_the_end_of_a_wait_however_far_ahead_it_lies()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var ended = new TaskCompletionSource();
        world.OnDue("wait", _ => ended.SetResult());
        world.OnDue("patience", _ => { });
        _ = world.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);

        await world.Do(() =>
        {
            world.Schedule(TimeSpan.FromDays(30), "wait", "", isAwaited: true);
            world.Schedule(TimeSpan.FromDays(365), "patience", "");
        });
        await ended.Task;
        await Rest();

        world.Now.ShouldBe(Epoch.Start.AddDays(30));
    }

    [Fact]
    public async Task A_moment_past_all_times_is_the_last_and_the_world_goes_on()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var ended = new TaskCompletionSource();
        world.OnDue("wait", _ => ended.TrySetResult());
        var serving = world.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);

        await world.Do(() => world.Schedule(TimeSpan.MaxValue, "wait", "", isAwaited: true));
        await ended.Task;
        await world.Do(() => world.Schedule(TimeSpan.FromHours(1), "wait", "", isAwaited: true));
        await world.RunUntil(() => true);

        world.Now.ShouldBe(DateTimeOffset.MaxValue);
        serving.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Serving_is_cancelled_when_the_world_ends()
    {
        var world = new RehearsalWorld(new RehearsalOptions());
        var serving = world.Serve(TimeSpan.FromHours(1), clientPatience: TimeSpan.Zero);

        await world.DisposeAsync();

        await Should.ThrowAsync<TaskCanceledException>(serving);
    }

    /// <summary>Long enough for a world that does not rest to show it.</summary>
    private static Task Rest() => Task.Delay(50);
}
