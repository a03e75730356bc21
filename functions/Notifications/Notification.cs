using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>
/// What is reported to people and programs: something that happened to a service on a target. It holds names, ids and causes from which
/// secrets have been cut already.
/// </summary>
public sealed record Notification
{
    /// <summary>
    /// The most characters of a cause. An entry of <c>PutEvents</c> and a message of SNS hold 262,144 bytes
    /// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html,
    /// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html), and it stands in several of their parts.
    /// </summary>
    public const int MostOfCause = 4_000;

    /// <summary>The most entries of a list; one that is longer says how many more there are.</summary>
    public const int MostEntries = 30;

    /// <summary>The most characters of an entry of a list.</summary>
    public const int MostOfEntry = 300;

    /// <summary>What happened.</summary>
    [JsonConverter(typeof(NotificationKindConverter))]
    public required NotificationKind Kind { get; init; }

    /// <summary>What it is about, once for each kind and occurrence: the id of a deployment or a plan, or of an event.</summary>
    public required string Subject { get; init; }

    /// <summary>Which time it happens to the subject: a deployment may fail once more after a redrive.</summary>
    public int Occurrence { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target; a development instance is one of its own.</summary>
    public required string Target { get; init; }

    /// <summary>The target's account.</summary>
    public string? Account { get; init; }

    /// <summary>The target's region.</summary>
    public string? Region { get; init; }

    /// <summary>The execution that deploys or plans; <see langword="null"/> where there is none.</summary>
    public ExecutionArn? Execution { get; init; }

    /// <summary>The deployment's number.</summary>
    public long? Number { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }

    /// <summary>The execution of a pipeline that asked for it.</summary>
    public PipelineExecution? Pipeline { get; init; }

    /// <summary>The commit, where there is one.</summary>
    public string? Revision { get; init; }

    /// <summary>What came of it.</summary>
    public required NotificationVerdict Verdict { get; init; }

    /// <summary>The error, as the report has it.</summary>
    public string? Error { get; init; }

    /// <summary>The cause, as the report has it.</summary>
    public string? Cause { get; init; }

    /// <summary>The plan that is deployed or waits.</summary>
    public NotifiedPlan? Plan { get; init; }

    /// <summary>What runs now: what each step last released with success. The <see cref="Notifier"/> reads it.</summary>
    public IReadOnlyList<RunningStep> Runs { get; init; } = [];

    /// <summary>What was changed by hand, or what others have changed; a sentence each.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What had happened to what the target owns or reads, before the deployer looked; none where it has not looked.</summary>
    public IReadOnlyList<OutsideChange> Events
    {
        get => field ?? []; // One that was noted by an earlier version has none.
        init;
    }

    /// <summary>What to do next.</summary>
    public NextAction? Next { get; init; }

    /// <summary>The same for the same thing: whoever gets it twice knows it by that.</summary>
    [JsonIgnore]
    public string Id => $"{Subject}/{Kind.Text()}/{Occurrence}";

    /// <summary>With nothing longer than what is sent.</summary>
    public Notification Limited() =>
        this with
        {
            Cause = Cause is null ? null : CauseText.Shorten(Cause, MostOfCause),
            Runs = Runs.Count <= MostEntries ? Runs : [.. Runs.Take(MostEntries)],
            Changes = Some(Changes),
            Events = Events.Count <= MostEntries ? Events : [.. Events.Take(MostEntries)],
            Plan = Plan is null ? null : Plan with { NeedsApproval = Some(Plan.NeedsApproval) },
        };

    private static IReadOnlyList<string> Some(IReadOnlyList<string> entries)
    {
        var some = entries.Take(MostEntries).Select(entry => CauseText.Shorten(entry, MostOfEntry)).ToList();
        if (entries.Count > MostEntries)
        {
            some.Add($"and {entries.Count - MostEntries} more");
        }

        return some;
    }
}

/// <summary>An execution of a pipeline.</summary>
/// <param name="Name">The pipeline's name; <see langword="null"/> when it was not said.</param>
/// <param name="Execution">The execution's id; <see langword="null"/> when it was not said.</param>
public sealed record PipelineExecution(string? Name, string? Execution)
{
    /// <summary>The execution as a request names it; <see langword="null"/> where the request names neither.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="execution">The execution's id.</param>
    public static PipelineExecution? Named(string? name, string? execution) =>
        name is null && execution is null ? null : new PipelineExecution(name, execution);

    /// <summary>Its page in the console of CodePipeline; <see langword="null"/> when it is not known well enough.</summary>
    /// <param name="region">The region of the deployer, in which its pipelines are.</param>
    public string? Link(string region) =>
        Name is null || Execution is null
            ? null
            : $"https://{region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/{Uri.EscapeDataString(Name)}"
                + $"/executions/{Uri.EscapeDataString(Execution)}/visualization?region={region}";
}

/// <summary>A plan in a notification.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Digest">Its digest, which an approval is of.</param>
/// <param name="ApprovedBy">Who approved it.</param>
public sealed record NotifiedPlan(string Id, string? Digest, string? ApprovedBy = null)
{
    /// <summary>Why a person has to approve it, a sentence each.</summary>
    public IReadOnlyList<string> NeedsApproval { get; init; } = [];
}

/// <summary>What a step last released.</summary>
/// <param name="Step">The step.</param>
/// <param name="Resource">Identity of what runs: a stack's id, a revision.</param>
/// <param name="Deployment">The deployment that released it.</param>
public sealed record RunningStep(string Step, string Resource, string Deployment);

/// <summary>What to do next.</summary>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Command">A command line to copy; <see langword="null"/> where none works as it is.</param>
public sealed record NextAction(string Reason, string? Command = null);

/// <summary>Writes a <see cref="NotificationKind"/> as its name.</summary>
public sealed class NotificationKindConverter : EnumConverter<NotificationKind>
{
    /// <inheritdoc/>
    protected override string What => "kind of notification";

    /// <inheritdoc/>
    protected override string Format(NotificationKind value) => value.Text();
}
