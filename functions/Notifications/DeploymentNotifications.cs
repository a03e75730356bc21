using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>The notifications about deployments.</summary>
public static class DeploymentNotifications
{
    private const string Stopped = "ABORTED";

    extension(DeploymentRecord deployment)
    {
        /// <summary>A notification about a deployment; its own facts are added by the caller.</summary>
        /// <param name="kind">What happened.</param>
        /// <param name="verdict">What came of it.</param>
        public Notification NotificationOf(NotificationKind kind, NotificationVerdict verdict) =>
            new()
            {
                Kind = kind,
                Subject = deployment.Deployment.Value,
                Occurrence = deployment.RedriveCount,
                Service = deployment.Service,
                Target = deployment.Target,
                Account = deployment.Account,
                Region = deployment.Region,
                Execution = deployment.Execution,
                Number = deployment.Number > 0 ? deployment.Number : null,
                By = deployment.By,
                Pipeline = PipelineExecution.Named(deployment.Pipeline, deployment.PipelineExecution),
                Revision = deployment.Revision,
                Plan = deployment.Plan is { } plan ? new NotifiedPlan(plan.Value, deployment.PlanDigest, deployment.ApprovedBy) : null,
                Verdict = verdict,
            };

        /// <summary>That a deployment has begun.</summary>
        public Notification Started() =>
            deployment.NotificationOf(NotificationKind.Started, NotificationVerdict.Running) with
            {
                Next = new NextAction("Watch it:", $"deployer watch {deployment.Execution}"),
            };

        /// <summary>What a deployment is, whose closed record has an error.</summary>
        public NotificationKind KindOfFailure() =>
            deployment.Error == nameof(SupersededException) ? NotificationKind.Superseded : NotificationKind.Failed;

        /// <summary>That a deployment failed, was stopped or was superseded, by its closed record.</summary>
        /// <param name="remedies">What helps after its error.</param>
        public Notification Failed(Remedies remedies)
        {
            var kind = deployment.KindOfFailure();
            var superseded = kind == NotificationKind.Superseded;
            var isStopped = deployment.Error == Stopped;
            return deployment.NotificationOf(
                kind,
                superseded ? NotificationVerdict.Superseded
                    : isStopped ? NotificationVerdict.Stopped
                    : NotificationVerdict.Failed
            ) with
            {
                Error = isStopped ? null : deployment.Error,
                Cause = deployment.Cause,
                Next =
                    !isStopped && remedies.After(deployment.Error) == Remedy.Rollback
                        ? RollBack(deployment.Execution, deployment.RemedySubject)
                    : !isStopped && deployment.Pipeline is { } pipeline && NeedsPlan(deployment, remedies)
                        ? new NextAction($"{NextReasons.PlanInPipeline(pipeline)}. The report:", $"deployer watch {deployment.Execution}")
                    : After(deployment.Execution, remedies.After(deployment.Error), isStopped),
            };
        }

        /// <summary>That a deployment has ended well.</summary>
        /// <param name="kind">How.</param>
        public Notification Ended(NotificationKind kind) =>
            deployment.NotificationOf(
                kind,
                kind switch
                {
                    NotificationKind.NothingToDo => NotificationVerdict.NothingToDo,
                    NotificationKind.InstanceRemoved => NotificationVerdict.Removed,
                    _ => NotificationVerdict.Succeeded,
                }
            ) with
            {
                Next = new NextAction(
                    kind == NotificationKind.InstanceRemoved ? "It was removed completely. Another deployment makes it again. The report:"
                        : deployment is { RedriveCount: > 0, Pipeline: { } pipeline }
                            ? $"{NextReasons.RetryStage(pipeline)}. The report has the command:"
                        : "See what it did:",
                    $"deployer watch {deployment.Execution}"
                ),
            };
    }

    /// <summary>Whether a deployment has a plan and cannot go on by it.</summary>
    private static bool NeedsPlan(DeploymentRecord deployment, Remedies remedies) =>
        deployment.Plan is not null && (remedies.After(deployment.Error) == Remedy.Plan || deployment.Error == nameof(SupersededException));

    private static NextAction RollBack(ExecutionArn execution, string? revision) =>
        new(
            NextReasons.Unhealthy
                + (
                    revision is null
                        ? "'deployer history' lists the revisions that 'deployer rollback --to' brings back."
                        : $"'deployer rollback --to {revision}' brings back what was deployed before."
                )
                + " A redrive looks at it again:",
            $"deployer redrive {execution}"
        );

    private static NextAction After(ExecutionArn execution, Remedy remedy, bool isStopped) =>
        isStopped
            ? new NextAction(NextReasons.RedriveStopped, $"deployer redrive {execution}")
            : remedy switch
            {
                Remedy.Redrive => new NextAction(NextReasons.Redrive, $"deployer redrive {execution}"),
                Remedy.RedriveOrCorrect => new NextAction(NextReasons.RedriveOrCorrect, $"deployer redrive {execution}"),
                Remedy.LookAgain => new NextAction(NextReasons.LookAgain, $"deployer redrive {execution}"),
                Remedy.RevertOrAcceptDrift => new NextAction(
                    "'deployer deploy --accept-drift' writes over what was changed by hand. Or put it back, then redrive:",
                    $"deployer redrive {execution}"
                ),
                Remedy.SetCapacity => new NextAction(
                    "Set the capacity of the compute group, then redrive:",
                    $"deployer redrive {execution}"
                ),
                Remedy.ReleaseBefore => new NextAction(
                    "Release the same files in the stage before first, then deploy again. The report:",
                    $"deployer watch {execution}"
                ),
                Remedy.Correct => new NextAction(
                    "A redrive would deploy the same files again. Correct the cause, then deploy again. The report:",
                    $"deployer watch {execution}"
                ),
                Remedy.Plan => new NextAction(
                    "Nothing was deployed. 'deployer deploy' makes a plan of what there is now, which somebody approves. The report:",
                    $"deployer watch {execution}"
                ),
                Remedy.TurnOn => new NextAction(
                    "The compute group is off. Turn it on ('deployer group on'), then do the same again. The report:",
                    $"deployer watch {execution}"
                ),
                _ => new NextAction(
                    "A redrive would end the same way. See what changed, then deploy again. The report:",
                    $"deployer watch {execution}"
                ),
            };
}
