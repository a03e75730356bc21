using System.Text.Json.Nodes;
using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>
/// The deployments of all accounts: one instance after another, each through its lifecycle events, over virtual time.
/// A failed one is rolled back by a new deployment of the last revision that succeeded.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html</remarks>
public sealed class Deployments : ILaunchHook
{
    private const string DueStart = "codedeploy/start";
    private const string DueEvent = "codedeploy/event";

    private const string HealthMessage =
        "The overall deployment failed because too many individual instances failed deployment, too few healthy instances are available "
        + "for deployment, or some instances in your deployment group are experiencing problems.";

    private readonly RehearsalWorld _world;
    private readonly DeployGroups _groups;
    private readonly ScalingGroups _scaling;
    private readonly IEventSource _events;
    private readonly Table<Deployment> _deployments;
    private readonly List<IInstanceAgent> _agents = [];

    /// <summary>The deployments of a world. One per world: it answers the world's due moments.</summary>
    public Deployments(RehearsalWorld world, DeployGroups groups, ScalingGroups scaling, IEventSource events)
    {
        _world = world;
        _groups = groups;
        _scaling = scaling;
        _events = events;
        _deployments = world.Store.VersionedTable<Deployment>("codedeploy/deployments", deployment => deployment);
        world.OnDue(DueStart, Start, failed: Break);
        world.OnDue(DueEvent, EndEvent, failed: Break);
        scaling.Add(this);
    }

    /// <summary>Lets the software of some instances say how lifecycle events go.</summary>
    public void Add(IInstanceAgent agent) => _agents.Add(agent);

    /// <summary>All deployments of an account and region.</summary>
    public IEnumerable<Deployment> All(string account, string region) =>
        _deployments.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>One by its id, or <see langword="null"/>.</summary>
    public Deployment? Find(string account, string region, string id) => _deployments.Get(RegionalKey.Create(account, region, id));

    /// <summary>The deployments of a group, newest first.</summary>
    public IEnumerable<Deployment> Of(DeployGroup group) =>
        All(group.Account, group.Region)
            .Where(deployment => deployment.Application == group.Application && deployment.Group == group.Name)
            .OrderByDescending(deployment => deployment.Created)
            .ThenByDescending(deployment => deployment.Id, StringComparer.Ordinal);

    /// <summary>Creates a deployment to all instances that serve.</summary>
    /// <exception cref="ApiException">DeploymentLimitExceededException: another one runs in this group.</exception>
    public Deployment Create(DeployGroup group, Bundle revision, string? description)
    {
        if (group.Active is { } active)
        {
            throw new ApiException(
                "DeploymentLimitExceededException",
                $"The Deployment Group '{group.Name}' already has an active Deployment '{active}'"
            );
        }

        return Begin(group, revision, "user", InService(group), deployment => deployment with { Description = description });
    }

    /// <summary>Stops a deployment; a running lifecycle event is not waited for.</summary>
    public void Stop(Deployment deployment, bool rollBack)
    {
        var stopped = End(Skip(deployment), "Stopped");
        if (rollBack)
        {
            RollBack(stopped);
        }
    }

    /// <inheritdoc/>
    public bool Hold(ScalingGroup group, string instance)
    {
        var bound = _groups.All(group.Account, group.Region).FirstOrDefault(candidate => candidate.ScalingGroups.Contains(group.Name));
        if (bound?.TargetRevision is not { } revision)
        {
            return false;
        }

        Begin(bound, revision, "autoscaling", [instance], deployment => deployment);
        return true;
    }

    private List<string> InService(DeployGroup group) =>
        [
            .. group
                .ScalingGroups.SelectMany(name => _scaling.Find(group.Account, group.Region, name)?.InService ?? [])
                .Select(member => member.Id),
        ];

    private Deployment Begin(
        DeployGroup group,
        Bundle revision,
        string creator,
        List<string> instances,
        Func<Deployment, Deployment> finish
    )
    {
        var deployment = finish(
            new Deployment
            {
                Account = group.Account,
                Region = group.Region,
                Id = "d-" + _world.Random.UpperId(9),
                Application = group.Application,
                Group = group.Name,
                Revision = revision,
                Previous = group.TargetRevision,
                Status = "Created",
                Creator = creator,
                Created = _world.Now,
                Targets =
                [
                    .. instances.Select(id => new Target(
                        id,
                        "Pending",
                        _world.Now,
                        [.. LifecycleEvents.InOrder.Select(name => new TargetEvent(name, "Pending"))]
                    )),
                ],
            }
        );
        Put(deployment);
        _groups.Used(group, revision);
        if (!deployment.ForNewInstance)
        {
            _groups.Change(group, current => current with { Active = deployment.Id });
        }

        _world.Schedule(Durations.CodeDeployStart.Draw(_world.Random), DueStart, Key(deployment));
        return deployment;
    }

