using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>What references to resources would give during an update that has not begun.</summary>
internal sealed class PlannedValues(IReadOnlyDictionary<string, ExistingResource> existing) : IResourceValues
{
    private readonly Dictionary<string, ResourceChange> _changes = [];

    public void Add(ResourceChange change) => _changes.Add(change.LogicalId, change);

    /// <summary>Whether a reference may give something else than before, and whether that is certain.</summary>
    public (bool Changes, bool IsDynamic) Judge(Reference reference) =>
        _changes.GetValueOrDefault(reference.Target) switch
        {
            null => (false, false),
            { Action: ChangeAction.Add } => (true, false),
            { Replacement: Replacement.True } => (true, reference.Attribute is not null),
            { Replacement: Replacement.Conditional } => (true, true),
            _ => (reference.Attribute is not null, true),
        };

    public JsonNode Ref(string logicalId) =>
        Judge(new Reference(logicalId)).Changes || !existing.TryGetValue(logicalId, out var resource)
            ? KnownAfterApply.Text
            : resource.Reference;

    public JsonNode GetAtt(string logicalId, string attribute)
    {
        if (Judge(new Reference(logicalId, attribute)).Changes || !existing.TryGetValue(logicalId, out var resource))
        {
            return KnownAfterApply.Text;
        }

        return resource.Attributes.TryGetValue(attribute, out var value) ? value.DeepClone()
            : CustomResourceTypes.Includes(resource.Type) ? CustomResourceTypes.MissingAttribute(logicalId, attribute, resource.Attributes)
            : KnownAfterApply.Text;
    }
}
