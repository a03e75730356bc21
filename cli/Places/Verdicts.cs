namespace Deployer.Cli.Places;

/// <summary>The verdicts of a deployment, as the JSON document has them.</summary>
internal static class Verdicts
{
    /// <summary>What was to be deployed runs.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>What is wanted ran already; nothing was changed.</summary>
    public const string NothingToDo = "nothing-to-do";

    /// <summary>The deployment failed.</summary>
    public const string Failed = "failed";

    /// <summary>Somebody stopped it.</summary>
    public const string Stopped = "stopped";

    /// <summary>It runs, and is watched no more: how it ends is not known.</summary>
    public const string Running = "running";

    /// <summary>Nothing was deployed: the plan waits until somebody approves it.</summary>
    public const string WaitingForApproval = "waiting-for-approval";

    /// <summary>Somebody has rejected the plan.</summary>
    public const string Rejected = "rejected";

    /// <summary>The input is wrong; nothing was called.</summary>
    public const string Invalid = "invalid";
}
