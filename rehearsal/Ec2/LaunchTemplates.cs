using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ec2;

/// <summary>The launch templates of all accounts. CloudFormation puts them here; they need no time.</summary>
public sealed class LaunchTemplates(RehearsalWorld world)
{
    private readonly Table<LaunchSettings> _templates = world.Store.Table<LaunchSettings>("ec2/launch-templates");

    /// <summary>What a version of a template says, or <see langword="null"/>.</summary>
    public LaunchSettings? Find(string account, string region, string id, string version) =>
        _templates.Get(RegionalKey.Create(account, region, id, version));

    /// <summary>Adds a version.</summary>
    public void Put(string account, string region, LaunchSettings settings) =>
        _templates.Put(RegionalKey.Create(account, region, settings.TemplateId, settings.Version), settings);

    /// <summary>Removes a template with all versions.</summary>
    public void Remove(string account, string region, string id)
    {
        foreach (var (key, _) in _templates.WithPrefix(RegionalKey.Prefix(account, region, id)))
        {
            _templates.Remove(key);
        }
    }
}
