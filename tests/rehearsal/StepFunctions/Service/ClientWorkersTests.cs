using System.Diagnostics;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.StepFunctions.Service;

/// <summary>Workers from outside of a served world: what they have time for, and what waits for them.</summary>
public sealed class ClientWorkersTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_worker_has_the_time_on_the_wall_clock_that_the_task_gives_it()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await Work(states, """ "TimeoutSeconds": 60, "HeartbeatSeconds": 30, """, Patience);

        var task = await Take(states);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await states.Client.SendTaskSuccessAsync(new() { TaskToken = task.TaskToken, Output = "{}" });

        (await Closed(states, execution)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
    }

    [Fact]
    public async Task A_silent_worker_loses_its_task_after_the_heartbeats_time_on_the_wall_clock()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await Work(states, """ "HeartbeatSeconds": 1, """, Patience);
        var clock = Stopwatch.StartNew(); // Before it is taken: on a busy machine the answer comes late.
        await Take(states);

        (await Closed(states, execution)).Error.ShouldBe("States.Timeout");

        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task A_heartbeat_gives_a_worker_its_time_again()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await Work(states, """ "HeartbeatSeconds": 5, """, Patience);
        var task = await Take(states);

        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            await states.Client.SendTaskHeartbeatAsync(new() { TaskToken = task.TaskToken });
        }

        await states.Client.SendTaskSuccessAsync(new() { TaskToken = task.TaskToken, Output = "{}" });
        (await Closed(states, execution)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
    }

    [Fact]
    public async Task A_task_that_no_worker_has_taken_yet_waits_as_well()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await Work(states, """ "TimeoutSeconds": 60, """, Patience);

        await Task.Delay(500, TestContext.Current.CancellationToken);
        var task = await Take(states);
        await states.Client.SendTaskSuccessAsync(new() { TaskToken = task.TaskToken, Output = "{}" });

        (await Closed(states, execution)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
    }

    [Fact]
    public async Task Nothing_waits_for_a_worker_that_has_been_silent_for_longer_than_the_patience()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await Work(states, """ "TimeoutSeconds": 36000, """, TimeSpan.FromMilliseconds(200));

        (await Closed(states, execution)).Error.ShouldBe("States.Timeout");
    }

    [Theory]
    [InlineData(false, "SUCCEEDED")]
    [InlineData(true, "TIMED_OUT")]
    public async Task A_token_waits_for_a_client_unless_the_code_that_was_given_it_runs_here(bool runsCode, string status)
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.HasCode = runsCode;
        var machine = await states.Machine(
            """
            { "StartAt": "Ask", "TimeoutSeconds": 600, "States": { "Ask": { "Type": "Task", "End": true,
              "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters": { "FunctionName": "ask", "Payload": { "token.$": "$$.Task.Token" } } } } }
            """
        );
        _ = states.World.Serve(Ahead, Patience);
        var execution = await states.Execution(machine);
        await Until(() => states.World.Do(() => states.Functions.Invocations.Count > 0));

        await Task.Delay(500, TestContext.Current.CancellationToken);
        try
        {
            await states.Client.SendTaskSuccessAsync(new() { TaskToken = await states.Token(), Output = "{}" });
        }
        catch (TaskTimedOutException)
        {
            // Its time was over long ago.
        }

        (await Closed(states, execution)).Status.Value.ShouldBe(status);
    }

    /// <summary>The code that was given the token runs here, and a client keeps the task: time waits for the client from then on.</summary>
    [Fact]
    public async Task A_token_of_code_that_runs_here_waits_for_a_client_that_has_sent_a_heartbeat()
    {
        const string UntilThen = "until the heartbeat";
        await using var states = await SimulatedStates.Start();
        states.Functions.HasCode = true;
        var machine = await states.Machine(
            """
            { "StartAt": "Ask", "TimeoutSeconds": 600, "States": { "Ask": { "Type": "Task", "End": true, "HeartbeatSeconds": 60,
              "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters": { "FunctionName": "ask", "Payload": { "token.$": "$$.Task.Token" } } } } }
            """
        );
        await states.World.Do(() => states.World.Hold(UntilThen));
        _ = states.World.Serve(Ahead, Patience);
        var execution = await states.Execution(machine);
        var token = await states.Token();
        await states.Client.SendTaskHeartbeatAsync(new() { TaskToken = token });
        await states.World.Do(() => states.World.LetGo(UntilThen));

        await Task.Delay(500, TestContext.Current.CancellationToken);
        await states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = "{}" });

        (await Closed(states, execution)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
    }

    [Fact]
    public async Task A_worker_that_asks_before_there_is_a_task_is_given_it_when_it_comes()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await Machine(states, string.Empty);
        _ = states.World.Serve(Ahead, Patience);
        var asked = states.Client.GetActivityTaskAsync(new() { ActivityArn = Activity, WorkerName = "early" });
        await Task.Delay(200, TestContext.Current.CancellationToken);
        asked.IsCompleted.ShouldBeFalse();

        var execution = await states.Execution(machine, """{"n":1}""");

        (await asked).Input.ShouldBe("""{"n":1}""");
        await states.Client.SendTaskSuccessAsync(new() { TaskToken = (await asked).TaskToken, Output = "{}" });
        (await Closed(states, execution)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        (await states.History(execution))
            .Single(happened => happened.Type == HistoryEventType.ActivityStarted)
            .ActivityStartedEventDetails.WorkerName.ShouldBe("early");
    }

    [Fact]
    public async Task A_worker_that_has_gone_is_given_nothing()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await Machine(states, string.Empty);
        _ = states.World.Serve(Ahead, Patience);
        using var leaving = new CancellationTokenSource();
        var gone = states.Client.GetActivityTaskAsync(new() { ActivityArn = Activity, WorkerName = "gone" }, leaving.Token);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);

        await states.Execution(machine);

        (await Take(states)).TaskToken.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_asks_inside_the_rehearsal_waits_a_minute_of_simulated_time()
    {
        await using var states = await SimulatedStates.Start();
        await Machine(states, string.Empty);

        (await states.Client.GetActivityTaskAsync(new() { ActivityArn = Activity })).TaskToken.ShouldBeNull();

        states.World.Now.ShouldBe(Epoch.Start.AddSeconds(60));
    }

    [Fact]
    public async Task A_clients_request_is_held_open_for_a_minute_of_its_own_time_and_answered_without_a_task()
    {
        await using var states = await SimulatedStates.Start();
        await Machine(states, string.Empty);
        states.Activities.PollTime.ShouldBe(TimeSpan.FromSeconds(60));
        states.Activities.PollTime = TimeSpan.FromMilliseconds(300);
        _ = states.World.Serve(Ahead, Patience);
        var asked = Stopwatch.GetTimestamp();

        var answer = await states
            .Client.GetActivityTaskAsync(new() { ActivityArn = Activity })
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        answer.TaskToken.ShouldBeNull();
        Stopwatch.GetElapsedTime(asked).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(290));
    }

    private const string Activity = "arn:aws:states:us-east-1:222222222222:activity:work";

    private static async Task<string> Machine(SimulatedStates states, string limits)
    {
        await states.Client.CreateActivityAsync(new() { Name = "work" });
        return await states.Machine(
            $$"""
            { "StartAt": "Work", "States": { "Work": { "Type": "Task", {{limits}} "Resource": "{{Activity}}", "End": true } } }
            """
        );
    }

    private static async Task<string> Work(SimulatedStates states, string limits, TimeSpan patience)
    {
        var machine = await Machine(states, limits);
        _ = states.World.Serve(Ahead, patience);
        return await states.Execution(machine);
    }

    private static Task<GetActivityTaskResponse> Take(SimulatedStates states) =>
        states.Client.GetActivityTaskAsync(new() { ActivityArn = Activity, WorkerName = "worker" });

    private static async Task<DescribeExecutionResponse> Closed(SimulatedStates states, string execution)
    {
        DescribeExecutionResponse? described = null;
        await Until(async () =>
            (described = await states.Client.DescribeExecutionAsync(new() { ExecutionArn = execution })).Status != ExecutionStatus.RUNNING
        );
        return described!;
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
