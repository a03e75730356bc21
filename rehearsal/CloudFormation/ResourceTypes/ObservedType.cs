using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A type that is only recorded, of which a played service has to know.</summary>
/// <param name="recorded">Does the work.</param>
/// <param name="known">Tells the service of a resource that was made or changed.</param>
/// <param name="forgotten">Tells the service of a resource that was deleted.</param>
internal sealed class ObservedType(IResourceType recorded, Action<ResourceCall, ResourceIdentity> known, Action<ResourceCall> forgotten)
    : IResourceType
{
    /// <inheritdoc/>
    public string Name => recorded.Name;

    /// <inheritdoc/>
    public PlayedDuration Duration(ResourceCall call) => recorded.Duration(call);

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call) => Known(call, recorded.Create(call));

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) => Known(call, recorded.Update(call));

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        recorded.Delete(call);
        forgotten(call);
    }

    private ResourceIdentity Known(ResourceCall call, ResourceIdentity identity)
    {
        known(call, identity);
        return identity;
    }
}
