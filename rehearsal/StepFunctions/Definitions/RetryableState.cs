using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>A state that does work that can fail: it may retry, and catch.</summary>
public abstract record RetryableState : StateDefinition
{
    /// <summary>The shape of the input of the work (<c>Parameters</c>, in JSONata <c>Arguments</c>).</summary>
    public Template? Parameters { get; init; }

    /// <summary>JSONPath: the shape of the result.</summary>
    public Template? ResultSelector { get; init; }

    /// <summary>JSONPath: where in the input the result goes; null discards it.</summary>
    public string? ResultPath { get; init; } = "$";

    /// <summary>The rules by which a failure is tried again, in order.</summary>
    public IReadOnlyList<RetryRule> Retry { get; init; } = [];

    /// <summary>The rules by which a failure leads to another state, in order.</summary>
    public IReadOnlyList<CatchRule> Catch { get; init; } = [];
}

/// <summary>Calls a resource.</summary>
public sealed record TaskState : RetryableState
{
    /// <inheritdoc/>
    public override string Type => "Task";

    /// <summary>What is called.</summary>
    public required TaskResource Resource { get; init; }

    /// <summary>How long the task may take, in seconds.</summary>
    public ValueOrPath? Timeout { get; init; }

    /// <summary>How long may pass without a heartbeat, in seconds.</summary>
    public ValueOrPath? Heartbeat { get; init; }

    /// <summary>Where the definition has it, as <c>/States/Call</c>.</summary>
    public string Location { get; init; } = string.Empty;

    /// <summary>The role to call under, in the field <c>RoleArn</c> or <c>RoleArn.$</c>.</summary>
    public Template? Credentials { get; init; }
}

/// <summary>Runs branches at the same time.</summary>
public sealed record ParallelState : RetryableState
{
    /// <inheritdoc/>
    public override string Type => "Parallel";

    /// <summary>The branches.</summary>
    public required IReadOnlyList<StateGraph> Branches { get; init; }
}

/// <summary>Runs one graph for each item.</summary>
public sealed record MapState : RetryableState
{
    /// <inheritdoc/>
    public override string Type => "Map";

    /// <summary>The graph that runs for each item.</summary>
    public required StateGraph Processor { get; init; }

    /// <summary>Whether each item runs as an execution of its own (a Map Run), outside this history.</summary>
    public bool IsDistributed { get; init; }

    /// <summary>JSONPath: where in the input the items are.</summary>
    public string? ItemsPath { get; init; }

    /// <summary>JSONata: the items.</summary>
    public Template? Items { get; init; }

    /// <summary>The shape of one item's input.</summary>
    public Template? ItemSelector { get; init; }

    /// <summary>How many items run at the same time; 0 or absent means all.</summary>
    public ValueOrPath? MaxConcurrency { get; init; }

    /// <summary>How many items may fail (distributed).</summary>
    public ValueOrPath? ToleratedFailureCount { get; init; }

    /// <summary>How many of a hundred items may fail (distributed).</summary>
    public ValueOrPath? ToleratedFailurePercentage { get; init; }

    /// <summary>How many items go together into one iteration (distributed).</summary>
    public JsonObject? ItemBatcher { get; init; }

    /// <summary>The fields that need S3 and are not simulated (<c>ItemReader</c>, <c>ResultWriter</c>).</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];
}
