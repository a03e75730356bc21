using System.Text.Json.Serialization;
using Deployer.Functions.Deployments;

namespace Deployer.Cli.Places;

/// <summary>How a deployment stands or ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>What was to be deployed runs.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>What is wanted ran already; nothing was changed.</summary>
    [JsonStringEnumMemberName("nothing-to-do")]
    NothingToDo,

    /// <summary>The deployment failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody stopped it.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>It runs, and is watched no more: how it ends is not known.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Nothing was deployed: the plan waits until somebody approves it.</summary>
    [JsonStringEnumMemberName("waiting-for-approval")]
    WaitingForApproval,

    /// <summary>Somebody has rejected the plan.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>The input is wrong; nothing was called.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,
}

/// <summary>Verdicts of ended executions, and in words.</summary>
internal static class Verdicts
{
    /// <summary>The verdict as people read it, such as <c>nothing to do</c>.</summary>
    public static string Words(this Verdict verdict) =>
        verdict switch
        {
            Places.Verdict.NothingToDo => "nothing to do",
            Places.Verdict.WaitingForApproval => "waiting for approval",
            _ => verdict.ToString().ToLowerInvariant(),
        };

    /// <summary>The verdict of a deployment that reached its end.</summary>
    public static Verdict Verdict(this DeploymentOutcome outcome) =>
        outcome == DeploymentOutcome.NothingToDo ? Places.Verdict.NothingToDo : Places.Verdict.Succeeded;
}
