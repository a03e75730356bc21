using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ec2;

/// <summary>A subnet. Stored under "account/region/id".</summary>
public sealed record Subnet(string Id, string VpcId, string CidrBlock, string Zone, IReadOnlyDictionary<string, string> Tags);

/// <summary>The subnets of all accounts. CloudFormation puts them here; they need no time.</summary>
public sealed class Networks(RehearsalWorld world)
{
    private readonly Table<Subnet> _subnets = world.Store.VersionedTable<Subnet>("ec2/subnets", subnet => subnet);

    /// <summary>All subnets of an account and region, in the order of their ids.</summary>
    public IEnumerable<Subnet> Subnets(string account, string region) =>
        _subnets.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>One by its id, or <see langword="null"/>.</summary>
    public Subnet? Subnet(string account, string region, string id) => _subnets.Get(RegionalKey.Create(account, region, id));

    /// <summary>Adds or replaces a subnet.</summary>
    public void Put(string account, string region, Subnet subnet) => _subnets.Put(RegionalKey.Create(account, region, subnet.Id), subnet);

    /// <summary>Removes a subnet.</summary>
    public void Remove(string account, string region, string id) => _subnets.Remove(RegionalKey.Create(account, region, id));

    /// <summary>The zones' ids, which name the same place in every account: <c>use1-az1</c> for <c>us-east-1a</c>.</summary>
    /// <remarks>The rehearsal maps letters to numbers in order, which AWS shuffles by account.</remarks>
    public static string ZoneId(string zone)
    {
        var parts = zone[..^1].Split('-');
        return $"{parts[0]}{parts[1][0]}{parts[2]}-az{zone[^1] - 'a' + 1}";
    }
}
