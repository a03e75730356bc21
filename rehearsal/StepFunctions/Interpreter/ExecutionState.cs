using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>The status of an execution, as DescribeExecution gives it.</summary>
public enum ExecutionStatus
{
    /// <summary>RUNNING.</summary>
    Running,

    /// <summary>SUCCEEDED.</summary>
    Succeeded,

    /// <summary>FAILED.</summary>
    Failed,

    /// <summary>TIMED_OUT: the machine's own TimeoutSeconds passed, or the longest time of any execution.</summary>
    TimedOut,

    /// <summary>ABORTED: StopExecution.</summary>
    Aborted,
}

/// <summary>
/// All that is known of one execution but its history and its definition: a graph of plain data that survives being written and read back
/// between any two calls of the interpreter. The history's events go to the host one by one, in order.
/// </summary>
public sealed class ExecutionState
{
    /// <summary>The execution's ARN.</summary>
    public required string Arn { get; init; }

    /// <summary>The execution's name.</summary>
    public required string Name { get; init; }

    /// <summary>The machine's ARN.</summary>
    public required string MachineArn { get; init; }

    /// <summary>The machine's name.</summary>
    public required string MachineName { get; init; }

    /// <summary>The role under which the tasks call.</summary>
    public required string RoleArn { get; init; }

    /// <summary>The input.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>When the execution started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The status.</summary>
    public ExecutionStatus Status { get; set; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The output's JSON text once it succeeded.</summary>
    public string? Output { get; set; }

    /// <summary>The error's name once it failed or was stopped.</summary>
    public string? Error { get; set; }

    /// <summary>The cause once it failed or was stopped.</summary>
    public string? Cause { get; set; }

    /// <summary>How often it was redriven.</summary>
    public int RedriveCount { get; set; }

    /// <summary>When it was last redriven.</summary>
    public DateTimeOffset? RedrivenAt { get; set; }

    /// <summary>States entered and retries, redrives included: what AWS bills.</summary>
    public int Transitions { get; set; }

    /// <summary>The number of events recorded, which is the last one's id.</summary>
    public long LastEventId { get; set; }

    /// <summary>The last number given to a branch, task or timer.</summary>
    public int LastNumber { get; set; }

    /// <summary>The threads of control by number; 0 is the machine's own. An ended execution keeps them for a redrive.</summary>
    public Dictionary<int, Branch> Branches { get; init; } = [];

    /// <summary>The timers that are running, by key.</summary>
    public Dictionary<string, PendingTimer> Timers { get; init; } = [];

    /// <summary>The execution as it is described now, whatever becomes of this one; its branches and timers are this one's.</summary>
    internal ExecutionState Copy() => (ExecutionState)MemberwiseClone();
}

/// <summary>What a timer is for.</summary>
public enum TimerPurpose
{
    /// <summary>The machine's TimeoutSeconds.</summary>
    ExecutionTimeout,

    /// <summary>The end of a Wait.</summary>
    Wait,

    /// <summary>The delay before a retry.</summary>
    Retry,

    /// <summary>A task's TimeoutSeconds.</summary>
    TaskTimeout,

    /// <summary>A task's HeartbeatSeconds.</summary>
    Heartbeat,
}

/// <summary>A running timer.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Branch">The branch that it belongs to.</param>
public sealed record PendingTimer(TimerPurpose Purpose, int Branch);
