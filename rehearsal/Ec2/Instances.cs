using System.Globalization;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ec2;

/// <summary>The virtual machines of all accounts.</summary>
public sealed class Instances(RehearsalWorld world)
{
    private readonly Table<Instance> _instances = world.Store.VersionedTable<Instance>("ec2/instances", instance => instance);
    private readonly Networks _networks = new(world);

    /// <summary>All of an account and region, in the order of their ids.</summary>
    public IEnumerable<Instance> All(string account, string region) =>
        _instances.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>One by its id, or <see langword="null"/>.</summary>
    public Instance? Find(string account, string region, string id) => _instances.Get(RegionalKey.Create(account, region, id));

    /// <summary>Starts one; it is pending until <see cref="Started"/>.</summary>
    public Instance Launch(
        string account,
        string region,
        LaunchSettings settings,
        string subnetId,
        IReadOnlyDictionary<string, string> tags
    )
    {
        var instance = new Instance
        {
            Id = "i-" + world.Random.HexId(17),
            ImageId = settings.ImageId,
            InstanceType = settings.InstanceType,
            SubnetId = subnetId,
            Zone = _networks.Subnet(account, region, subnetId)?.Zone ?? region + "a",
            PrivateIp = string.Create(CultureInfo.InvariantCulture, $"10.213.{world.Random.Next(48)}.{4 + world.Random.Next(250)}"),
            State = "pending",
            Launched = world.Now,
            Tags = tags,
        };
        Put(account, region, instance);
        return instance;
    }

    /// <summary>It runs.</summary>
    public void Started(string account, string region, string id) => Become(account, region, id, "running");

    /// <summary>It goes down.</summary>
    public void Stop(string account, string region, string id) => Become(account, region, id, "shutting-down");

    /// <summary>It is gone; AWS shows it as terminated for about an hour, the rehearsal for good.</summary>
    public void Terminated(string account, string region, string id) => Become(account, region, id, "terminated");

    private void Become(string account, string region, string id, string state)
    {
        if (Find(account, region, id) is { } instance)
        {
            Put(account, region, instance with { State = state });
        }
    }

    private void Put(string account, string region, Instance instance) =>
        _instances.Put(RegionalKey.Create(account, region, instance.Id), instance);
}
