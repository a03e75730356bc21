using System.Text.Json.Serialization;
using Deployer.Functions.Groups;

namespace Deployer.Functions.Deployments;

/// <summary>One deployment: one execution of the machine <c>deploy</c>.</summary>
public sealed record DeploymentRecord
{
    /// <summary>The execution's name.</summary>
    public required string Deployment { get; init; }

    /// <summary>The execution's ARN.</summary>
    public required string Execution { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target; a development instance is one of its own.</summary>
    public required string Target { get; init; }

    /// <summary>The commit, where the request named one.</summary>
    public string? Revision { get; init; }

    /// <summary>Who asked for it, in the words of the request.</summary>
    public string? By { get; init; }

    /// <summary>The earlier revision that is deployed again instead of what the source would give.</summary>
    public string? RollbackTo { get; init; }

    /// <summary>What becomes of the capacity of compute groups, for a deployment that changes nothing else.</summary>
    public CapacityChange? Capacity { get; init; }

    /// <summary>Whether the development instance is removed.</summary>
    public bool Remove { get; init; }

    /// <summary>Digest of the source's content; the source lies at <c>sources/SERVICE/DIGEST.zip</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Names of the steps that were asked for; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The growing number of this service and target.</summary>
    public required long Number { get; init; }

    /// <summary>Whether the execution has closed and was settled.</summary>
    public bool Closed { get; init; }

    /// <summary>Whether it reached its end with success.</summary>
    public bool Succeeded { get; init; }

    /// <summary>The error of the last failure, as Step Functions records it.</summary>
    public string? Error { get; init; }

    /// <summary>The cause of the last failure.</summary>
    public string? Cause { get; init; }
}

/// <summary>How far a step's work is.</summary>
public enum StepState
{
    /// <summary>The record exists, nothing has been begun in AWS.</summary>
    Begun,

    /// <summary>Work runs in AWS and is waited for.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Failed; a redrive begins a new attempt.</summary>
    Failed,
}

/// <summary>One task of a step of one deployment: what was begun, under which token, and what came of it.</summary>
public sealed record StepRecord
{
    /// <summary>The deployment.</summary>
    public required string Deployment { get; init; }

    /// <summary>The step's name and the task's: <c>STEP/TASK</c>.</summary>
    public required string Step { get; init; }

    /// <summary>stack, ions or endpoint.</summary>
    public required string Kind { get; init; }

    /// <summary>How often the work was begun, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The execution's redrive count when this attempt began.</summary>
    public int RedriveCount { get; init; }

    /// <summary>How far it is.</summary>
    public StepState State { get; init; }

    /// <summary>What the work did: created, updated, replaced, released, injected, removed, on, off or none.</summary>
    public string? Action { get; init; }

    /// <summary>Which part of the work comes next, for kinds whose work has several.</summary>
    public string? Phase { get; init; }

    /// <summary>Identity of what runs: a stack's id, a build's id, an execution's ARN.</summary>
    public string? Resource { get; init; }

    /// <summary>The error, when it failed.</summary>
    public string? Error { get; init; }

    /// <summary>The cause, when it failed.</summary>
    public string? Cause { get; init; }

    /// <summary>Further facts, by name: ids and digests, never secrets.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>What somebody has to know about the work, a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The notices as people are told them, the step's name before each.</summary>
    [JsonIgnore]
    public IEnumerable<string> ToldNotices => Notices.Select(notice => $"{Names.StepOf(Step)}: {notice}");

    /// <summary>Resources under which a token waits, so that settling can close them.</summary>
    public IReadOnlyList<string> Waits { get; init; } = [];

    /// <summary>The retry count at which the wait for <see cref="Resource"/> began; not known after an event led to it, until the next heartbeat.</summary>
    public int? WaitedFrom { get; init; }

    /// <summary>A fact's value, or <see langword="null"/>.</summary>
    public string? Fact(string name) => Facts.GetValueOrDefault(name);

    /// <summary>The record with a fact set.</summary>
    public StepRecord With(string fact, string value) => this with { Facts = new Dictionary<string, string>(Facts) { [fact] = value } };
}

/// <summary>What a step of a service last did with success on a target: the base of "unchanged" and of later steps' outputs.</summary>
public sealed record ReleasedStep
{
    /// <summary>The step's name; set when the record is written.</summary>
    public string Step { get; init; } = string.Empty;

    /// <summary>The deployment that did it.</summary>
    public required string Deployment { get; init; }

    /// <summary>Digest of everything that went in.</summary>
    public required string Inputs { get; init; }

    /// <summary>Values for later steps.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Identity of what runs: a stack's id, a revision.</summary>
    public required string Resource { get; init; }

    /// <summary>When AWS says it was last changed, in AWS's words; another value means that someone else changed it.</summary>
    public string? LastChanged { get; init; }

    /// <summary>Further facts, by name.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>A task token that waits for a resource to settle.</summary>
public sealed record WaitRecord(string Resource, string Deployment, string Step, string Token);

/// <summary>Who may change a service's target.</summary>
public sealed record LockRecord
{
    /// <summary>The last number given to a deployment.</summary>
    public long LastNumber { get; init; }

    /// <summary>The deployment that holds it.</summary>
    public LockHolder? Owner { get; init; }

    /// <summary>The newest deployment that waits for it.</summary>
    public LockHolder? Waiter { get; init; }

    /// <summary>The highest number that has begun to change things.</summary>
    public long Changed { get; init; }
}

/// <summary>A deployment at the lock; the token is that of its waiting <c>Begin</c>.</summary>
public sealed record LockHolder(string Deployment, string Execution, long Number, string? Token = null);

/// <summary>An execution that has not been settled yet, listed for the sweep.</summary>
public sealed record OpenDeployment(string Deployment, string Execution);
