using System.Text.Json.Serialization;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Deployments;

/// <summary>The result of a deployment on AWS, as the JSON document has it; docs/deploying.md describes it.</summary>
/// <param name="Verdict">How it stands or ended.</param>
/// <param name="Error">The exception's name, when it failed or the input is wrong.</param>
/// <param name="Cause">The sentence that names the cause.</param>
/// <param name="Service">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Revision">The commit, where there is one.</param>
/// <param name="Deployment">ARN of the execution.</param>
/// <param name="Stage">The deployer's stage.</param>
/// <param name="Number">The deployment's number.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="StartedAt">When this run of the execution began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Redrives">How often it was redriven.</param>
/// <param name="Settled">Whether the deployer has closed its records and freed the lock.</param>
/// <param name="Steps">The steps of this run.</param>
/// <param name="Notices">What steps noted for people.</param>
internal sealed record DeploymentDocument(
    Verdict Verdict,
    string? Error,
    string? Cause,
    string? Service,
    string? Target,
    string? Revision,
    string? Deployment,
    string? Stage,
    long? Number,
    string? By,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    double? Seconds,
    int? Redrives,
    bool? Settled,
    IReadOnlyList<StepDocument> Steps,
    IReadOnlyList<string> Notices
)
{
    /// <summary>The plan that was deployed or waits for approval; left out for a deployment without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanReport? Plan { get; init; }

    /// <summary>The notifications about it; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NotificationReport>? Notifications { get; init; }

    /// <summary>What the kinds of those steps report, by the name of their list.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Parts { get; init; }

    /// <summary>The document of a report.</summary>
    public static DeploymentDocument From(DeploymentReport report)
    {
        var ended = report.Aws is { EndedAt: not null } ? report.Aws : null;
        return new(
            report.Verdict,
            report.Error,
            report.Cause,
            report.Service,
            report.Target,
            report.Revision,
            report.Deployment,
            report.Aws?.Stage,
            ended?.Number,
            ended?.By,
            ended?.StartedAt,
            ended?.EndedAt,
            ended is null ? null : report.Clock.VirtualSeconds,
            ended?.Redrives,
            ended?.Settled,
            [.. report.Steps.Select(step => new StepDocument(step.Name, step.Kind, step.Action.Text(), step.VirtualSeconds))],
            report.Notices
        )
        {
            Plan = report.Plan,
            Notifications = report.Notifications,
            Parts = report.Parts.GroupBy(part => part.Section).ToDictionary(list => list.Key, list => (object)list.Cast<object>().ToList()),
        };
    }
}

/// <summary>A step; <paramref name="Action"/> as a rehearsal's document has it.</summary>
internal sealed record StepDocument(string Name, string Kind, string Action, double Seconds);
