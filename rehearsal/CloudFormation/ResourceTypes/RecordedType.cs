using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A resource type of which only the record is kept: physical id and attributes are computed, permissions are checked, time
/// passes.</summary>
/// <param name="Name">The type.</param>
/// <param name="Service">The service's IAM prefix.</param>
/// <param name="Actions">The IAM actions of creation, update and deletion, without the prefix.</param>
/// <param name="Identify">The identity of a new resource.</param>
public sealed record RecordedType(
    string Name,
    string Service,
    (string Create, string Update, string Delete) Actions,
    Func<ResourceCall, ResourceIdentity> Identify
) : IResourceType
{
    /// <summary>The ARN by which policies judge the calls, from the physical id; null for the one that the action knows.</summary>
    public Func<ResourceCall, string, string>? Arn { get; init; }

    /// <summary>How long creation, update and deletion take.</summary>
    public Func<ResourceCall, SimulatedDuration> Takes { get; init; } = _ => Durations.Resource;

    /// <summary>The property with a role that is handed to a service, and that service.</summary>
    public (string Property, string Principal)? PassesRole { get; init; }

    /// <summary>The property with the resource in which its physical id is unique; null when that is the account and region.</summary>
    public string? Within { get; init; }

    /// <summary>Hands a resource that was created or updated to the service that reads such resources.</summary>
    public Action<ResourceCall, ResourceIdentity>? Written { get; init; }

    /// <summary>Hands one that was deleted to it.</summary>
    public Action<ResourceCall>? Deleted { get; init; }

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Takes(call);

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var identity = Identify(call);
        Authorize(call, Actions.Create, identity.PhysicalId);
        var table = Table(call);
        var key = Key(call, identity.PhysicalId);
        if (table.Get(key) is not null)
        {
            throw new ApiException("AlreadyExistsException", $"{identity.PhysicalId} already exists");
        }

        table.Put(key, RecordedResource.Create(Name, call, identity));
        Written?.Invoke(call, identity);
        return identity;
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        Authorize(call, Actions.Update, id);
        var identity = new ResourceIdentity(id, call.Current.Attributes, call.Current.Reference);
        Table(call).Put(Key(call, id), RecordedResource.Create(Name, call, identity));
        Written?.Invoke(call, identity);
        return identity;
    }

    /// <summary>
    /// The IAM action by which drift detection reads it, without the prefix; null for a type that does not support it:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html.
    /// </summary>
    public string? ReadAction { get; init; }

    /// <inheritdoc/>
    public ResourceReading? Read(ResourceCall call)
    {
        if (ReadAction is null)
        {
            return null;
        }

        var id = call.Current!.PhysicalId!;
        Authorize(call, ReadAction, id);
        return Table(call).Get(Key(call, id)) is { } recorded ? RecordedResource.Reading(recorded) : ResourceReading.Gone;
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        Authorize(call, Actions.Delete, id);
        Table(call).Remove(Key(call, id));
        Deleted?.Invoke(call);
    }

    private static Table<RecordedResource> Table(ResourceCall call) => call.World.Store.Table<RecordedResource>("resources");

    private string Key(ResourceCall call, string id) =>
        Within is null
            ? RegionalKey.Create(call.Account, call.Region, Name, id)
            : RegionalKey.Create(call.Account, call.Region, Name, call.Properties.Required(Within), id);

    private void Authorize(ResourceCall call, string action, string id)
    {
        var permission = $"{Service}:{action}";
        var resource = new MadeResource(Name, call.Region, call.Account, Arn?.Invoke(call, id) ?? id);
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, Service, action, call.Account),
            [call.World.Api.ArnOf(permission, resource)],
            permission
        );
        if (call.Action is not Stacks.StepAction.Delete && PassesRole is { } passed && call.Properties.Text(passed.Property) is { } role)
        {
            call.World.Api.CheckPassRole(call.Principal, role, passed.Principal);
        }
    }
}
