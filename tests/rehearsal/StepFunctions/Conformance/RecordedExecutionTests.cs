using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

public sealed class RecordedExecutionTests
{
    private const string Activity = "arn:aws:states:us-east-1:111111111111:activity:simulated";

    private static readonly DateTimeOffset Redrive = new(2023, 11, 15, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Cases => RecordedCases.Ids("asl-cases");

    public static TheoryData<string> LambdaCases => RecordedCases.Ids("asl-lambda_cases");

    public static TheoryData<string> HistoryCases => RecordedCases.Ids("asl-history_cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_execution_without_tasks_runs_as_on_AWS(string id) => Judge("asl-cases", id, whole: false);

    [Theory]
    [MemberData(nameof(LambdaCases))]
    public void An_execution_that_calls_functions_runs_as_on_AWS(string id) => Judge("asl-lambda_cases", id, whole: false);

    [Theory]
    [MemberData(nameof(HistoryCases))]
    public void An_execution_that_waits_has_the_history_of_AWS(string id) => Judge("asl-history_cases", id, whole: true);

    private static void Judge(string file, string id, bool whole)
    {
        var recorded = RecordedCases.Case(file, id);
        var differences = Differences(recorded, whole);
        if (KnownDifferences.Reasons.TryGetValue(id, out var reason))
        {
            differences.ShouldNotBeEmpty($"{id} runs as on AWS now; take it out of the known differences ({reason})");
            return;
        }

        differences.ShouldBeEmpty(id);
    }

    private static IReadOnlyList<string> Differences(JsonObject recorded, bool whole)
    {
        if (recorded.ToJsonString().Contains("\"activity_arn\""))
        {
            recorded = (JsonObject)JsonNode.Parse(recorded.ToJsonString().Replace("activity_arn", Activity))!;
        }

        var recordedAt = DateTimeOffset.Parse(recorded["recorded"]!["validated"]!.GetValue<string>());
        var comparison = new RecordedComparison(Placeholders(recorded), recordedAt < Redrive);
        try
        {
            Run(recorded, comparison, whole);
        }
        catch (Exception e) when (e is not ShouldAssertException)
        {
            comparison.Differ("run", "an outcome", e.GetType().Name + ": " + e.Message);
        }

        return comparison.Differences;
    }

    private static void Run(JsonObject recorded, RecordedComparison comparison, bool whole)
    {
        var carrier = new Carrier(recorded);
        var world = new SimulatedWorld { OnInvoke = carrier.Invoke, ActivityExists = _ => carrier.ActivityExists };
        var arn = world.Start(
            "arn:aws:states:us-east-1:111111111111:stateMachine:simulated",
            recorded["definition"]!,
            recorded["input"],
            "run"
        );
        var expected = (JsonObject)recorded["expect"]!;
        if (expected["status"]!.GetValue<string>() == "ABORTED")
        {
            world.Call(arn, i => i.Stop(null, null));
        }

        world.Run(TimeSpan.FromHours(1));
        var state = world[arn].State;
        comparison.Same(expected["status"], Status(state.Status), "expect.status", "status");
        if (expected.ContainsKey("output"))
        {
            comparison.Same(expected["output"], state.Output is null ? null : StateData.Parse(state.Output), "expect.output", "output");
        }

        if (state.Status == ExecutionStatus.Failed)
        {
            comparison.SameText(expected["error"], string.IsNullOrEmpty(state.Error) ? null : state.Error, "expect.error", "error");
            comparison.SameText(expected["cause"], string.IsNullOrEmpty(state.Cause) ? null : state.Cause, "expect.cause", "cause");
        }

        if (recorded["events"] is JsonArray { Count: > 0 } events)
        {
            RecordedHistory.Compare(comparison, events, world[arn].History, whole);
        }
    }

    private static HashSet<string> Placeholders(JsonObject recorded) =>
        recorded["placeholders"] is JsonArray array ? [.. array.Select(p => p!.GetValue<string>())] : [];

    private static string Status(ExecutionStatus status) =>
        status switch
        {
            ExecutionStatus.TimedOut => "TIMED_OUT",
            _ => status.ToString().ToUpperInvariant(),
        };
}
