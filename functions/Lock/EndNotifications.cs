using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Functions.Lock;

/// <summary>Notes the notification of an execution that has ended.</summary>
internal sealed class EndNotifications(Notifier notifier, Remedies remedies)
{
    /// <summary>The redrive count of an execution that was deleted: none comes after it.</summary>
    public const int Deleted = int.MaxValue;

    /// <summary>
    /// Notes the notification of the end; the function that hears of it, or the sweep, sends it: whoever meets a deployment that has
    /// ended may settle it, and need not be allowed to put events.
    /// </summary>
    public async Task Note(DeploymentRecord closed, int redriveCount, bool succeeded, NotificationKind? notification)
    {
        var isThisEnd = closed.Closed && closed.Succeeded == succeeded && (redriveCount == Deleted || closed.RedriveCount == redriveCount);
        if (!isThisEnd || (succeeded && notification is null))
        {
            return;
        }

        await notifier.Note(notification is { } kind ? closed.Ended(kind) : closed.Failed(remedies), closed.Notifications);
    }

    /// <summary>
    /// Notes the failure of an execution that never got a record, as far as its input says what it was about: what its target wants to
    /// hear of is not known.
    /// </summary>
    public async Task NoteRefused(ExecutionArn execution, ExecutionStanding standing)
    {
        if (standing is { Phase: ExecutionPhase.Failed, Input: { } input } && DeploymentRequest.FromJson(input) is { } request)
        {
            if (request is { Service.Length: > 0, Target.Length: > 0 })
            {
                await notifier.Note(
                    new DeploymentRecord
                    {
                        Deployment = execution.Deployment,
                        Execution = execution,
                        Service = request.Service,
                        Target = request.Instance is null ? request.Target : TargetSpec.NameOf(request.Target, request.Instance),
                        Revision = request.Revision,
                        By = request.By,
                        Plan = request.Plan is { } plan ? new DeploymentId(plan) : null,
                        Pipeline = request.Pipeline,
                        PipelineExecution = request.PipelineExecution,
                        Digest = string.Empty,
                        Number = 0,
                        RedriveCount = standing.RedriveCount,
                        Error = standing.Error,
                        Cause = standing.Cause,
                    }.Failed(remedies),
                    wanted: null
                );
            }
        }
    }
}
