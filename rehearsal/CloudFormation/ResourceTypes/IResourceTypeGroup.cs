namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Several resource types that are declared together.</summary>
public interface IResourceTypeGroup
{
    /// <summary>The types.</summary>
    IEnumerable<IResourceType> Types { get; }
}
