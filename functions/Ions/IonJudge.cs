using Amazon.AutoScaling.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using ListDeploymentsRequest = Amazon.CodeDeploy.Model.ListDeploymentsRequest;

namespace Deployer.Functions.Ions;

/// <summary>
/// What really runs in a compute group. Success is both statuses succeeded, every in-service instance on the revision
/// (by CodeDeploy, whatever the deployment's id), and the Lambdas as <c>ion-config.edn</c> says; everything else is told
/// with what runs instead.
/// </summary>
public sealed class IonJudge(TargetAccount account, string group, string revision, IonConfig config)
{
    private const int RecentDeployments = 25;

    /// <summary>The compute group.</summary>
    public string Group { get; } = group;

    /// <summary>The revision that is wanted.</summary>
    public string Revision { get; } = revision;

    /// <summary>How many instances are in service.</summary>
    public async Task<int> CountNodes() => (await InService()).Count;

    /// <summary>Whether the group already is as wanted.</summary>
    public async Task<bool> IsLive()
    {
        var runs = await RunningRevisions();
        return runs.Count > 0 && runs.Values.All(name => name == Revision) && (await DifferingLambdas()).Count == 0;
    }

    /// <summary>Judges an execution of <c>datomic-GROUP</c> together with its CodeDeploy deployment.</summary>
    public async Task<Outcome> Judge(string executionArn)
    {
        var execution = await account.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = executionArn });
        var deployment = await LatestDeployment(execution.StartDate);
        if (execution.Status == ExecutionStatus.RUNNING || execution.Status == ExecutionStatus.PENDING_REDRIVE)
        {
            return Waits($"execution {execution.Name} is still {execution.Status}", deployment);
        }

        if (deployment is null)
        {
            return new Outcome.Failed(new IonsDeployFailedException($"execution {execution.Name} is {execution.Status}{Because(execution)}, and no deployment of revision {Revision} to {Group} is found"));
        }

        var code = IonStatuses.Of(deployment.Status);
        if (code == CodeState.Running)
        {
            return Waits($"execution {execution.Name} is {execution.Status}", deployment);
        }

        if (code == CodeState.Failed)
        {
            return await RolledBack(execution, deployment);
        }

        var runs = await RunningRevisions();
        var others = runs.Where(run => run.Value != Revision).ToList();
        if (others.Count > 0)
        {
            return new Outcome.Failed(new IonsRolledBackException(
                $"revision {Revision} was deployed to {Group} but {Instances(others)}; execution {execution.Name} is {execution.Status}"));
        }

        var lambdas = await DifferingLambdas();
        if (execution.Status == ExecutionStatus.SUCCEEDED && lambdas.Count == 0)
        {
            return new Outcome.Succeeded("released");
        }

        return new Outcome.Failed(new LambdasNotConfiguredException(
            $"revision {Revision} runs on all {runs.Count} instances of {Group}, but the Lambdas are not as ion-config.edn says: "
            + $"{(lambdas.Count == 0 ? "no difference is found any more" : string.Join("; ", lambdas))}; execution {execution.Name} is {execution.Status}{Because(execution)}; redrive to deploy it again"));
    }

    private Outcome.Running Waits(string what, DeploymentInfo? deployment) =>
        new(deployment is null ? what : $"{what}, deployment {deployment.DeploymentId} of revision {Revision} to {Group} is {deployment.Status}");

    private async Task<Outcome> RolledBack(DescribeExecutionResponse execution, DeploymentInfo deployment)
    {
        if (deployment.RollbackInfo?.RollbackDeploymentId is { Length: > 0 } rollbackId)
        {
            var rollback = (await account.CodeDeploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = rollbackId })).DeploymentInfo;
            if (IonStatuses.Of(rollback.Status) == CodeState.Running)
            {
                return new Outcome.Running($"revision {Revision} failed on {Group}; the rollback {rollbackId} is still {rollback.Status}");
            }
        }

        var cause = new IonCause(account, Group);
        var runs = await RunningRevisions();
        var where = runs.Count == 0 ? "no instance of it is known to run any revision" : Instances(runs);
        return new Outcome.Failed(new IonsRolledBackException(string.Join("; ", new[]
        {
            $"revision {Revision} did not load on {Group}: {where}",
            await cause.FailedLifecycleEvent(deployment),
            await cause.FirstException(deployment.CreateTime, deployment.CompleteTime),
            $"deployment {deployment.DeploymentId} is {deployment.Status} ({deployment.ErrorInformation?.Code?.Value ?? "no error code"}), execution {execution.Name} is {execution.Status}",
        }.Where(part => part is not null))));
    }

    private static string Instances(IEnumerable<KeyValuePair<string, string>> runs) => string.Join(", ", runs
        .GroupBy(run => run.Value)
        .Select(group => $"revision {group.Key} runs on {string.Join(" and ", group.Select(run => run.Key).Order())}"));

    private static string Because(DescribeExecutionResponse execution) => execution.Error is { Length: > 0 } error ? $" ({error}: {execution.Cause})" : string.Empty;

    /// <summary>The newest deployment of the wanted revision that was asked for after a moment.</summary>
    private async Task<DeploymentInfo?> LatestDeployment(DateTime? since)
    {
        var deployments = await Deployments();
        return deployments
            .Where(deployment => IonRevisions.Name(deployment.Revision) == Revision && deployment.Creator != DeploymentCreator.CodeDeployRollback)
            .Where(deployment => since is null || deployment.CreateTime is null || deployment.CreateTime >= since)
            .MaxBy(deployment => deployment.CreateTime);
    }

    /// <summary>The revision on each in-service instance: that of the last deployment which succeeded there.</summary>
    private async Task<IReadOnlyDictionary<string, string>> RunningRevisions()
    {
        var inService = await InService();
        var runs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var deployment in (await Deployments()).OrderByDescending(deployment => deployment.CreateTime))
        {
            if (runs.Count == inService.Count)
            {
                break;
            }

            foreach (var target in await Targets(deployment.DeploymentId))
            {
                if (target.Status == TargetStatus.Succeeded && InstanceId(target.TargetId) is var id && inService.Contains(id))
                {
                    runs.TryAdd(id, IonRevisions.Name(deployment.Revision) ?? "(unnamed)");
                }
            }
        }

        foreach (var id in inService)
        {
            runs.TryAdd(id, "(none)");
        }

        return runs;
    }

    private async Task<IReadOnlyList<InstanceTarget>> Targets(string deployment)
    {
        var ids = (await account.CodeDeploy.ListDeploymentTargetsAsync(new ListDeploymentTargetsRequest { DeploymentId = deployment })).TargetIds ?? [];
        if (ids.Count == 0)
        {
            return [];
        }

        var targets = await account.CodeDeploy.BatchGetDeploymentTargetsAsync(new BatchGetDeploymentTargetsRequest { DeploymentId = deployment, TargetIds = ids });
        return [.. (targets.DeploymentTargets ?? []).Select(target => target.InstanceTarget).OfType<InstanceTarget>()];
    }

    /// <summary>CodeDeploy names an instance by its id or by its ARN, depending on the call.</summary>
    private static string InstanceId(string target) => target[(target.LastIndexOf('/') + 1)..];

    private async Task<IReadOnlyList<DeploymentInfo>> Deployments()
    {
        var listed = await account.CodeDeploy.ListDeploymentsAsync(new ListDeploymentsRequest { ApplicationName = config.AppName, DeploymentGroupName = Group });
        var ids = (listed.Deployments ?? []).Take(RecentDeployments).ToList();
        return ids.Count == 0
            ? []
            : (await account.CodeDeploy.BatchGetDeploymentsAsync(new BatchGetDeploymentsRequest { DeploymentIds = ids })).DeploymentsInfo ?? [];
    }

    private async Task<IReadOnlySet<string>> InService()
    {
        var info = (await account.CodeDeploy.GetDeploymentGroupAsync(new GetDeploymentGroupRequest { ApplicationName = config.AppName, DeploymentGroupName = Group })).DeploymentGroupInfo;
        var names = (info.AutoScalingGroups ?? []).ConvertAll(scaling => scaling.Name);
        if (names.Count == 0)
        {
            return new HashSet<string>();
        }

        var groups = await account.AutoScaling.DescribeAutoScalingGroupsAsync(new DescribeAutoScalingGroupsRequest { AutoScalingGroupNames = names });
        return (groups.AutoScalingGroups ?? [])
            .SelectMany(scaling => scaling.Instances ?? [])
            .Where(instance => instance.LifecycleState == Amazon.AutoScaling.LifecycleState.InService)
            .Select(instance => instance.InstanceId)
            .ToHashSet();
    }

    private Task<IReadOnlyList<string>> DifferingLambdas() => new IonLambdas(account.Lambda).Differences(Group, config);
}
