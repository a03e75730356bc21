using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>The resource types that stacks can hold.</summary>
public sealed class ResourceTypeCatalogue
{
    private readonly Dictionary<string, IResourceType> _types = [];

    internal ResourceTypeCatalogue(IResourceType nested)
    {
        foreach (var type in RecordedNetwork.Types.Concat<IResourceType>(RecordedServerless.Types).Concat(RecordedForNow.Types).Append(nested))
        {
            _types.Add(type.Name, type);
        }
    }

    /// <summary>The names of all of them.</summary>
    public IReadOnlyCollection<string> Names => _types.Keys;

    /// <summary>The type of this name; templates with others were refused.</summary>
    public IResourceType Find(string name) => _types.GetValueOrDefault(name) ?? throw new TemplateException($"Template format error: Unrecognized resource types: [{name}]");

    /// <summary>Plays a type from now on through its service.</summary>
    public void Use(IResourceType type) => _types[type.Name] = type;
}
