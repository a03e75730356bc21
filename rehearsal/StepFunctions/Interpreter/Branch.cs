using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>What a branch does between two calls of the interpreter.</summary>
public enum BranchStatus
{
    /// <summary>Its state waits for a timer, a task or its own branches, or is about to be entered.</summary>
    Active,

    /// <summary>Its state failed and nothing in the branch handled it.</summary>
    Failed,

    /// <summary>It was cut off because a sibling failed or the execution ended.</summary>
    Aborted,
}

/// <summary>One thread of control: the machine itself, a branch of a Parallel, an iteration of a Map. One that succeeded is
/// dropped.</summary>
public sealed class Branch
{
    /// <summary>Its number.</summary>
    public required int Id { get; init; }

    /// <summary>The branch whose Parallel or Map it belongs to; null for the machine.</summary>
    public int? Parent { get; init; }

    /// <summary>Its place among the branches or iterations.</summary>
    public int Index { get; init; }

    /// <summary>The item of a Map's iteration.</summary>
    public MapItem? Item { get; init; }

    /// <summary>Whether its events stay out of the history (an iteration of a Map Run).</summary>
    public bool IsQuiet { get; init; }

    /// <summary>What it does.</summary>
    public BranchStatus Status { get; set; }

    /// <summary>The state it is in.</summary>
    public required string State { get; set; }

    /// <summary>The state's input.</summary>
    public JsonNode? Input { get; set; }

    /// <summary>When the state was entered.</summary>
    public DateTimeOffset EnteredAt { get; set; }

    /// <summary>The event by which the state was entered; 0 before.</summary>
    public long EnteredEvent { get; set; }

    /// <summary>The event before that.</summary>
    public long EventBeforeEntered { get; set; }

    /// <summary>The last event of this branch, which the next one names as its predecessor.</summary>
    public long LastEvent { get; set; }

    /// <summary>How often the state was retried.</summary>
    public int RetryCount { get; set; }

    /// <summary>How often each of the state's Retry rules was applied, in their order.</summary>
    public List<int> AppliedRetries { get; set; } = [];

    /// <summary>The variables assigned in this branch.</summary>
    public Dictionary<string, JsonNode?> Variables { get; init; } = [];

    /// <summary>The task that runs.</summary>
    public PendingTask? Task { get; set; }

    /// <summary>The branches or iterations that run.</summary>
    public FanOut? FanOut { get; set; }
}

/// <summary>The item of an iteration, as <c>$$.Map.Item</c> shows it.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Value">Its value.</param>
public sealed record MapItem(int Index, JsonNode? Value);

/// <summary>A task that was scheduled and is not answered.</summary>
public sealed class PendingTask
{
    /// <summary>The key by which the host answers it.</summary>
    public required string Key { get; init; }

    /// <summary>The task token, where the resource has one.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the call was answered and the end is awaited.</summary>
    public bool IsSubmitted { get; set; }

    /// <summary>The longest time between two heartbeats, in seconds.</summary>
    public double? HeartbeatSeconds { get; init; }
}
