using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Interpreter;

public sealed class FailureTests
{
    private const string Callback = """
        { "StartAt": "Wait", "States": { "Wait": {
          "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 60, "TimeoutSeconds": 3600,
          "Parameters": { "FunctionName": "f", "Payload": { "token.$": "$$.Task.Token" } },
          "Retry": [ { "ErrorEquals": [ "RULE" ], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 2 } ],
          "End": true } } }
        """;

    [Theory]
    [InlineData("States.HeartbeatTimeout", 3)]
    [InlineData("States.Timeout", 3)]
    [InlineData("States.ALL", 3)]
    [InlineData("States.TaskFailed", 1)]
    public void A_missed_heartbeat_is_matched_by_name(string rule, int attempts)
    {
        var machine = new SimulatedMachine(Callback.Replace("RULE", rule)).Waits("invoke").Run();

        machine.State.Error.ShouldBe("States.Timeout");
        machine.State.Cause.ShouldBe("");
        machine.Called.Count.ShouldBe(attempts);
        machine.History.Count(e => e.Type == "TaskTimedOut").ShouldBe(attempts);
        machine.State.StoppedAt.ShouldBe(machine.State.StartedAt.AddSeconds((60 * attempts) + attempts - 1));
        machine.Waiting.Select(w => w.Task.Token).Distinct().Count().ShouldBe(attempts, "each attempt has a token of its own");
    }

    [Fact]
    public void A_heartbeat_starts_the_clock_again_and_the_timeout_stays()
    {
        var machine = new SimulatedMachine(Callback.Replace("RULE", "Other")).Waits("invoke").Run(TimeSpan.Zero);
        var task = machine.Waiting[0].Task.Key;
        for (var i = 0; i < 70; i++)
        {
            machine.World.After(
                TimeSpan.FromSeconds((i + 1) * 55),
                () => machine.World.Call(machine.Execution, x => x.TaskHeartbeat(task))
            );
        }

        machine.Run();

        machine.State.Error.ShouldBe("States.Timeout");
        machine.State.StoppedAt.ShouldBe(machine.State.StartedAt.AddSeconds(3600));
    }

    [Fact]
    public void An_answer_after_the_end_of_the_task_is_not_awaited()
    {
        var machine = new SimulatedMachine(Callback.Replace("RULE", "Other")).Waits("invoke").Run();
        machine.World.Call(machine.Execution, i => i.TaskSucceeded(machine.Waiting[0].Task.Key, "1")).ShouldBeFalse();
    }

    [Fact]
    public void A_token_may_come_back_before_the_call_is_answered()
    {
        var machine = new SimulatedMachine(Callback.Replace("RULE", "Other")).Waits("invoke").Run(TimeSpan.Zero);
        var task = machine.Waiting[0].Task.Key;
        machine.World.Call(machine.Execution, i => i.TaskSucceeded(task, "\"early\"")).ShouldBeTrue();
        machine.World.Call(machine.Execution, i => i.CallSucceeded(task, "null")).ShouldBeFalse();
        machine.State.Output.ShouldBe("\"early\"");
    }

    [Fact]
    public void The_delay_grows_up_to_its_maximum()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Task", "States": { "Task": {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f",
              "Retry": [ { "ErrorEquals": [ "Broken" ], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10, "MaxAttempts": 4 } ],
              "End": true } } }
            """
        ).Throws("f", "Broken").Run();

        var starts = machine
            .History.Where(e => e.Type == "LambdaFunctionScheduled")
            .Select(e => (e.Timestamp - machine.State.StartedAt).TotalSeconds);
        starts.ShouldBe([0, 2, 8, 18, 28]);
        machine.State.Transitions.ShouldBe(5);
    }

    [Fact]
    public void Each_rule_counts_its_own_retries()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Task", "States": { "Task": {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f",
              "Retry": [ { "ErrorEquals": [ "A" ], "MaxAttempts": 1 }, { "ErrorEquals": [ "B" ], "MaxAttempts": 1 } ],
              "End": true } } }
            """
        ).Throws("f", "A").Throws("f", "B").Throws("f", "A").Run();

        machine.Called.Count.ShouldBe(3);
        machine.State.Error.ShouldBe("A");
    }

    [Fact]
    public void A_runtime_failure_is_not_caught()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Task", "States": {
              "Task": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "Parameters": { "x.$": "$.none" },
                "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Caught" } ], "End": true },
              "Caught": { "Type": "Pass", "End": true } } }
            """
        ).Run();

        machine.State.Error.ShouldBe("States.Runtime");
        machine.State.Cause.ShouldBe(
            "An error occurred while executing the state 'Task' (entered at the event id #2). "
                + "The JSONPath '$.none' specified for the field 'x.$' could not be found in the input '{}'"
        );
    }

    [Fact]
    public void A_history_ends_at_25_000_events()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Choice",
              "Choices": [ { "Variable": "$.stop", "IsPresent": true, "Next": "Done" } ], "Default": "A" },
                "Done": { "Type": "Succeed" } } }
            """,
            keepsInMemory: true
        ).Run();

        machine.State.Status.ShouldBe(ExecutionStatus.Failed);
        machine.State.Cause.ShouldBe("The execution reached the maximum number of history events (25000).");
        machine.History.Count.ShouldBe(25_000);
        machine.History[^1].Type.ShouldBe("ExecutionFailed");
    }

    [Fact]
    public void Every_answer_of_a_failing_Parallel_releases_its_other_tasks()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
              { "StartAt": "A", "States": { "A": { "Type": "Task", "TimeoutSeconds": 900,
                "Resource": "arn:aws:lambda:us-east-1:111111111111:function:a", "End": true } } },
              { "StartAt": "B", "States": { "B": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:b",
                "End": true } } } ] } } }
            """
        ).Waits("a").Throws("b", "Broken").Run();

        machine.State.Timers.ShouldBeEmpty();
        machine.World.Call(machine.Execution, i => i.CallSucceeded(machine.Waiting[0].Task.Key, "1")).ShouldBeFalse();
    }
}
