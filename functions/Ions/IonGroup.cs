using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ions;

/// <summary>
/// A compute group as CodeDeploy and Auto Scaling see it: its deployments, its instances, and the revision on each of them.
/// </summary>
public sealed class IonGroup(IAmazonCodeDeploy codeDeploy, IAmazonAutoScaling autoScaling, string application, string group)
{
    private const int RecentDeployments = 25;

    // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html
    private const int TargetsInARequest = 25;
    private const string NoRevision = "(none)";
    private const string Unnamed = "(unnamed)";

    /// <summary>The group's name: that of its stack and of its deployment group.</summary>
    public string Name { get; } = group;

    /// <summary>The recent deployments, the newest first.</summary>
    public async Task<IReadOnlyList<DeploymentInfo>> Deployments()
    {
        var listed = await codeDeploy.ListDeploymentsAsync(
            new ListDeploymentsRequest { ApplicationName = application, DeploymentGroupName = Name }
        );
        var ids = (listed.Deployments ?? []).Take(RecentDeployments).ToList();
        if (ids.Count == 0)
        {
            return [];
        }

        var described = await codeDeploy.BatchGetDeploymentsAsync(new BatchGetDeploymentsRequest { DeploymentIds = ids });
        return [.. (described.DeploymentsInfo ?? []).OrderByDescending(deployment => deployment.CreateTime)];
    }

    /// <summary>The newest deployment of a revision that was asked for (a rollback is none), or <see langword="null"/>.</summary>
    /// <param name="revision">The revision's name.</param>
    /// <param name="since">Earlier ones are not looked at.</param>
    public async Task<DeploymentInfo?> Deployment(string revision, DateTime? since = null) =>
        (await Deployments()).FirstOrDefault(deployment =>
            IonRevisions.Name(deployment.Revision) == revision
            && deployment.Creator != DeploymentCreator.CodeDeployRollback
            && (since is null || deployment.CreateTime is null || deployment.CreateTime >= since)
        );

    /// <summary>The ids of the instances in service.</summary>
    public async Task<IReadOnlySet<string>> InService() =>
        (await ScalingGroups())
            .SelectMany(scaling => scaling.Instances ?? [])
            .Where(instance => instance.LifecycleState == LifecycleState.InService)
            .Select(instance => instance.InstanceId)
            .ToHashSet();

    /// <summary>How many instances the group has and is to have.</summary>
    public async Task<GroupInstances> Instances()
    {
        var groups = await ScalingGroups();
        return new GroupInstances(
            groups.SelectMany(scaling => scaling.Instances ?? []).Count(instance => instance.LifecycleState == LifecycleState.InService),
            groups.Sum(scaling => scaling.DesiredCapacity ?? 0),
            groups.ConvertAll(scaling => scaling.AutoScalingGroupName)
        );
    }

    /// <summary>Whether the group was turned off: it is to have no instance.</summary>
    public async Task<bool> IsOff() => (await Instances()).AreOff;

    /// <summary>The names of its Auto Scaling groups.</summary>
    public async Task<IReadOnlyList<string>> ScalingGroupNames() =>
        (await ScalingGroups()).ConvertAll(scaling => scaling.AutoScalingGroupName);

    /// <summary>The revision on each instance in service: that of the last deployment which succeeded there, whatever its id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Revisions()
    {
        var inService = await InService();
        var runs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var deployment in await Deployments())
        {
            if (runs.Count == inService.Count)
            {
                break;
            }

            foreach (var target in await Targets(deployment.DeploymentId))
            {
                if (target.Status == TargetStatus.Succeeded && InstanceId(target.TargetId) is var id && inService.Contains(id))
                {
                    runs.TryAdd(id, IonRevisions.Name(deployment.Revision) ?? Unnamed);
                }
            }
        }

        foreach (var id in inService)
        {
            runs.TryAdd(id, NoRevision);
        }

        return runs;
    }

    /// <summary>What a deployment did on each of its instances.</summary>
    public async Task<IReadOnlyList<InstanceTarget>> Targets(string deployment)
    {
        var ids = await Pages.All(
            next => codeDeploy.ListDeploymentTargetsAsync(new ListDeploymentTargetsRequest { DeploymentId = deployment, NextToken = next }),
            answer => answer.TargetIds,
            answer => answer.NextToken
        );
        var targets = new List<InstanceTarget>();
        foreach (var some in ids.Chunk(TargetsInARequest))
        {
            var answer = await codeDeploy.BatchGetDeploymentTargetsAsync(
                new BatchGetDeploymentTargetsRequest { DeploymentId = deployment, TargetIds = [.. some] }
            );
            targets.AddRange((answer.DeploymentTargets ?? []).Select(target => target.InstanceTarget).OfType<InstanceTarget>());
        }

        return targets;
    }

    /// <summary>How a deployment stands.</summary>
    public async Task<DeploymentInfo> Get(string deployment) =>
        (await codeDeploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = deployment })).DeploymentInfo;

    /// <summary>CodeDeploy names an instance by its id or by its ARN, depending on the call.</summary>
    private static string InstanceId(string target) => target[(target.LastIndexOf('/') + 1)..];

    private async Task<List<Amazon.AutoScaling.Model.AutoScalingGroup>> ScalingGroups()
    {
        var info = (
            await codeDeploy.GetDeploymentGroupAsync(
                new GetDeploymentGroupRequest { ApplicationName = application, DeploymentGroupName = Name }
            )
        ).DeploymentGroupInfo;
        var names = (info.AutoScalingGroups ?? []).ConvertAll(scaling => scaling.Name);
        if (names.Count == 0)
        {
            return [];
        }

        return (
                await autoScaling.DescribeAutoScalingGroupsAsync(new DescribeAutoScalingGroupsRequest { AutoScalingGroupNames = names })
            ).AutoScalingGroups
            ?? [];
    }
}

/// <summary>How many instances a compute group has and is to have.</summary>
/// <param name="InService">Those in service.</param>
/// <param name="Desired">Those that its Auto Scaling groups are to have.</param>
/// <param name="ScalingGroups">The names of its Auto Scaling groups.</param>
public sealed record GroupInstances(int InService, int Desired, IReadOnlyList<string> ScalingGroups)
{
    /// <summary>Whether the group was turned off: it is to have no instance.</summary>
    public bool AreOff => ScalingGroups.Count > 0 && Desired == 0;

    /// <summary>Whether some are still on their way.</summary>
    public bool AreComing => InService < Desired;
}
