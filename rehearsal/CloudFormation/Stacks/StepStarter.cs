using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Rules;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Begins the work of a step with its resource type.</summary>
/// <param name="world">The world.</param>
/// <param name="journal">Takes the events.</param>
/// <param name="types">The resource types.</param>
/// <param name="outside">The values from outside the stack.</param>
/// <param name="faults">What goes wrong on purpose.</param>
/// <param name="look">Looks at a resource of a stack after some time; gives the timer.</param>
internal sealed class StepStarter(
    RehearsalWorld world,
    StackJournal journal,
    ResourceTypeCatalogue types,
    IStackValues outside,
    StackFaults faults,
    Func<TimeSpan, string, string, string> look
)
{
    /// <summary>Begins a step.</summary>
    /// <exception cref="TemplateException">Its properties cannot be evaluated.</exception>
    /// <exception cref="ApiException">The service refuses.</exception>
    public void Start(StackRecord stack, OperationRecord operation, Step step)
    {
        switch (step.Action)
        {
            case StepAction.Create:
                Create(stack, operation, step);
                break;
            case StepAction.Update:
                Update(stack, operation, step);
                break;
            case StepAction.Restore:
                Restore(stack, operation, step);
                break;
            case StepAction.Delete:
                Delete(stack, operation, step);
                break;
            case StepAction.Release:
                var released = stack.Resources[step.LogicalId];
                Begun(
                    stack,
                    operation,
                    step,
                    released,
                    Call(stack, operation, step, released.Properties, released),
                    (type, call) => type.Update(call)
                );
                break;
        }
    }

    private void Create(StackRecord stack, OperationRecord operation, Step step)
    {
        var evaluation = Evaluate(stack, operation);
        var declaration = evaluation.Template.Resources[step.LogicalId];
        var properties = evaluation.Evaluator.Properties(declaration.Properties);
        var resource = journal.Write(
            stack,
            new ResourceRecord(step.LogicalId, declaration.Type) { Properties = properties },
            ResourceStatus.CREATE_IN_PROGRESS
        );
        var call = Call(stack, operation, step, properties, null) with
        {
            Policy = (JsonObject?)evaluation.Evaluator.Value(declaration.CreationPolicy),
        };
        Begun(stack, operation, step, resource, call, (type, c) => type.Create(c));
        if (step.State == StepState.Running)
        {
            operation.Made.Add(
                journal.Write(stack, stack.Resources[step.LogicalId], ResourceStatus.CREATE_IN_PROGRESS, "Resource creation Initiated")
            );
        }
    }

    private void Update(StackRecord stack, OperationRecord operation, Step step)
    {
        var evaluation = Evaluate(stack, operation);
        var declaration = evaluation.Template.Resources[step.LogicalId];
        var current = stack.Resources[step.LogicalId];
        JsonObject properties;
        try
        {
            properties = evaluation.Evaluator.Properties(declaration.Properties);
        }
        catch (TemplateException)
        {
            journal.Write(stack, current, ResourceStatus.UPDATE_IN_PROGRESS);
            throw;
        }

        var changed = properties
            .Select(p => p.Key)
            .Union(current.Properties.Select(p => p.Key))
            .Where(name => !Nodes.Same(properties[name], current.Properties[name]))
            .ToList();
        if (changed.Count == 0 && !step.TagsChange && declaration.Type != StackJournal.StackType)
        {
            step.State = StepState.Done;
            return;
        }

        var rules = ReplacementRules.ForType(declaration.Type);
        step.Replaces = changed.Exists(name => rules.Replaces(name, current.Properties[name], properties[name]));
        var resource = current with { Properties = properties };
        var call = Call(stack, operation, step, properties, current) with
        {
            Policy = (JsonObject?)evaluation.Evaluator.Value(declaration.UpdatePolicy),
        };
        if (!step.Replaces)
        {
            journal.Write(stack, resource, ResourceStatus.UPDATE_IN_PROGRESS);
            Begun(stack, operation, step, resource, call, (type, c) => type.Update(c));
            return;
        }

        journal.Write(
            stack,
            resource,
            ResourceStatus.UPDATE_IN_PROGRESS,
            "Requested update requires the creation of a new physical resource; hence creating one."
        );
        Begun(
            stack,
            operation,
            step,
            resource,
            call with
            {
                Action = StepAction.Create,
                Current = null,
            },
            (type, c) => Replace(type, c, current)
        );
        operation.Obsolete.Add(current);
        operation.Made.Add(
            journal.Write(stack, stack.Resources[step.LogicalId], ResourceStatus.UPDATE_IN_PROGRESS, "Resource creation Initiated")
        );
    }

    private static ResourceIdentity Replace(IResourceType type, ResourceCall call, ResourceRecord current)
    {
        try
        {
            return type.Create(call);
        }
        catch (ApiException e)
            when (e.Code.Contains("Exist", StringComparison.Ordinal)
                || e.Code.Contains("Conflict", StringComparison.Ordinal)
                || e.Code.Contains("InUse", StringComparison.Ordinal)
            )
        {
            throw new TemplateException(
                $"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {current.PhysicalId} "
                    + "and update the stack again."
            );
        }
    }

    private void Restore(StackRecord stack, OperationRecord operation, Step step)
    {
        var current = stack.Resources[step.LogicalId];
        var former = step.Subject!;
        if (current.PhysicalId != former.PhysicalId)
        {
            journal.Write(stack, former, ResourceStatus.UPDATE_COMPLETE);
            step.State = StepState.Done;
            return;
        }

        var resource = journal.Write(stack, former with { PhysicalId = current.PhysicalId }, ResourceStatus.UPDATE_IN_PROGRESS);
        Begun(
            stack,
            operation,
            step,
            resource,
            Call(stack, operation, step, former.Properties, current),
            (type, call) => type.Update(call)
        );
    }

    private void Delete(StackRecord stack, OperationRecord operation, Step step)
    {
        var subject = step.Subject!;
        var declared = StackEvaluation.Read(stack.Definition.Executed).Resources.GetValueOrDefault(step.LogicalId);
        var isRollback = operation.Kind == OperationKind.CREATE_STACK || operation.Phase == OperationPhase.RevertCleanup;
        var isReplaced =
            operation.Phase == OperationPhase.Cleanup && operation.Obsolete.Exists(old => old.PhysicalId == subject.PhysicalId);
        var isKept = isReplaced
            ? declared?.UpdateReplacePolicy == "Retain"
            : declared is not null && (isRollback ? declared.DeletionPolicy == "Retain" : declared.IsRetained);
        if (isKept)
        {
            journal.Leave(stack, subject, ResourceStatus.DELETE_SKIPPED);
            step.State = StepState.Done;
            return;
        }

        journal.Leave(stack, subject, ResourceStatus.DELETE_IN_PROGRESS);
        var call = Call(stack, operation, step, subject.Properties, subject);
        var type = types.Find(subject.Type);
        type.Delete(call);
        step.Timer = look(type.Duration(call).Draw(world.Random), stack.Key, step.LogicalId);
    }

    private void Begun(
        StackRecord stack,
        OperationRecord operation,
        Step step,
        ResourceRecord resource,
        ResourceCall call,
        Func<IResourceType, ResourceCall, ResourceIdentity> begin
    )
    {
        var type = types.Find(resource.Type);
        try
        {
            if (step.Action is StepAction.Create or StepAction.Update)
            {
                SimulatedProperties.Check(resource.Type, call.Properties);
                PropertyRules.Check(resource.Type, call.Properties);
            }

            stack.Resources[step.LogicalId] = Identified(resource, begin(type, call));
        }
        catch (Exception refused)
            when (refused is TemplateException or ApiException { Code: not ("AccessDenied" or "AccessDeniedException") }
                && CustomResourceTypes.WhyRefused(call.Properties, refused.Message) is { } reason
            )
        {
            throw new TemplateException(reason);
        }

        var delay = faults.Delay(operation, step) ?? type.Duration(call).Draw(world.Random);
        step.Timer = look(delay, stack.Key, step.LogicalId);
    }

    /// <summary>What a resource type is asked for a step.</summary>
    public ResourceCall Call(StackRecord stack, OperationRecord operation, Step step, JsonObject properties, ResourceRecord? current) =>
        new(world, operation.Principal, stack, step.LogicalId, step.Action, properties, current)
        {
            StackTags = new Dictionary<string, string>(
                (
                    operation.Phase is OperationPhase.Apply or OperationPhase.Cleanup
                        ? operation.Target ?? stack.Definition
                        : stack.Definition
                ).Tags
            )
            {
                ["aws:cloudformation:stack-name"] = stack.Name,
                ["aws:cloudformation:logical-id"] = step.LogicalId,
                ["aws:cloudformation:stack-id"] = stack.Id,
            },
        };

    private StackEvaluation Evaluate(StackRecord stack, OperationRecord operation) =>
        new(stack, operation.Target ?? stack.Definition, new LiveValues(stack), outside);

    /// <summary>A resource with what it answers to references.</summary>
    public static ResourceRecord Identified(ResourceRecord resource, ResourceIdentity identity) =>
        resource with
        {
            PhysicalId = identity.PhysicalId,
            Reference = identity.Reference,
            Attributes = new(identity.Attributes),
        };
}