    private void Start(string key)
    {
        if (_deployments.Get(key) is not { Active: true } deployment)
        {
            return;
        }

        deployment = deployment with { Status = "InProgress", Started = _world.Now };
        Put(deployment);
        Publish(deployment, "START");
        if (deployment.Targets.Count == 0)
        {
            Fail(deployment, "NO_INSTANCES", "The deployment failed because no instances were found for your deployment group.");
            return;
        }

        BeginNext(deployment);
    }

    /// <summary>Begins the next event of the instance at work, or of the next instance, or ends the deployment.</summary>
    private void BeginNext(Deployment deployment)
    {
        if (deployment.Targets.FirstOrDefault(candidate => !candidate.Ended) is not { } target)
        {
            End(deployment, "Succeeded");
            return;
        }

        var name = target.Events.First(candidate => candidate.Status == "Pending").Name;
        deployment = Change(
            deployment,
            target.InstanceId,
            name,
            status: "InProgress",
            running => running with { Status = "InProgress", Started = _world.Now }
        );
        var group = Group(deployment);
        var outcome =
            _agents.Find(agent => agent.Serves(group))?.Begin(group, deployment, target.InstanceId, name)
            ?? new EventOutcome(
                (name is "DownloadBundle" or "Install" ? Durations.CodeDeployBundle : Durations.CodeDeployEvent).Draw(_world.Random)
            );
        if (outcome.Failure is { } failure)
        {
            deployment = Change(deployment, target.InstanceId, name, "InProgress", running => running with { Diagnostics = failure });
        }

        _world.Schedule(outcome.Duration, DueEvent, Key(deployment));
    }

    private void EndEvent(string key)
    {
        if (_deployments.Get(key) is not { Active: true } deployment)
        {
            return;
        }

        var target = deployment.Targets.First(candidate => candidate.Status == "InProgress");
        var running = target.Events.First(candidate => candidate.Status == "InProgress");
        if (running.Diagnostics is not null)
        {
            deployment = Change(
                deployment,
                target.InstanceId,
                running.Name,
                "Failed",
                failed => failed with { Status = "Failed", Ended = _world.Now }
            );
            FailTarget(deployment, target.InstanceId);
            return;
        }

        var last = running.Name == LifecycleEvents.InOrder[^1];
        deployment = Change(
            deployment,
            target.InstanceId,
            running.Name,
            last ? "Succeeded" : "InProgress",
            done => done with { Status = "Succeeded", Ended = _world.Now }
        );
        var group = Group(deployment);
        _agents.Find(agent => agent.Serves(group))?.Succeeded(group, deployment, target.InstanceId, running.Name);
        BeginNext(deployment);
    }

    /// <summary>https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html: INTERNAL_ERROR.</summary>
    private void Break(string key, string reason)
    {
        if (_deployments.Get(key) is { Active: true } deployment)
        {
            Fail(deployment, "INTERNAL_ERROR", reason);
        }
    }

    /// <summary>
    /// One failed instance fails a one-at-a-time deployment, unless it was the last of several: CodeDeploy takes it that
    /// one instance at a time may be offline.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html</remarks>
    private void FailTarget(Deployment deployment, string instance)
    {
        if (deployment.Targets.Count > 1 && deployment.Targets[^1].InstanceId == instance)
        {
            End(Skip(deployment), "Succeeded");
        }
        else
        {
            Fail(deployment, "HEALTH_CONSTRAINTS", HealthMessage);
        }
    }

    private void Fail(Deployment deployment, string code, string message)
    {
        var failed = End(Skip(deployment) with { ErrorCode = code, ErrorMessage = message }, "Failed");
        var group = Group(failed);
        if (group.RollsBackFailures && failed is { ForNewInstance: false, RollsBack: null })
        {
            RollBack(failed);
        }
    }

    private void RollBack(Deployment failed)
    {
        var group = Group(failed);
        if (group.TargetRevision is not { } revision)
        {
            Put(
                failed with
                {
                    RollbackMessage = "Deployment cannot be rolled back: there is no earlier deployment of this group that succeeded.",
                }
            );
            return;
        }

        var rollback = Begin(
            group,
            revision,
            "codeDeployRollback",
            InService(group),
            deployment =>
                deployment with
                {
                    RollsBack = failed.Id,
                    RollbackMessage = $"Rollback of deployment {failed.Id} to the last known good revision.",
                }
        );
        Put(
            failed with
            {
                RolledBackBy = rollback.Id,
                RollbackMessage = $"Deployment {failed.Id} was rolled back by deployment {rollback.Id}.",
            }
        );
    }

