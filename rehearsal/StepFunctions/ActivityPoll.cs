namespace Deployer.Rehearsal.StepFunctions;

/// <summary>A worker's open request for a task of an activity.</summary>
/// <param name="Id">In the order of arrival.</param>
/// <param name="Activity">The activity's ARN.</param>
/// <param name="Worker">The worker's name.</param>
/// <param name="Disconnected">Is cancelled when a client from outside has gone.</param>
internal sealed record ActivityPoll(string Id, string Activity, string? Worker, CancellationToken Disconnected)
{
    /// <summary>The task; null when the time is over. It goes on in the world's moment that completes it.</summary>
    internal TaskCompletionSource<CalledTask?> Answer { get; } = new();
}
