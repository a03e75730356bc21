using Amazon.CodeDeploy.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Ions;

/// <summary>
/// What really runs in a compute group. Success is both statuses succeeded, every in-service instance on the revision
/// (by CodeDeploy, whatever the deployment's id), and the Lambdas as <c>ion-config.edn</c> says; everything else is reported
/// with what runs instead.
/// </summary>
/// <param name="account">The target's account.</param>
/// <param name="group">The compute group.</param>
/// <param name="revision">The revision that is wanted.</param>
/// <param name="config">What <c>ion-config.edn</c> of that revision says.</param>
/// <param name="formerLambdas">Names of the Lambdas that the last release had: those that the revision has no more are gone after
/// it.</param>
public sealed class IonJudge(TargetAccount account, string group, string revision, IonConfig config, IReadOnlyList<string> formerLambdas)
{
    private readonly IonGroup _group = new(account.CodeDeploy, account.AutoScaling, config.AppName, group);
    private readonly IonExecutions _executions = new(account, group);

    /// <summary>The compute group.</summary>
    public string Group => _group.Name;

    /// <summary>The revision that is wanted.</summary>
    public string Revision { get; } = revision;

    /// <summary>How many instances the group has and is to have.</summary>
    public Task<GroupInstances> GroupInstances() => _group.Instances();

    /// <summary>Whether the group needs no changes.</summary>
    public async Task<bool> IsLive() => await Compare(ComparisonProgress.Whole) is Comparison.NoChanges;

    /// <summary>Compares what runs in the group with what is wanted.</summary>
    /// <param name="progress">How far the comparison of the Lambdas has come.</param>
    public async Task<Comparison> Compare(ComparisonProgress progress)
    {
        var runs = await _group.Revisions();
        // One of another revision replaces it, however far it has come; one of this revision is what is wanted.
        if (await _executions.Running() is { } execution && !(RunsEverywhere(runs) && _executions.IsOf(execution, Revision)))
        {
            return new Comparison.NotReadable(new NotYetException($"execution {execution.Name} of datomic-{Group} is {execution.Status}"));
        }

        if (!RunsEverywhere(runs))
        {
            var deployment = (await _group.Deployments()).FirstOrDefault(code => IonStatuses.Classify(code.Status) == IonState.Running);
            return deployment is not null
                ? new Comparison.NotReadable(new NotYetException($"deployment {deployment.DeploymentId} to {Group} is {deployment.Status}"))
                : new Comparison.Changes(
                    runs.Count == 0
                        ? $"revision {Revision} was released last to {Group}, which has no instance in service"
                        : $"revision {Revision} was released last to {Group}, and {Instances(runs)}"
                );
        }

        var lambdas = await DifferingLambdas(progress);
        return lambdas.Count > 0 ? new Comparison.Changes(lambdas)
            : progress.IsPaused ? new Comparison.Unfinished()
            : new Comparison.NoChanges();
    }

    /// <summary>
    /// The failed execution that has nothing left to do but the Lambdas: redriven, it goes on at the Lambda that failed and
    /// deploys no code again. One that was redriven before is none: its Lambdas need another input.
    /// </summary>
    public async Task<string?> FindFailedAtLambdas()
    {
        if (
            !RunsEverywhere(await _group.Revisions())
            || await _executions.Newest() is not { } newest
            || !_executions.IsOf(newest, Revision)
        )
        {
            return null;
        }

        var execution = await _executions.Describe(newest.ExecutionArn);
        var code = execution is null ? null : await _group.Deployment(Revision, execution.StartDate);
        return
            execution is not null
            && code is not null
            && IonStatuses.Classify(code.Status) == IonState.Succeeded
            && execution.RedriveStatus == ExecutionRedriveStatus.REDRIVABLE
            && execution.RedriveCount is null or 0
            ? execution.ExecutionArn
            : null;
    }

    /// <summary>Judges an execution of <c>datomic-GROUP</c> together with its CodeDeploy deployment.</summary>
    /// <param name="executionArn">The execution.</param>
    /// <param name="redrives">How often it was redriven at least: what is described of it from before that does not count.</param>
    public async Task<Outcome> Judge(string executionArn, int redrives = 0)
    {
        var execution = await _executions.Describe(executionArn);
        if (execution is null || (execution.RedriveCount ?? 0) < redrives)
        {
            return new Outcome.Running(
                $"execution {executionArn.Split(':')[^1]} is not described {(execution is null ? "yet" : "with its redrive yet")}"
            );
        }

        var deployment = await _group.Deployment(Revision, execution.StartDate);
        if (IonStatuses.Classify(execution.Status) == IonState.Running)
        {
            return Waits(execution, deployment);
        }

        if (deployment is null)
        {
            return new Outcome.Failed(
                new IonsDeployFailedException($"{Ended(execution)}, and no deployment of revision {Revision} to {Group} is found")
            );
        }

        return IonStatuses.Classify(deployment.Status) switch
        {
            IonState.Running => Waits(execution, deployment, deployment.DeploymentId),
            IonState.Failed => await RolledBack(execution, deployment),
            _ => await Deployed(execution, deployment),
        };
    }

    /// <summary>In words, which revision runs on which instances.</summary>
    internal static string Instances(IEnumerable<KeyValuePair<string, string>> runs) =>
        string.Join(
            ", ",
            runs.GroupBy(run => run.Value)
                .Select(group => $"revision {group.Key} runs on {string.Join(" and ", group.Select(run => run.Key).Order())}")
        );