    private Deployment End(Deployment deployment, string status)
    {
        deployment = deployment with { Status = status, Completed = _world.Now };
        Put(deployment);
        var group = Group(deployment);
        if (deployment.ForNewInstance)
        {
            var instance = deployment.Targets[0].InstanceId;
            foreach (var name in group.ScalingGroups)
            {
                _scaling.CompleteLaunch(group.Account, group.Region, name, instance, status == "Succeeded");
            }
        }
        else
        {
            var last = new LastDeployment(deployment.Id, status, deployment.Created, _world.Now);
            _groups.Change(
                group,
                current =>
                    current with
                    {
                        Active = null,
                        LastAttempted = last,
                        LastSuccessful = status == "Succeeded" ? last : current.LastSuccessful,
                        TargetRevision = status == "Succeeded" ? deployment.Revision : current.TargetRevision,
                    }
            );
        }

        Publish(
            deployment,
            status switch
            {
                "Succeeded" => "SUCCESS",
                "Failed" => "FAILURE",
                _ => "STOP",
            }
        );
        if (status == "Succeeded")
        {
            UpdateOutdated(deployment);
        }

        return deployment;
    }

    /// <summary>
    /// Instances that were launched while another revision was being deployed have the one before, and get the newer one by a deployment
    /// that CodeDeploy makes itself.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html (scale-up events during a deployment);
    /// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html (outdatedInstancesStrategy, of which the
    /// default is simulated)
    /// </remarks>
    private void UpdateOutdated(Deployment ended)
    {
        var group = Group(ended);
        if (group is { Active: null, TargetRevision: { } revision } && Outdated(group, ended, revision) is { Count: > 0 } outdated)
        {
            Begin(group, revision, "CodeDeployAutoUpdate", outdated, deployment => deployment);
        }
    }

    /// <summary>Those in service whose last deployment brought another revision. One on which this deployment failed is none.</summary>
    private List<string> Outdated(DeployGroup group, Deployment ended, Bundle revision)
    {
        var all = Of(group).ToList();
        return
        [
            .. InService(group)
                .Where(id => ended.ForNewInstance || !ended.Targets.Any(target => target.InstanceId == id))
                .Where(id =>
                    all.Find(deployment => deployment.Targets.Any(target => target.InstanceId == id && target.Ended)) is { } last
                    && last.Revision != revision
                ),
        ];
    }

    /// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html</remarks>
    private void Publish(Deployment deployment, string state) =>
        _events.Publish(
            deployment.Account,
            deployment.Region,
            "aws.codedeploy",
            "CodeDeploy Deployment State-change Notification",
            [
                $"arn:aws:codedeploy:{deployment.Region}:{deployment.Account}:application:{deployment.Application}",
                $"arn:aws:codedeploy:{deployment.Region}:{deployment.Account}:deploymentgroup:{deployment.Application}/{deployment.Group}",
            ],
            new JsonObject
            {
                ["region"] = deployment.Region,
                ["deploymentId"] = deployment.Id,
                ["instanceGroupId"] = Group(deployment).Id,
                ["deploymentGroup"] = deployment.Group,
                ["state"] = state,
                ["application"] = deployment.Application,
            }
        );

    private DeployGroup Group(Deployment deployment) =>
        _groups.Find(deployment.Account, deployment.Region, deployment.Application, deployment.Group)
        ?? throw new InvalidOperationException($"the deployment group {deployment.Group} of {deployment.Id} is gone");

    /// <summary>What has not ended will not be done any more.</summary>
    private Deployment Skip(Deployment deployment) =>
        deployment with
        {
            Targets =
            [
                .. deployment.Targets.Select(target =>
                    target with
                    {
                        Status =
                            target.Ended ? target.Status
                            : target.Events.Any(done => done.Status == "InProgress") ? "Failed"
                            : "Skipped",
                        Updated = target.Ended ? target.Updated : _world.Now,
                        Events =
                        [
                            .. target.Events.Select(one => one.Status is "Pending" or "InProgress" ? one with { Status = "Skipped" } : one),
                        ],
                    }
                ),
            ],
        };

    private Deployment Change(Deployment deployment, string instance, string name, string status, Func<TargetEvent, TargetEvent> change)
    {
        deployment = deployment with
        {
            Targets =
            [
                .. deployment.Targets.Select(target =>
                    target.InstanceId == instance
                        ? target with
                        {
                            Status = status,
                            Updated = _world.Now,
                            Events = [.. target.Events.Select(one => one.Name == name ? change(one) : one)],
                        }
                        : target
                ),
            ],
        };
        Put(deployment);
        return deployment;
    }

    private void Put(Deployment deployment) => _deployments.Put(Key(deployment), deployment);

    private static string Key(Deployment deployment) => RegionalKey.Create(deployment.Account, deployment.Region, deployment.Id);
}
