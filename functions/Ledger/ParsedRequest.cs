using Deployer.Spec;

namespace Deployer.Functions.Ledger;

/// <summary>What a request asks for, once it is known to be complete: exactly one of the four.</summary>
public abstract record ParsedRequest
{
    private ParsedRequest(RequestSubject subject) => Subject = subject;

    /// <summary>What it is about.</summary>
    public RequestSubject Subject { get; init; }

    /// <summary>Deploys a source.</summary>
    /// <param name="Subject">What it is about.</param>
    /// <param name="Source">Where the service's folder is.</param>
    public sealed record Deploy(RequestSubject Subject, SourceObject Source) : ParsedRequest(Subject);

    /// <summary>Deploys an earlier revision of the ions again.</summary>
    /// <param name="Subject">What it is about.</param>
    /// <param name="Revision">Its name, or the beginning of it.</param>
    public sealed record RollBack(RequestSubject Subject, string Revision) : ParsedRequest(Subject);

    /// <summary>Turns compute groups on or off, and changes nothing else.</summary>
    /// <param name="Subject">What it is about.</param>
    /// <param name="Change">What becomes of the groups.</param>
    public sealed record ChangeCapacity(RequestSubject Subject, CapacityChange Change) : ParsedRequest(Subject);

    /// <summary>Removes a development instance.</summary>
    /// <param name="Subject">What it is about.</param>
    /// <param name="Instance">The instance.</param>
    /// <param name="Expired">The expiry for which it is removed; <see langword="null"/> when a person asks.</param>
    public sealed record RemoveInstance(RequestSubject Subject, string Instance, DateTimeOffset? Expired) : ParsedRequest(Subject);
}

/// <summary>What every request says.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Target">The target, as <c>deployer.yaml</c> names it.</param>
/// <param name="Instance">The development instance of the target; <see langword="null"/> for the target itself.</param>
/// <param name="Steps">Names of the steps that are asked for; none when the request leaves them open.</param>
/// <param name="Revision">The commit, where the request names one.</param>
/// <param name="By">Who asks.</param>
public sealed record RequestSubject(
    string Service,
    string Target,
    string? Instance,
    IReadOnlyList<string> Steps,
    string? Revision,
    string? By
)
{
    /// <summary>The pipeline that asks; <see langword="null"/> when none has said its name.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The execution of the pipeline.</summary>
    public string? PipelineExecution { get; init; }

    /// <summary>Whether a plan looks for what was changed by hand, whatever the target says.</summary>
    public bool Drift { get; init; }

    /// <summary>Whether what was changed by hand may be written over.</summary>
    public bool AcceptDrift { get; init; }

    /// <summary>For a rollback: the rule of approval of the file at hand.</summary>
    public ApprovalSpec? Approval { get; init; }

    /// <summary>Steps that are looked at and deployed again after it.</summary>
    public IReadOnlyList<string> FollowedBy { get; init; } = [];

    /// <summary>Whether a look asks for what was deployed before.</summary>
    public bool IsAgain { get; init; }

    /// <summary>The name of the target, or of the development instance as a target of its own.</summary>
    public string TargetName => Instance is null ? Target : TargetSpec.NameOf(Target, Instance);
}
