using System.Text.Json.Serialization;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>
/// The detail of an event of the deployer, as docs/notification.schema.json describes it. Members are only added; another meaning of one
/// of them is another version.
/// </summary>
public sealed record NotificationDetail
{
    /// <summary>The source of the events.</summary>
    public const string Source = "deployer";

    /// <summary>Their detail-type.</summary>
    public const string DetailType = "Deployer Notification";

    /// <summary>The version of the document.</summary>
    public const string CurrentVersion = "1";

    /// <summary>The version of the document.</summary>
    public required string Version { get; init; }

    /// <summary>The same in an event that comes twice.</summary>
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    [JsonConverter(typeof(NotificationKindConverter))]
    public required NotificationKind Kind { get; init; }

    /// <summary>The deployer's stage.</summary>
    public required string Stage { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target; a development instance is one of its own.</summary>
    public required string Target { get; init; }

    /// <summary>The target's account.</summary>
    public string? Account { get; init; }

    /// <summary>The target's region.</summary>
    public string? Region { get; init; }

    /// <summary>In a line.</summary>
    public required string Title { get; init; }

    /// <summary>In words, over several lines.</summary>
    public required string Text { get; init; }

    /// <summary>What came of it.</summary>
    public required NotificationVerdict Verdict { get; init; }

    /// <summary>The error.</summary>
    public string? Error { get; init; }

    /// <summary>The cause.</summary>
    public string? Cause { get; init; }

    /// <summary>The id of the deployment or of the plan.</summary>
    public string? Deployment { get; init; }

    /// <summary>ARN of the execution.</summary>
    public string? Execution { get; init; }

    /// <summary>Its page in the console.</summary>
    public string? Link { get; init; }

    /// <summary>The deployment's number.</summary>
    public long? Number { get; init; }

    /// <summary>How often it had been redriven.</summary>
    public int Redrives { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }

    /// <summary>The execution of a pipeline that asked for it.</summary>
    public PipelineExecution? Pipeline { get; init; }

    /// <summary>Its page in the console.</summary>
    public string? PipelineLink { get; init; }

    /// <summary>The commit.</summary>
    public string? Revision { get; init; }

    /// <summary>The plan.</summary>
    public NotifiedPlan? Plan { get; init; }

    /// <summary>What runs now.</summary>
    public IReadOnlyList<RunningStep> Runs { get; init; } = [];

    /// <summary>What was changed by hand or by others.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What had happened to what the target owns or reads, before the deployer looked.</summary>
    public IReadOnlyList<OutsideChange> Events
    {
        get => field ?? []; // An event of an earlier version, which may be on its way still, has none.
        init;
    }

    /// <summary>What to do next.</summary>
    public NextAction? Next { get; init; }

    /// <summary>The document of a notification.</summary>
    /// <param name="given">The notification.</param>
    /// <param name="settings">The deployer that sends it.</param>
    public static NotificationDetail From(Notification given, Settings settings)
    {
        var notification = given.Limited();
        var text = new NotificationText(notification, settings);
        return new NotificationDetail
        {
            Version = CurrentVersion,
            Id = notification.Id,
            Kind = notification.Kind,
            Stage = settings.Stage,
            Service = notification.Service,
            Target = notification.Target,
            Account = notification.Account,
            Region = notification.Region,
            Title = text.Title,
            Text = text.Body,
            Verdict = notification.Verdict,
            Error = notification.Error,
            Cause = notification.Cause,
            Deployment = notification.Execution?.Deployment.Value,
            Execution = notification.Execution?.Value,
            Link = notification.Execution?.ConsoleLink,
            Number = notification.Number,
            Redrives = notification.Occurrence,
            By = notification.By,
            Pipeline = notification.Pipeline,
            PipelineLink = notification.Pipeline?.Link(settings.Region),
            Revision = notification.Revision,
            Plan = notification.Plan,
            Runs = notification.Runs,
            Changes = notification.Changes,
            Events = notification.Events,
            Next = notification.Next,
        };
    }
}

/// <summary>How the detail of an event is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NotificationDetail))]
internal sealed partial class NotificationDetailDocuments : JsonSerializerContext;
