using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>
/// The Auto Scaling groups of all accounts: instances are launched and ended over virtual time until there are as many
/// as desired, of the template that is set.
/// </summary>
public sealed class ScalingGroups
{
    private const string Due = "autoscaling/instance";
    private readonly RehearsalWorld _world;
    private readonly Table<ScalingGroup> _groups;
    private readonly Instances _instances;
    private readonly IEventSource _events;
    private readonly List<ILaunchHook> _hooks = [];

    /// <summary>The groups of a world. One per world: it answers the world's due moments.</summary>
    /// <param name="world">The world.</param>
    /// <param name="events">Where launches are published.</param>
    public ScalingGroups(RehearsalWorld world, IEventSource events)
    {
        _world = world;
        _events = events;
        _groups = world.Store.Table<ScalingGroup>("autoscaling/groups");
        _instances = new Instances(world);
        world.OnDue(Due, Advance, failed: (payload, _) => Break(payload));
    }

    /// <summary>Lets a service hold new instances back until it is done with them: a lifecycle hook.</summary>
    public void Add(ILaunchHook hook) => _hooks.Add(hook);

    /// <summary>All groups of an account and region, by name.</summary>
    public IEnumerable<ScalingGroup> All(string account, string region) =>
        _groups.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>A group by its name, or <see langword="null"/>.</summary>
    public ScalingGroup? Find(string account, string region, string name) => _groups.Get(RegionalKey.Create(account, region, name));

    /// <summary>Adds a group and launches its instances.</summary>
    /// <exception cref="ApiException">AlreadyExists, or sizes that contradict each other.</exception>
    public void Create(ScalingGroup group)
    {
        if (Find(group.Account, group.Region, group.Name) is not null)
        {
            throw new ApiException(
                "AlreadyExists",
                $"AutoScalingGroup by this name already exists - A group with the name {group.Name} already exists"
            );
        }

        CheckSizes(group);
        Put(group);
        Reconcile(group);
    }

    /// <summary>Changes a group; more or fewer instances follow at once, a changed template only applies to new ones.</summary>
    /// <exception cref="ApiException">The group does not exist, or sizes contradict each other.</exception>
    public void Update(string account, string region, string name, Func<ScalingGroup, ScalingGroup> change)
    {
        var group = change(Existing(account, region, name));
        CheckSizes(group);
        Put(group);
        Reconcile(group);
    }

    /// <summary>Exchanges the instances that are not of the group's template, as a stack's update policy does.</summary>
    public void Roll(string account, string region, string name, RollingUpdate update) =>
        Update(account, region, name, group => group with { Rolling = update });

    /// <summary>Ends all instances, then the group.</summary>
    /// <exception cref="ApiException">The group does not exist, or has instances and is not forced.</exception>
    public void Delete(string account, string region, string name, bool force)
    {
        var group = Existing(account, region, name);
        if (group.Instances.Count > 0 && !force)
        {
            throw new ApiException(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group."
            );
        }

        group = group with { Deleting = true, MinSize = 0, MaxSize = 0, DesiredCapacity = 0, Rolling = null };
        Put(group);
        Reconcile(group);
    }

    /// <summary>A hook is done with an instance that it held back: it serves, or is ended and replaced.</summary>
    public void CompleteLaunch(string account, string region, string name, string instance, bool succeeded)
    {
        if (
            Find(account, region, name) is { } group
            && group.Instances.Any(member => member.Id == instance && member.State == "Pending:Wait")
        )
        {
            Become(group, instance, succeeded ? "InService" : "Terminating");
        }
    }

    private void Advance(string payload)
    {
        if (Member(payload) is not { } member)
        {
            return;
        }

        var (group, id) = (member.Group, member.Instance.Id);
        if (member.Instance.State == "Terminating")
        {
            Remove(group, id);
            return;
        }

        _instances.Started(group.Account, group.Region, id);
        var held = Become(group, id, "Pending:Wait");
        if (!_hooks.Exists(hook => hook.Hold(held, id)))
        {
            Become(held, id, "InService");
        }
    }

    /// <summary>An instance that nothing would lead any further is ended and replaced, as one whose launch has failed.</summary>
    private void Break(string payload)
    {
        if (Member(payload) is not { } member)
        {
            return;
        }

        if (member.Instance.State == "Terminating")
        {
            Remove(member.Group, member.Instance.Id);
        }
        else
        {
            Become(member.Group, member.Instance.Id, "Terminating");
        }
    }

