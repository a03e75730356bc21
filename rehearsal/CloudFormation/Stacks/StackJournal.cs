using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Takes each change of status: what EventBridge publishes.</summary>
public interface IStackListener
{
    /// <summary>A stack's state has changed.</summary>
    void StackChanged(StackRecord stack, StackEvent change);

    /// <summary>A resource's state has changed.</summary>
    void ResourceChanged(StackRecord stack, StackEvent change);
}

/// <summary>Writes statuses down: on the record, as an event, to listeners.</summary>
internal sealed class StackJournal(RehearsalWorld world, StackTable stacks)
{
    public const string StackType = "AWS::CloudFormation::Stack";

    public List<IStackListener> Listeners { get; } = [];

    public void Status(StackRecord stack, StackStatus status, string? reason = null)
    {
        (stack.Status, stack.StatusReason) = (status, reason);
        var change = Event(stack, world.Random.Uuid(), stack.Name, stack.Id, StackType, status.ToString(), reason);
        stacks.Add(stack, change);
        Listeners.ForEach(listener => listener.StackChanged(stack, change));
    }

    private void Resource(StackRecord stack, ResourceRecord resource)
    {
        var change = Event(
            stack,
            $"{resource.LogicalId}-{resource.Status}-{world.Now:yyyy-MM-ddTHH:mm:ss.fffZ}",
            resource.LogicalId,
            resource.PhysicalId,
            resource.Type,
            resource.Status.ToString(),
            resource.StatusReason
        ) with
        {
            Properties = resource.Properties.ToJsonString(),
        };
        stacks.Add(stack, change);
        Listeners.ForEach(listener => listener.ResourceChanged(stack, change));
    }

    /// <summary>Writes a resource of a stack down.</summary>
    public ResourceRecord Write(StackRecord stack, ResourceRecord resource, ResourceStatus status, string? reason = null)
    {
        var written = resource with { Status = status, StatusReason = reason, Updated = world.Now };
        stack.Resources[resource.LogicalId] = written;
        Resource(stack, written);
        return written;
    }

    /// <summary>Writes down a deletion: on the stack's resource, unless another physical one took its place.</summary>
    public void Leave(StackRecord stack, ResourceRecord subject, ResourceStatus status, string? reason = null)
    {
        if (stack.Resources.GetValueOrDefault(subject.LogicalId)?.PhysicalId == subject.PhysicalId)
        {
            Write(stack, subject, status, reason);
        }
        else
        {
            Resource(stack, subject with { Status = status, StatusReason = reason, Updated = world.Now });
        }
    }

    private StackEvent Event(
        StackRecord stack,
        string id,
        string logicalId,
        string? physicalId,
        string type,
        string status,
        string? reason
    ) =>
        new(id, stack.Id, stack.Name, logicalId, physicalId, type, world.Now, status)
        {
            Reason = reason,
            Token = stack.Operation?.Token,
            OperationId = stack.Operation?.Id,
        };
}
