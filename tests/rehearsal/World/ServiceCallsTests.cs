using Deployer.Rehearsal.Tests.StepFunctions.Service;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

/// <summary>Services that call another one: each part of them that calls has one call under way at most.</summary>
public sealed class ServiceCallsTests
{
    private const string Second = "second made a second request (call) while one was under way (call)";

    [Fact]
    public async Task A_second_call_while_one_is_under_way_fails_the_rehearsal_by_name()
    {
        await using var stage = new Stage();
        await stage.World.Do(() =>
        {
            stage.Call("first", TimeSpan.FromSeconds(1));
            stage.Call("second", TimeSpan.FromSeconds(1));
            stage.Call("second", TimeSpan.FromSeconds(2));
        });

        var failure = await Should.ThrowAsync<ActorException>(stage.World.RunUntil(() => stage.Arrived.Count == 3));

        failure.Message.ShouldStartWith(Second);
        stage.World.Problems.ShouldHaveSingleItem().ShouldContain(Second);
    }

    [Fact]
    public async Task What_has_arrived_is_not_under_way_any_more()
    {
        await using var stage = new Stage();
        stage.OnArrival = caller =>
        {
            if (stage.Arrived.Count < 4)
            {
                stage.Call(caller, TimeSpan.FromSeconds(1));
            }
        };
        await stage.World.Do(() =>
        {
            stage.Call("one", TimeSpan.FromSeconds(1));
            stage.Call("other", TimeSpan.FromSeconds(1));
        });

        await stage.World.RunUntil(() => stage.Arrived.Count == 4);

        stage.Arrived.ShouldBe(["one", "other", "one", "other"]);
        stage.World.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_is_waited_for_is_part_of_the_call()
    {
        await using var stage = new Stage();
        stage.OnArrival = caller => stage.World.AwaitAnswer(caller, "call");
        await stage.World.Do(() => stage.Call("second", TimeSpan.Zero));
        await stage.World.RunUntil(() => stage.Arrived.Count == 1);
        await stage.World.Do(() =>
        {
            stage.World.Answered("second");
            stage.Call("second", TimeSpan.Zero);
        });
        await stage.World.RunUntil(() => stage.Arrived.Count == 2);

        await stage.World.Do(() => stage.Call("second", TimeSpan.Zero));

        (await Should.ThrowAsync<ActorException>(stage.World.RunUntil(() => false))).Message.ShouldStartWith(Second);
    }

    [Fact]
    public async Task In_a_world_that_serves_what_asks_for_a_second_call_ends_alone()
    {
        await using var stage = new Stage();
        var serving = stage.World.Serve(TimeSpan.FromDays(1), TimeSpan.Zero);
        stage.OnArrival = caller =>
        {
            if (caller == "hasty")
            {
                stage.Call("second", TimeSpan.FromSeconds(1));
                stage.Call("second", TimeSpan.FromSeconds(1));
            }
        };
        await stage.World.Do(() => stage.Call("hasty", TimeSpan.Zero));

        await stage.World.RunUntil(() => stage.Arrived.Count == 2);

        stage.Arrived.ShouldBe(["hasty", "second"]);
        stage.Ended.ShouldHaveSingleItem().ShouldContain(Second);
        serving.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_is_under_way_in_a_world_that_was_opened_again()
    {
        var state = Directory.CreateTempSubdirectory("deployer-");
        try
        {
            await using (var left = new Stage(state.FullName))
            {
                await left.World.Do(() => left.Call("second", TimeSpan.FromSeconds(1)));
            }

            await using var opened = new Stage(state.FullName);
            await opened.World.Do(() => opened.Call("second", TimeSpan.FromSeconds(1)));

            (await Should.ThrowAsync<ActorException>(opened.World.RunUntil(() => false))).Message.ShouldStartWith(Second);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    /// <summary>On AWS the branches of an execution call beside one another, and so they do here: each task is a caller.</summary>
    [Fact]
    public async Task Branches_of_an_execution_call_beside_one_another_and_no_task_twice()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
              { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                "Parameters": { "FunctionName": "a" } } } },
              { "StartAt": "B", "States": { "B": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                "Parameters": { "FunctionName": "b" } } } } ] } } }
            """
        );
        var execution = await states.Execution(machine);
        var task = string.Empty;
        states.World.Coming = (kind, payload) => task = kind == "states/call" ? payload : task;

        await states.World.RunUntil(() => states.Functions.Invocations.Count == 2);
        states.World.Problems.ShouldBeEmpty();
        await states.World.Do(() =>
            states.World.ScheduleCall($"{machine}#1{task[task.LastIndexOf('/')..]}", TimeSpan.Zero, "states/call", task)
        );

        (await Should.ThrowAsync<ActorException>(states.Ended(execution))).Message.ShouldContain(
            " made a second request (states/call) while one was under way (states/task)"
        );
    }

    /// <summary>A world with calls that note that they have arrived.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        public Stage(string? state = null)
        {
            World = new RehearsalWorld(new RehearsalOptions { StateDirectory = state });
            World.OnDue(
                "call",
                caller =>
                {
                    Arrived.Add(caller);
                    OnArrival?.Invoke(caller);
                },
                failed: (_, reason) => Ended.Add(reason)
            );
        }

        public RehearsalWorld World { get; }

        public List<string> Arrived { get; } = [];

        public List<string> Ended { get; } = [];

        public Action<string>? OnArrival { get; set; }

        public void Call(string caller, TimeSpan delay) => World.ScheduleCall(caller, delay, "call", caller);

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