    private (ScalingGroup Group, ScalingInstance Instance)? Member(string payload)
    {
        var (account, region, name, id) = payload.Split('/') is [var a, var r, var n, var i]
            ? (a, r, n, i)
            : throw new FormatException(payload);
        return Find(account, region, name) is { } group && group.Instances.FirstOrDefault(member => member.Id == id) is { } instance
            ? (group, instance)
            : null;
    }

    private void Remove(ScalingGroup group, string id)
    {
        _instances.Terminated(group.Account, group.Region, id);
        group = group with { Instances = [.. group.Instances.Where(member => member.Id != id)] };
        Put(group);
        Reconcile(group);
    }

    private ScalingGroup Become(ScalingGroup group, string id, string state)
    {
        group = group with { Instances = [.. group.Instances.Select(member => member.Id == id ? member with { State = state } : member)] };
        Put(group);
        if (state == "Terminating")
        {
            _instances.Stop(group.Account, group.Region, id);
            Schedule(group, id, Durations.InstanceTermination);
        }
        else if (state == "InService")
        {
            LaunchEvents.Publish(_events, group, id);
        }

        Reconcile(group);
        return Find(group.Account, group.Region, group.Name)!;
    }

    private void Reconcile(ScalingGroup group)
    {
        if (group is { Deleting: true, Instances.Count: 0 })
        {
            _groups.Remove(Key(group));
            return;
        }

        if (group.Rolling is not null && !group.Instances.Any(member => member.Template != group.Template))
        {
            group = group with { Rolling = null };
            Put(group);
        }

        var living = group.Instances.Where(member => member.State != "Terminating").ToList();
        if (living.Count < Wanted(group))
        {
            Launch(group);
        }
        else if (ToEnd(group, living) is { } surplus)
        {
            Become(group, surplus.Id, "Terminating");
        }
    }

    /// <summary>While instances are exchanged, a batch more than desired where the maximum allows it.</summary>
    private static int Wanted(ScalingGroup group)
    {
        var outdated = group.Instances.Count(member => member.Template != group.Template && member.State != "Terminating");
        return group.Rolling is { } rolling && outdated > 0
            ? Math.Min(group.MaxSize, group.DesiredCapacity + Math.Min(rolling.MaxBatchSize, outdated))
            : group.DesiredCapacity;
    }

    private static ScalingInstance? ToEnd(ScalingGroup group, List<ScalingInstance> living)
    {
        if (group.Rolling is { } rolling)
        {
            var spare = group.InService.Count() > rolling.MinInstancesInService;
            var launching = living.Exists(member => member.State != "InService");
            return spare && !launching ? living.Find(member => member.Template != group.Template) : null;
        }

        return living.Count > group.DesiredCapacity ? living[0] : null;
    }

    private void Launch(ScalingGroup group)
    {
        var subnet = group.Subnets[group.Instances.Count % group.Subnets.Count];
        var tags = group.Tags.Where(tag => tag.PropagateAtLaunch).ToDictionary(tag => tag.Key, tag => tag.Value);
        tags["aws:autoscaling:groupName"] = group.Name;
        var instance = _instances.Launch(group.Account, group.Region, group.Template, subnet, tags);
        group = group with { Instances = [.. group.Instances, new ScalingInstance(instance.Id, instance.Zone, "Pending", group.Template)] };
        Put(group);
        Schedule(group, instance.Id, Durations.InstanceLaunch);
        Reconcile(group);
    }

    private void Schedule(ScalingGroup group, string instance, SimulatedDuration duration) =>
        _world.Schedule(duration.Draw(_world.Random), Due, $"{Key(group)}/{instance}");

    private ScalingGroup Existing(string account, string region, string name) =>
        Find(account, region, name) ?? throw new ApiException("ValidationError", $"AutoScalingGroup name not found - null");

    private static void CheckSizes(ScalingGroup group)
    {
        if (group.MinSize > group.MaxSize)
        {
            throw new ApiException(
                "ValidationError",
                "Max bound, " + group.MaxSize + ", must be greater than or equal to min bound, " + group.MinSize
            );
        }

        if (group.DesiredCapacity < group.MinSize || group.DesiredCapacity > group.MaxSize)
        {
            throw new ApiException(
                "ValidationError",
                "Desired capacity:"
                    + group.DesiredCapacity
                    + " must be between the specified min size:"
                    + group.MinSize
                    + " and max size:"
                    + group.MaxSize
            );
        }
    }

    private void Put(ScalingGroup group) => _groups.Put(Key(group), group);

    private static string Key(ScalingGroup group) => RegionalKey.Create(group.Account, group.Region, group.Name);
}
