using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Interpreter;

public sealed class RedriveTests
{
    [Fact]
    public void Runs_the_failed_task_again_and_nothing_before_it()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "First", "States": {
              "First": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:first", "Next": "Shape" },
              "Shape": { "Type": "Pass", "Parameters": { "got.$": "$.n" }, "Next": "Second" },
              "Second": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:second", "End": true } } }
            """
        ).Returns("first", """{ "n": 1 }""").Throws("second", "Broken", "no luck").Returns("second", "42").Run();
        machine.State.Status.ShouldBe(ExecutionStatus.Failed);
        machine.State.Error.ShouldBe("Broken");

        machine.Redrive();

        machine.State.Status.ShouldBe(ExecutionStatus.Succeeded);
        machine.State.Output.ShouldBe("42");
        machine.State.Error.ShouldBeNull();
        machine.State.RedriveCount.ShouldBe(1);
        machine.Called.ShouldBe(["first", "second", "second"]);
        machine
            .Types.Skip(12)
            .ShouldBe([
                "ExecutionFailed",
                "ExecutionRedriven",
                "LambdaFunctionScheduled",
                "LambdaFunctionStarted",
                "LambdaFunctionSucceeded",
                "TaskStateExited Second",
                "ExecutionSucceeded",
            ]);
        machine.History.Single(e => e.Type == "ExecutionRedriven").RedriveCount.ShouldBe(1);
        machine.History.Last(e => e.Type == "LambdaFunctionScheduled").Input.ShouldBe("""{"got":1}""");
    }

    [Fact]
    public void Starts_retry_counts_at_zero()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Task", "States": { "Task": {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f",
              "Parameters": { "retry.$": "$$.State.RetryCount", "redrive.$": "$$.Execution.RedriveCount" },
              "Retry": [ { "ErrorEquals": [ "States.ALL" ], "MaxAttempts": 2 } ], "End": true } } }
            """
        ).Throws("f", "Broken").Run().Redrive();

