using System.Text.Json;
using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Nodes;

/// <summary>
/// What Datomic's nodes do with a revision: stop, install, start, load it and the databases, answer. A revision that does
/// not load fails <c>ValidateService</c> and leaves its exception in the system's log.
/// </summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#deploy</remarks>
internal sealed class DatomicNodes : IInstanceAgent
{
    private const string AlertDue = "datomic/alert";
    private const string SystemTag = "datomic:system";
    private const string GroupTag = "datomic:tx-group";
    private static readonly TimeSpan HangingLoad = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan UntilAlert = TimeSpan.FromMinutes(2);
    private readonly RehearsalWorld _world;
    private readonly ScalingGroups _scaling;
    private readonly Deployments _deployments;
    private readonly NodeLog _log;
    private readonly NodeMetrics _metrics;

    /// <summary>The nodes of a world.</summary>
    public DatomicNodes(RehearsalWorld world, ScalingGroups scaling, Deployments deployments, NodeLog log, NodeMetrics metrics)
    {
        (_world, _scaling, _deployments, _log, _metrics) = (world, scaling, deployments, log, metrics);
        world.OnDue(
            AlertDue,
            process => log.Alerted(JsonSerializer.Deserialize<NodeProcess>(process)!),
            failed: (_, _) => {
                // Nobody waits for a line of a log.
            }
        );
    }

    /// <inheritdoc/>
    public bool Serves(DeployGroup group) => SystemOf(group) is not null;

    /// <inheritdoc/>
    public EventOutcome Begin(DeployGroup group, Deployment deployment, string instance, string lifecycleEvent) =>
        lifecycleEvent switch
        {
            LifecycleEvents.ApplicationStop => Takes(Durations.NodeStop),
            "DownloadBundle" or "Install" => Takes(Durations.CodeDeployBundle),
            LifecycleEvents.ApplicationStart => Takes(Durations.NodeStart),
            LifecycleEvents.ValidateService when IsNew(group, deployment) && _world.Faults.Strikes("ion-deploy-hangs") => new EventOutcome(
                HangingLoad
            ),
            LifecycleEvents.ValidateService when IsNew(group, deployment) && _world.Faults.Strikes("ion-load-fails") => GiveUp(
                group,
                deployment,
                instance
            ),
            LifecycleEvents.ValidateService => Takes(Durations.NodeLoad),
            _ => Takes(Durations.CodeDeployEvent),
        };

    /// <inheritdoc/>
    public void Succeeded(DeployGroup group, Deployment deployment, string instance, string lifecycleEvent)
    {
        // An instance that its group has ended meanwhile runs nothing.
        if (lifecycleEvent == LifecycleEvents.ValidateService && Node(group, deployment, instance) is { } node)
        {
            var isNew = IsNew(group, deployment);
            _log.Started(node, RevisionName(deployment));
            _metrics.Started(
                node,
                new NodeTrouble(
                    isNew && _world.Faults.Strikes("memory-low-after-deploy"),
                    isNew && _world.Faults.Strikes("throttled-after-deploy")
                )
            );
            if (isNew && _world.Faults.Strikes("alert-after-deploy"))
            {
                _world.Schedule(UntilAlert, AlertDue, JsonSerializer.Serialize(node));
            }
        }
    }

    private EventOutcome Takes(SimulatedDuration duration) => new(duration.Draw(_world.Random));

    /// <summary>Faults strike a revision that has never run in a group that has run another one.</summary>
    private bool IsNew(DeployGroup group, Deployment deployment) =>
        group.LastSuccessful is not null
        && !_deployments.Of(group).Any(earlier => earlier.Status == "Succeeded" && earlier.Revision == deployment.Revision);

    private EventOutcome GiveUp(DeployGroup group, Deployment deployment, string instance)
    {
        if (Node(group, deployment, instance) is { } node)
        {
            _log.FailedToLoad(node, RevisionName(deployment));
        }

        return new EventOutcome(
            Durations.NodeGivenUp.Draw(_world.Random),
            new EventDiagnostics(
                "ScriptFailed",
                "scripts/validate",
                "Script at specified location: scripts/validate run as user root failed with exit code 1",
                "[stderr]The application did not start within the time allowed."
            )
        );
    }

    /// <summary>The process on an instance; <see langword="null"/> when the instance is gone.</summary>
    private NodeProcess? Node(DeployGroup group, Deployment deployment, string instance)
    {
        if (Members(group).SelectMany(scalingGroup => scalingGroup.Instances).FirstOrDefault(one => one.Id == instance) is not { } member)
        {
            return null;
        }

        var target = deployment.Targets.First(candidate => candidate.InstanceId == instance);
        var started = target.Events.First(done => done.Name == LifecycleEvents.ApplicationStart).Started ?? _world.Now;
        var role = member.Template.Role ?? throw new InvalidOperationException($"the nodes of {group.Name} have no instance profile");
        return new NodeProcess(group.Account, group.Region, SystemOf(group)!, group.Name, instance, role, started);
    }

    private string? SystemOf(DeployGroup group) =>
        Members(group).SelectMany(scalingGroup => scalingGroup.Tags).FirstOrDefault(tag => tag.Key == SystemTag)?.Value;

    /// <summary>The Auto Scaling groups of a deployment group that are a compute group's.</summary>
    private IEnumerable<ScalingGroup> Members(DeployGroup group) =>
        group
            .ScalingGroups.Select(name => _scaling.Find(group.Account, group.Region, name))
            .OfType<ScalingGroup>()
            .Where(candidate => candidate.Tags.Any(tag => tag.Key == GroupTag && tag.Value == group.Name));

    private static string RevisionName(Deployment deployment) => Path.GetFileNameWithoutExtension(deployment.Revision.Key);
}
