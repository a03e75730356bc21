using System.Text.Json.Serialization;
using Deployer.Rehearsal.CloudFormation.Schemas;

namespace Deployer.Cli.Rehearsals;

/// <summary>The result of a rehearsal, as the JSON document has it. Everything counts this run only.</summary>
public sealed record RehearsalReport
{
    /// <summary>succeeded, nothing-to-do, failed or invalid.</summary>
    public required string Verdict { get; init; }

    /// <summary>The exception's name, when the deployment failed or the input is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>The sentence that names the cause.</summary>
    public string? Cause { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>The target.</summary>
    public string? Target { get; init; }

    /// <summary>The commit that was deployed.</summary>
    public string? Revision { get; init; }

    /// <summary>ARN of the execution.</summary>
    public string? Deployment { get; init; }

    /// <summary>How the functions ran: native, executable or in-process.</summary>
    public string? Host { get; init; }

    /// <summary>What the pipeline was told.</summary>
    public PipelineReport? Pipeline { get; init; }

    /// <summary>The steps that ran.</summary>
    public IReadOnlyList<StepReport> Steps { get; init; } = [];

    /// <summary>The stacks of those steps.</summary>
    public IReadOnlyList<StackReport> Stacks { get; init; } = [];

    /// <summary>The ions of those steps.</summary>
    public IReadOnlyList<IonsReport> Ions { get; init; } = [];

    /// <summary>The functions that were given an endpoint's variables.</summary>
    public IReadOnlyList<EndpointReport> Endpoints { get; init; } = [];

    /// <summary>What the steps noted for people, the step's name before each; on the terminal alone, the pipeline's summary has it too.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The resources that were simulated by their type's schema alone, and custom resources; left out when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SimulatedResource>? SimulatedBySchema { get; init; }

    /// <summary>The executions that ran.</summary>
    public IReadOnlyList<ExecutionReport> Executions { get; init; } = [];

    /// <summary>The calls that were made, by caller and operation.</summary>
    public IReadOnlyList<CallReport> Calls { get; init; } = [];

    /// <summary>States entered and retries of the deployment's execution in this run.</summary>
    public int Transitions { get; init; }

    /// <summary>Invocations of the deployer's functions.</summary>
    public int LambdaInvocations { get; init; }

    /// <summary>Virtual and wall time.</summary>
    public required ClockReport Clock { get; init; }

    /// <summary>Locks that are held at the end.</summary>
    public int LocksHeld { get; init; }

    /// <summary>Task tokens that are still kept at the end.</summary>
    public int WaitsOpen { get; init; }
}

/// <summary>The job of the pipeline's invoke action. <paramref name="Job"/>: succeeded or failed.</summary>
public sealed record PipelineReport(string Job, string JobId, string? Summary, IReadOnlyDictionary<string, string> Variables);

/// <summary>A step. <paramref name="Action"/>: created, updated, replaced, released, injected, on, off or none; failed when it was not reached.</summary>
public sealed record StepReport(string Name, string Kind, string Action, double VirtualSeconds);

/// <summary>A stack and its status at the end.</summary>
public sealed record StackReport(string Name, string Action, string Status);

/// <summary>What runs in a compute group at the end.</summary>
public sealed record IonsReport(
    string Group,
    string Revision,
    string? DeployStatus,
    string? CodeDeployStatus,
    IReadOnlyList<InstanceReport> Instances,
    IReadOnlyList<string> Lambdas
);

/// <summary>An instance and the revision on it.</summary>
public sealed record InstanceReport(string Id, string Revision);

/// <summary>A function and the names of the variables that it was given.</summary>
public sealed record EndpointReport(string Function, IReadOnlyList<string> Variables, string Dns, string Action);

/// <summary>An execution of a state machine.</summary>
public sealed record ExecutionReport(string Arn, string Machine, string Status, int Transitions, int Redrives);

/// <summary>How often a role used an operation.</summary>
public sealed record CallReport(string Account, string Role, string Service, string Operation, int Count);

/// <summary>Seconds of played time and of real time.</summary>
public sealed record ClockReport(double VirtualSeconds, double WallSeconds);