        machine.State.Status.ShouldBe(ExecutionStatus.Failed);
        machine
            .History.Where(e => e.Type == "LambdaFunctionScheduled")
            .Select(e => e.Input)
            .ShouldBe([
                """{"retry":0,"redrive":0}""",
                """{"retry":1,"redrive":0}""",
                """{"retry":2,"redrive":0}""",
                """{"retry":0,"redrive":1}""",
                """{"retry":1,"redrive":1}""",
                """{"retry":2,"redrive":1}""",
            ]);
        machine.State.Transitions.ShouldBe(6);
    }

    [Fact]
    public void Enters_a_Fail_state_again_and_fails_again()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Task", "States": {
              "Task": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f",
                "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Give up" } ], "End": true },
              "Give up": { "Type": "Fail", "Error": "GaveUp" } } }
            """
        ).Throws("f", "Broken").Returns("f", "1").Run().Redrive();

        machine.State.Status.ShouldBe(ExecutionStatus.Failed);
        machine.State.Error.ShouldBe("GaveUp");
        machine.Called.ShouldBe(["f"]);
        machine.Types.Count(t => t == "FailStateEntered Give up").ShouldBe(2);
    }

    [Fact]
    public void Runs_only_failed_and_aborted_branches_of_a_Parallel()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
              { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:a",
                "End": true } } },
              { "StartAt": "B", "States": { "B": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:b",
                "End": true } } },
              { "StartAt": "C", "States": { "C": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:c",
                "End": true } } } ] } } }
            """
        ).Returns("a", "1").Throws("b", "Broken").Returns("b", "2").Waits("c").Returns("c", "3").Run();
        machine.State.Status.ShouldBe(ExecutionStatus.Failed);
        machine.Types.ShouldContain("ParallelStateFailed");

        machine.Redrive();

        machine.State.Output.ShouldBe("[1,2,3]");
        machine.Called.ShouldBe(["a", "b", "c", "b", "c"]);
    }

    [Fact]
    public void Runs_only_failed_iterations_of_a_Map_and_starts_the_rest()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Each", "States": { "Each": { "Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
              "StartAt": "One", "States": { "One": {
                "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:one", "End": true } } } } } }
            """,
            "[1,2,3]"
        ).Returns("one", "10").Throws("one", "Broken").Returns("one", "20").Returns("one", "30").Run();
        machine.Called.Count.ShouldBe(2);

        machine.Redrive();

        machine.State.Output.ShouldBe("[10,20,30]");
        machine.History.Where(e => e.Type == "LambdaFunctionScheduled").Select(e => e.Input).ShouldBe(["1", "2", "2", "3"]);
    }

    [Fact]
    public void Leaves_a_Wait_whose_moment_has_passed()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
              { "StartAt": "Until", "States": { "Until": { "Type": "Wait", "Timestamp": "2040-01-01T01:00:00Z", "End": true } } },
              { "StartAt": "B", "States": { "B": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:b",
                "End": true } } } ] } } }
            """
        ).Throws("b", "Broken").Returns("b", "2").Run();
        machine.Types.ShouldContain("WaitStateAborted");
        machine.World.After(TimeSpan.FromHours(2), () => { });
        machine.World.Run();
        var redriven = machine.World.Now;

        machine.Redrive();

        machine.State.Status.ShouldBe(ExecutionStatus.Succeeded);
        machine.State.StoppedAt.ShouldBe(redriven + TimeSpan.Zero);
    }

    [Fact]
    public void Evaluates_a_Choice_again_in_which_nothing_matched()
    {
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Choose", "States": {
              "Choose": { "Type": "Choice", "Choices": [
                { "Variable": "$$.Execution.RedriveCount", "NumericEquals": 1, "Next": "Done" } ] },
              "Done": { "Type": "Succeed" } } }
            """
        ).Run();
        machine.State.Error.ShouldBe("States.NoChoiceMatched");

        machine.Redrive().State.Status.ShouldBe(ExecutionStatus.Succeeded);
    }

    [Fact]
    public void Goes_on_after_a_stop_and_after_the_machines_timeout()
    {
        const string Definition = """
            { "TimeoutSeconds": 60, "StartAt": "Task", "States": { "Task": {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true } } }
            """;
        var stopped = new SimulatedMachine(Definition).Waits("f").Returns("f", "1").Run(TimeSpan.FromSeconds(1));
        stopped.World.Call(stopped.Execution, i => i.Stop("Halt", "by hand")).ShouldBeTrue();
        stopped.State.Status.ShouldBe(ExecutionStatus.Aborted);
        stopped.Redrive().State.Status.ShouldBe(ExecutionStatus.Succeeded);

        var late = new SimulatedMachine(Definition).Waits("f").Returns("f", "1").Run();
        late.State.Status.ShouldBe(ExecutionStatus.TimedOut);
        late.State.StoppedAt.ShouldBe(late.State.StartedAt.AddSeconds(60));
        late.Redrive().State.Status.ShouldBe(ExecutionStatus.Succeeded);
    }

    [Fact]
    public void Runs_all_iterations_again_when_their_joint_result_was_too_large()
    {
        var large = '"' + new string('a', 200_000) + '"';
        var machine = new SimulatedMachine(
            """
            { "StartAt": "Each", "States": { "Each": { "Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
              "StartAt": "One", "States": { "One": {
                "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:one", "End": true } } } } } }
            """,
            "[1,2]"
        ).Returns("one", large).Returns("one", large).Returns("one", "1").Returns("one", "2").Run();
        machine.State.Error.ShouldBe("States.DataLimitExceeded");

        machine.Redrive().State.Output.ShouldBe("[1,2]");
        machine.Called.Count.ShouldBe(4);
    }

    [Fact]
    public void Is_refused_while_running_and_after_success()
    {
        var machine = new SimulatedMachine("""{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }""").Run();
        Should.Throw<InvalidOperationException>(() => machine.Redrive());
    }
}
