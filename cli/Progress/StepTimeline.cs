using System.Text.Json;
using System.Text.Json.Serialization;
using Deployer.Functions.Steps;
using AwsEvent = Amazon.StepFunctions.Model.HistoryEvent;
using RehearsedEvent = Deployer.Rehearsal.StepFunctions.Interpreter.HistoryEvent;

namespace Deployer.Cli.Progress;

/// <summary>An event of an execution's history, as far as it says what becomes of steps.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Previous">The event that led to it; 0 when none did.</param>
/// <param name="At">When it happened.</param>
/// <param name="Type">Its type, as AWS names it.</param>
/// <param name="Name">The state's name.</param>
/// <param name="Input">The state's input.</param>
/// <param name="Parameters">What a task hands its function.</param>
/// <param name="Output">The state's output.</param>
/// <param name="Index">The place of a Map's iteration.</param>
internal sealed record TimelineEvent(
    long Id,
    long Previous,
    DateTimeOffset At,
    string Type,
    string? Name = null,
    string? Input = null,
    string? Parameters = null,
    string? Output = null,
    int? Index = null
)
{
    /// <summary>An event as the rehearsal records it.</summary>
    public static TimelineEvent From(RehearsedEvent happened) =>
        new(
            happened.Id,
            happened.PreviousEventId,
            happened.Timestamp,
            happened.Type,
            happened.Name,
            happened.Input,
            happened.Parameters,
            happened.Output,
            happened.Index
        );

    /// <summary>An event as <c>GetExecutionHistory</c> answers it.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html</remarks>
    public static TimelineEvent From(AwsEvent happened)
    {
        var iteration =
            happened.MapIterationStartedEventDetails
            ?? happened.MapIterationSucceededEventDetails
            ?? happened.MapIterationFailedEventDetails
            ?? happened.MapIterationAbortedEventDetails;
        return new TimelineEvent(
            happened.Id ?? 0,
            happened.PreviousEventId ?? 0,
            new DateTimeOffset(happened.Timestamp!.Value.ToUniversalTime()),
            happened.Type.Value,
            happened.StateEnteredEventDetails?.Name ?? happened.StateExitedEventDetails?.Name ?? iteration?.Name,
            happened.ExecutionStartedEventDetails?.Input ?? happened.StateEnteredEventDetails?.Input,
            happened.TaskScheduledEventDetails?.Parameters,
            happened.StateExitedEventDetails?.Output,
            iteration?.Index
        );
    }
}

/// <summary>Reads from the events of an execution of <c>deploy</c>, in their order, which steps were planned, ran and ended.</summary>
internal sealed class StepTimeline
{
    // The states of statemachines/deploy.asl.json that say which steps there are and how they end. The first has the name that it had
    // when plans were not yet another thing: an execution that an earlier version began is redriven by it.
    private const string OrderState = "Plan";
    private const string StepsState = "Steps";

    private static readonly JsonSerializerOptions Documents = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Dictionary<long, string> _stepOfEvent = [];
    private readonly Dictionary<long, int> _iterations = [];
    private readonly Dictionary<int, string> _stepOfIteration = [];

    /// <summary>The steps that have something to do, in the order of their waves; <see langword="null"/> until that is known.</summary>
    public IReadOnlyList<string>? Ordered { get; private set; }

    /// <summary>How each step that has ended did so.</summary>
    public Dictionary<string, StepEnd> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>The step that the last event ended, or <see langword="null"/> when it ended none.</summary>
    public string? JustEnded { get; private set; }

    /// <summary>The step that the last event names itself, or <see langword="null"/>.</summary>
    public string? JustNamed { get; private set; }

    /// <summary>Takes the next event.</summary>
    /// <returns>The step that it is about, or <see langword="null"/>.</returns>
    public string? Add(TimelineEvent happened)
    {
        if (happened is { Type: "TaskStateExited", Name: OrderState, Output: { } output })
        {
            Ordered = StepsOf(output);
        }

        var named = NamedStep(happened);
        JustNamed = named;
        if (happened is { Type: "MapIterationStarted", Name: StepsState, Index: { } iteration })
        {
            _iterations[happened.Id] = iteration;
        }
        else if (named is not null && _iterations.TryGetValue(happened.Previous, out var index))
        {
            _stepOfIteration[index] = named;
        }

        var step = named ?? _stepOfEvent.GetValueOrDefault(happened.Previous);
        JustEnded = null;
        if (named is not null)
        {
            Ends.Remove(named);
        }
        else if (EndOf(happened) is { } end)
        {
            // The event that led to an abort is that of the step that failed.
            JustEnded = end == StepEnd.Stopped ? _stepOfIteration.GetValueOrDefault(happened.Index ?? -1) : step;
            if (JustEnded is not null)
            {
                Ends[JustEnded] = end;
            }
        }

        // What comes after the end of a step, such as the proof, is of no step.
        if (step is not null && EndOf(happened) is null)
        {
            _stepOfEvent[happened.Id] = step;
        }

        return step;
    }

    private static StepEnd? EndOf(TimelineEvent happened) =>
        happened.Name != StepsState
            ? null
            : happened.Type switch
            {
                "MapIterationSucceeded" => StepEnd.Succeeded,
                "MapIterationFailed" => StepEnd.Failed,
                "MapIterationAborted" => StepEnd.Stopped,
                _ => null,
            };

    /// <summary>
    /// The function that a task calls, by the last word of its name: <c>deployer-dev-UpdateStack</c> is <c>UpdateStack</c>.
    /// </summary>
    public static string? FunctionOf(TimelineEvent happened) =>
        Read<TaskParameters>(happened.Parameters)?.FunctionName?.Split(':', '-')[^1];

    /// <summary>In the input of an entered state, or in what a task hands its function (a redriven task is not entered anew).</summary>
    private static string? NamedStep(TimelineEvent happened) =>
        happened.Input is not null ? Read<StateInput>(happened.Input)?.Step : Read<StepParameters>(happened.Parameters)?.Payload?.Step;

    private static IReadOnlyList<string> StepsOf(string output) =>
        [.. (Read<OrderOutput>(output)?.Plan?.Waves ?? []).SelectMany(wave => wave.Steps ?? []).Select(step => step.Name).OfType<string>()];

    private static T? Read<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<T>(json, Documents);
        }
        catch (JsonException)
        {
            // Whatever another state or service is handed has another form, and names no step.
            return null;
        }
    }

    /// <summary>What a state of a step is entered with.</summary>
    private sealed record StateInput(string? Step);

    /// <summary>What a task calls its function with.</summary>
    private sealed record TaskParameters([property: JsonPropertyName("FunctionName")] string? FunctionName);

    private sealed record StepParameters([property: JsonPropertyName("Payload")] StateInput? Payload);

    /// <summary>The output of the state that orders the steps.</summary>
    private sealed record OrderOutput(DeploymentWaves? Plan);
}
