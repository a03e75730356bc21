using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Drifts;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A resource type without a model of its own, simulated by its schema alone: properties are checked, references answer values
/// of the right form, time passes. Nothing else of its service is simulated, and permissions are not judged.</summary>
internal sealed class SchemaResource(ResourceSchema schema) : IResourceType
{
    /// <inheritdoc/>
    public string Name => schema.Name;

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        PropertyValidation.Check(schema, call.LogicalId, call.Properties);
        var identity = SchemaIdentity.Make(schema, call);
        var table = Table(call);
        var key = Key(call, identity.PhysicalId);
        if (table.Get(key) is not null)
        {
            throw new ApiException(
                "AlreadyExistsException",
                $"Resource of type '{Name}' with identifier '{identity.PhysicalId}' already exists."
            );
        }

        table.Put(key, RecordedResource.Create(Name, call, identity));
        SimulatedResource.Note(call, Name);
        return identity;
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        PropertyValidation.Check(schema, call.LogicalId, call.Properties);
        var current = call.Current!;
        var attributes = current.Attributes.ToDictionary(
            attribute => attribute.Key,
            attribute => call.Properties[attribute.Key] is JsonValue given ? given.DeepClone() : attribute.Value
        );
        var identity = new ResourceIdentity(current.PhysicalId!, attributes, current.Reference);
        Table(call).Put(Key(call, identity.PhysicalId), RecordedResource.Create(Name, call, identity));
        SimulatedResource.Note(call, Name);
        return identity;
    }

    /// <inheritdoc/>
    public ResourceReading? Read(ResourceCall call) =>
        !DriftSupport.Includes(Name) ? null
        : Table(call).Get(Key(call, call.Current!.PhysicalId!)) is { } recorded ? RecordedResource.Reading(recorded)
        : ResourceReading.Gone;

    /// <inheritdoc/>
    public void Delete(ResourceCall call) => Table(call).Remove(Key(call, call.Current!.PhysicalId!));

    private static Table<RecordedResource> Table(ResourceCall call) => call.World.Store.Table<RecordedResource>("resources");

    private string Key(ResourceCall call, string id) => RegionalKey.Create(call.Account, call.Region, Name, id);
}