    private Outcome.Running Waits(DescribeExecutionResponse execution, DeploymentInfo? deployment, string? waitsFor = null) =>
        new(
            $"execution {execution.Name} is {execution.Status}"
                + (
                    deployment is null
                        ? string.Empty
                        : $", deployment {deployment.DeploymentId} of revision {Revision} to {Group} is {deployment.Status}"
                ),
            WaitsFor: waitsFor
        );

    /// <summary>The code is deployed: what of it runs, and how the Lambdas are.</summary>
    private async Task<Outcome> Deployed(DescribeExecutionResponse execution, DeploymentInfo deployment)
    {
        var runs = await _group.Revisions();
        if (runs.Count == 0)
        {
            return new Outcome.Failed(
                new IonsDeployFailedException(
                    $"revision {Revision} was deployed to {Group}, which has no instance in service; {Ended(execution)}"
                )
            );
        }

        if (!RunsEverywhere(runs))
        {
            return await OnItsWay(runs) ?? new Outcome.Failed(await NotEverywhere(execution, deployment, runs));
        }

        var lambdas = await DifferingLambdas(ComparisonProgress.Whole);
        if (IonStatuses.Classify(execution.Status) == IonState.Succeeded && lambdas.Count == 0)
        {
            return new Outcome.Succeeded(StepAction.Released);
        }

        return new Outcome.Failed(
            new LambdasNotConfiguredException(
                $"revision {Revision} runs on all {runs.Count} instances of {Group}, but the Lambdas are not as ion-config.edn says; "
                    + $"{(lambdas.Count == 0 ? "no difference is left" : string.Join("; ", lambdas))}; {Ended(execution)}; "
                    + "a redrive updates only the Lambdas"
            )
        );
    }

    /// <summary>
    /// CodeDeploy brings the revision to instances that were launched while it was deployed, by a deployment of its own; null when none
    /// runs.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html</remarks>
    private async Task<Outcome?> OnItsWay(IReadOnlyDictionary<string, string> runs) =>
        (await _group.Deployments()).FirstOrDefault(code => IonStatuses.Classify(code.Status) == IonState.Running) is { } deployment
            ? new Outcome.Running(
                $"{Instances(runs)}; deployment {deployment.DeploymentId} to {Group} is {deployment.Status}",
                WaitsFor: deployment.DeploymentId
            )
            : null;

    /// <summary>
    /// CodeDeploy calls a deployment succeeded whose last instance has failed; on an instance that was launched meanwhile nothing failed.
    /// </summary>
    private async Task<DeployerException> NotEverywhere(
        DescribeExecutionResponse execution,
        DeploymentInfo deployment,
        IReadOnlyDictionary<string, string> runs
    )
    {
        var what = $"revision {Revision} was deployed to {Group} but {Instances(runs)}";
        return IonCause.FailedLifecycleEvent(await _group.Targets(deployment.DeploymentId)) is { } failed
            ? new IonsRolledBackException($"{what}; {failed}; {Ended(execution)}")
            : new IonsDeployFailedException(
                $"{what}; an instance that was launched meanwhile, by an update of the group's stack for example, has the revision before "
                    + $"until it is deployed to again; {Ended(execution)}"
            );
    }

    private async Task<Outcome> RolledBack(DescribeExecutionResponse execution, DeploymentInfo deployment)
    {
        if (deployment.RollbackInfo?.RollbackDeploymentId is { Length: > 0 } rollbackId)
        {
            var rollback = await _group.Get(rollbackId);
            if (IonStatuses.Classify(rollback.Status) == IonState.Running)
            {
                return new Outcome.Running(
                    $"revision {Revision} failed on {Group}; the rollback {rollbackId} is {rollback.Status}",
                    WaitsFor: rollbackId
                );
            }
        }

        var cause = new IonCause(account, Group);
        var runs = await _group.Revisions();
        var where = runs.Count == 0 ? "no instance of it is known to run any revision" : Instances(runs);
        return new Outcome.Failed(
            new IonsRolledBackException(
                string.Join(
                    "; ",
                    new[]
                    {
                        $"revision {Revision} did not load on {Group}: {where}",
                        IonCause.FailedLifecycleEvent(await _group.Targets(deployment.DeploymentId)),
                        await cause.FirstException(deployment.CreateTime, deployment.CompleteTime),
                        $"deployment {deployment.DeploymentId} is {deployment.Status} "
                            + $"({deployment.ErrorInformation?.Code?.Value ?? "no error code"}), {Ended(execution)}",
                    }.Where(part => part is not null)
                )
            )
        );
    }

    private bool RunsEverywhere(IReadOnlyDictionary<string, string> runs) => runs.Count > 0 && runs.Values.All(name => name == Revision);

    private static string Ended(DescribeExecutionResponse execution) =>
        $"execution {execution.Name} is "
        + $"{execution.Status}{(execution.Error is { Length: > 0 } error ? $" ({error}: {execution.Cause})" : string.Empty)}";

    private Task<IReadOnlyList<string>> DifferingLambdas(ComparisonProgress progress) =>
        new IonLambdas(account.Lambda).Differences(Group, config, formerLambdas, progress);
}
