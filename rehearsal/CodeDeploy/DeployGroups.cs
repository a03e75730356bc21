using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>The applications, revisions and deployment groups of all accounts.</summary>
public sealed class DeployGroups(RehearsalWorld world) : ITagSource
{
    private readonly Table<DeployApplication> _applications = world.Store.Table<DeployApplication>("codedeploy/applications");
    private readonly Table<RegisteredRevision> _revisions = world.Store.Table<RegisteredRevision>("codedeploy/revisions");
    private readonly Table<DeployGroup> _groups = world.Store.VersionedTable<DeployGroup>("codedeploy/groups", group => group);

    /// <summary>The applications of an account and region, by name.</summary>
    public IEnumerable<DeployApplication> Applications(string account, string region) =>
        _applications.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>An application by its name, or <see langword="null"/>.</summary>
    public DeployApplication? Application(string account, string region, string name) =>
        _applications.Get(RegionalKey.Create(account, region, name));

    /// <summary>Adds an application.</summary>
    /// <exception cref="ApiException">There is one of this name.</exception>
    public DeployApplication CreateApplication(string account, string region, string name, string computePlatform = "Server")
    {
        if (Application(account, region, name) is not null)
        {
            throw new ApiException("ApplicationAlreadyExistsException", $"Application already exists: {name}");
        }

        var application = new DeployApplication(world.Random.Uuid(), name, computePlatform, world.Now);
        _applications.Put(RegionalKey.Create(account, region, name), application);
        return application;
    }

    /// <summary>Removes an application with its revisions; its groups are to be removed before.</summary>
    public void DeleteApplication(string account, string region, string name)
    {
        _applications.Remove(RegionalKey.Create(account, region, name));
        foreach (var (key, _) in _revisions.WithPrefix(RegionalKey.Prefix(account, region, name)))
        {
            _revisions.Remove(key);
        }
    }

    /// <summary>The revisions of an application, in the order of their places.</summary>
    public IEnumerable<RegisteredRevision> Revisions(string account, string region, string application) =>
        _revisions.WithPrefix(RegionalKey.Prefix(account, region, application)).Select(entry => entry.Value);

    /// <summary>A registered revision, or <see langword="null"/>.</summary>
    public RegisteredRevision? Revision(string account, string region, string application, Bundle bundle) =>
        _revisions.Get(RevisionKey(account, region, application, bundle));

    /// <summary>Registers a revision; doing it twice does it once.</summary>
    public void Register(string account, string region, string application, Bundle bundle, string? description)
    {
        var known = Revision(account, region, application, bundle);
        _revisions.Put(
            RevisionKey(account, region, application, bundle),
            known is null
                ? new RegisteredRevision(bundle, description, world.Now, null, null)
                : known with
                {
                    Description = description ?? known.Description,
                }
        );
    }

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        All(account, region).Where(group => group.Tags.Count > 0).Select(group => new TaggedResource(group.Arn, group.Tags));

    /// <summary>All deployment groups of an account and region.</summary>
    public IEnumerable<DeployGroup> All(string account, string region) =>
        _groups.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>The deployment groups of an application, by name.</summary>
    public IEnumerable<DeployGroup> Of(string account, string region, string application) =>
        _groups.WithPrefix(RegionalKey.Prefix(account, region, application)).Select(entry => entry.Value);

    /// <summary>A deployment group by its name, or <see langword="null"/>.</summary>
    public DeployGroup? Find(string account, string region, string application, string name) =>
        _groups.Get(RegionalKey.Create(account, region, application, name));

    /// <summary>Adds a deployment group.</summary>
    /// <exception cref="ApiException">The application does not exist, or there is a group of this name.</exception>
    public DeployGroup Create(DeployGroup group)
    {
        if (Application(group.Account, group.Region, group.Application) is null)
        {
            throw new ApiException("ApplicationDoesNotExistException", $"No application found for name: {group.Application}");
        }

        if (Find(group.Account, group.Region, group.Application, group.Name) is not null)
        {
            throw new ApiException("DeploymentGroupAlreadyExistsException", $"Deployment group name already exists: {group.Name}");
        }

        Put(group);
        return group;
    }

    /// <summary>Changes a deployment group as it stands now.</summary>
    public void Change(DeployGroup group, Func<DeployGroup, DeployGroup> change) =>
        Put(change(Find(group.Account, group.Region, group.Application, group.Name) ?? group));

    /// <summary>Removes a deployment group.</summary>
    public void Delete(string account, string region, string application, string name) =>
        _groups.Remove(RegionalKey.Create(account, region, application, name));

    /// <summary>A revision is deployed.</summary>
    internal void Used(DeployGroup group, Bundle bundle)
    {
        Register(group.Account, group.Region, group.Application, bundle, null);
        var known = Revision(group.Account, group.Region, group.Application, bundle)!;
        _revisions.Put(
            RevisionKey(group.Account, group.Region, group.Application, bundle),
            known with
            {
                FirstUsed = known.FirstUsed ?? world.Now,
                LastUsed = world.Now,
            }
        );
    }

    private void Put(DeployGroup group) =>
        _groups.Put(RegionalKey.Create(group.Account, group.Region, group.Application, group.Name), group);

    private static string RevisionKey(string account, string region, string application, Bundle bundle) =>
        RegionalKey.Create(account, region, application, bundle.Bucket, bundle.Key);
}
