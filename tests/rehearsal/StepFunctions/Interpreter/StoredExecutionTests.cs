using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Interpreter;

public sealed class StoredExecutionTests
{
    private const string Definition = """
        { "TimeoutSeconds": 100000, "StartAt": "Assign", "States": {
          "Assign": { "Type": "Pass", "Assign": { "items": [ 1, 2, 3 ], "none": null }, "Next": "Waves" },
          "Waves": { "Type": "Map", "MaxConcurrency": 2, "ItemsPath": "$items", "ItemSelector": { "n.$": "$$.Map.Item.Value" },
            "ItemProcessor": { "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
              { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:call",
                "Retry": [ { "ErrorEquals": [ "States.ALL" ], "JitterStrategy": "FULL" } ], "End": true } } },
              { "StartAt": "Pause", "States": { "Pause": { "Type": "Wait", "Seconds": 7, "Next": "Token" },
                "Token": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 30,
                  "Parameters": { "FunctionName": "f", "Payload": { "token.$": "$$.Task.Token" } },
                  "Catch": [ { "ErrorEquals": [ "States.Timeout" ], "ResultPath": "$.late", "Next": "Late" } ], "End": true },
                "Late": { "Type": "Pass", "Assign": { "late.$": "$.late" }, "End": true } } } ] } } }, "Next": "Last" },
          "Last": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:last", "End": true } } }
        """;

    [Fact]
    public void An_execution_stored_and_read_back_between_every_two_calls_has_the_same_history()
    {
        var memory = Simulated(keepsInMemory: true);
        var stored = Simulated(keepsInMemory: false);

        stored.History.ShouldBe(memory.History, new EventEquality());
        stored.State.Status.ShouldBe(ExecutionStatus.Succeeded);
        stored.State.RedriveCount.ShouldBe(1);
        stored.World.Calls.ShouldBeGreaterThan(20);
    }

    private static SimulatedMachine Simulated(bool keepsInMemory) =>
        new SimulatedMachine(Definition, keepsInMemory: keepsInMemory)
            .Returns("call", "1")
            .Throws("call", "Broken")
            .Returns("call", "2")
            .Waits("invoke")
            .Throws("last", "Broken")
            .Returns("last", "{}")
            .Run()
            .Redrive();

    private sealed class EventEquality : IEqualityComparer<HistoryEvent>
    {
        public bool Equals(HistoryEvent? x, HistoryEvent? y) =>
            System.Text.Json.JsonSerializer.Serialize(x) == System.Text.Json.JsonSerializer.Serialize(y);

        public int GetHashCode(HistoryEvent obj) => obj.Id.GetHashCode();
    }
}
