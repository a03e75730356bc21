using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Runs single steps: begins a resource's work, looks at it when its time has passed, writes down how it ended.</summary>
internal sealed class StepRunner
{
    private const string LookKind = "cloudformation/look";
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly StackJournal _journal;
    private readonly ResourceTypeCatalogue _types;
    private readonly IStackValues _outside;
    private readonly StackFaults _faults;
    private readonly Action<StackRecord> _advance;

    public StepRunner(
        RehearsalWorld world, StackTable stacks, StackJournal journal, ResourceTypeCatalogue types, IStackValues outside, StackFaults faults, Action<StackRecord> advance)
    {
        (_world, _stacks, _journal, _types, _outside, _faults, _advance) = (world, stacks, journal, types, outside, faults, advance);
        world.OnDue(LookKind, payload =>
        {
            var bar = payload.LastIndexOf('|');
            Look(stacks.Get(payload[..bar]), payload[(bar + 1)..]);
        });
    }

    /// <summary>Looks at a resource's work after some time.</summary>
    public string Look(TimeSpan delay, string stackKey, string logicalId) => _world.Schedule(delay, LookKind, $"{stackKey}|{logicalId}");

    /// <summary>Begins a step.</summary>
    public void Run(StackRecord stack, OperationRecord operation, Step step)
    {
        step.State = StepState.Running;
        try
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
                    Begun(stack, operation, step, released, Call(stack, operation, step, released.Properties, released), (type, call) => type.Update(call));
                    break;
            }
        }
        catch (TemplateException e)
        {
            Fail(stack, operation, step, e.Message);
        }
        catch (ApiException e)
        {
            Fail(stack, operation, step, Reason(e));
        }
    }

    /// <summary>Stops what runs, as CloudFormation does beside a failure or when the user cancels.</summary>
    public void Stop(StackRecord stack, OperationRecord operation)
    {
        foreach (var step in operation.Steps.Values.Where(s => s.State == StepState.Running))
        {
            Failed(stack, step, step.Action == StepAction.Create ? "Resource creation cancelled" : "Resource update cancelled");
        }
    }

    private void Create(StackRecord stack, OperationRecord operation, Step step)
    {
        var evaluation = Evaluate(stack, operation);
        var declaration = evaluation.Template.Resources[step.LogicalId];
        var properties = evaluation.Evaluator.Properties(declaration.Properties);
        var resource = Write(stack, new ResourceRecord(step.LogicalId, declaration.Type) { Properties = properties }, ResourceStatus.CREATE_IN_PROGRESS);
        var call = Call(stack, operation, step, properties, null) with { Policy = (JsonObject?)evaluation.Evaluator.Value(declaration.CreationPolicy) };
        Begun(stack, operation, step, resource, call, (type, c) => type.Create(c));
        if (step.State == StepState.Running)
        {
            operation.Made.Add(Write(stack, stack.Resources[step.LogicalId], ResourceStatus.CREATE_IN_PROGRESS, "Resource creation Initiated"));
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
            Write(stack, current, ResourceStatus.UPDATE_IN_PROGRESS);
            throw;
        }

        var changed = properties.Select(p => p.Key).Union(current.Properties.Select(p => p.Key)).Where(name => !Nodes.Same(properties[name], current.Properties[name])).ToList();
        if (changed.Count == 0 && !step.TagsChange && declaration.Type != StackJournal.StackType)
        {
            step.State = StepState.Done;
            return;
        }

        var rules = ReplacementRules.Of(declaration.Type);
        step.Replaces = changed.Exists(name => rules.RequiresRecreation(name) == RequiresRecreation.Always);
        var resource = current with { Properties = properties };
        var call = Call(stack, operation, step, properties, current) with { Policy = (JsonObject?)evaluation.Evaluator.Value(declaration.UpdatePolicy) };
        if (!step.Replaces)
        {
            Write(stack, resource, ResourceStatus.UPDATE_IN_PROGRESS);
            Begun(stack, operation, step, resource, call, (type, c) => type.Update(c));
            return;
        }

        Write(stack, resource, ResourceStatus.UPDATE_IN_PROGRESS, "Requested update requires the creation of a new physical resource; hence creating one.");
        Begun(stack, operation, step, resource, call with { Action = StepAction.Create, Current = null }, (type, c) => Replace(type, c, current));
        operation.Obsolete.Add(current);
        operation.Made.Add(Write(stack, stack.Resources[step.LogicalId], ResourceStatus.UPDATE_IN_PROGRESS, "Resource creation Initiated"));
    }

    private static ResourceIdentity Replace(IResourceType type, ResourceCall call, ResourceRecord current)
    {
        try
        {
            return type.Create(call);
        }
        catch (ApiException e) when (e.Code.Contains("Exist", StringComparison.Ordinal) || e.Code.Contains("Conflict", StringComparison.Ordinal) || e.Code.Contains("InUse", StringComparison.Ordinal))
        {
            throw new TemplateException(
                $"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {current.PhysicalId} and update the stack again.");
        }
    }

    private void Restore(StackRecord stack, OperationRecord operation, Step step)
    {
        var current = stack.Resources[step.LogicalId];
        var former = step.Subject!;
        if (current.PhysicalId != former.PhysicalId)
        {
            Write(stack, former, ResourceStatus.UPDATE_COMPLETE);
            step.State = StepState.Done;
            return;
        }

        var resource = Write(stack, former with { PhysicalId = current.PhysicalId }, ResourceStatus.UPDATE_IN_PROGRESS);
        Begun(stack, operation, step, resource, Call(stack, operation, step, former.Properties, current), (type, call) => type.Update(call));
    }

    private void Delete(StackRecord stack, OperationRecord operation, Step step)
    {
        var subject = step.Subject!;
        var declared = StackEvaluation.Read(stack.Definition.TemplateBody).Resources.GetValueOrDefault(step.LogicalId);
        var isRollback = operation.Kind == OperationKind.CREATE_STACK || operation.Phase == OperationPhase.RevertCleanup;
        var isReplaced = operation.Phase == OperationPhase.Cleanup && operation.Obsolete.Exists(old => old.PhysicalId == subject.PhysicalId);
        var isKept = isReplaced ? declared?.UpdateReplacePolicy == "Retain"
            : declared is not null && (isRollback ? declared.DeletionPolicy == "Retain" : declared.IsRetained);
        if (isKept)
        {
            Leave(stack, subject, ResourceStatus.DELETE_SKIPPED);
            step.State = StepState.Done;
            return;
        }

        Leave(stack, subject, ResourceStatus.DELETE_IN_PROGRESS);
        var call = Call(stack, operation, step, subject.Properties, subject);
        var type = _types.Find(subject.Type);
        type.Delete(call);
        step.Timer = Look(type.Duration(call).Draw(_world.Random), stack.Key, step.LogicalId);
    }

    private void Begun(StackRecord stack, OperationRecord operation, Step step, ResourceRecord resource, ResourceCall call, Func<IResourceType, ResourceCall, ResourceIdentity> begin)
    {
        var type = _types.Find(resource.Type);
        stack.Resources[step.LogicalId] = Identified(resource, begin(type, call));
        var delay = _faults.Delay(operation, step) ?? type.Duration(call).Draw(_world.Random);
        step.Timer = Look(delay, stack.Key, step.LogicalId);
    }

    private void Look(StackRecord stack, string logicalId)
    {
        if (stack.Operation is not { } operation || operation.Steps.GetValueOrDefault(logicalId) is not { State: StepState.Running } step)
        {
            return;
        }

        var resource = step.Action == StepAction.Delete ? step.Subject! : stack.Resources[logicalId];
        try
        {
            var progress = _types.Find(resource.Type).Look(Call(stack, operation, step, resource.Properties, resource));
            var fault = progress.IsReady ? _faults.Strike(operation, step, resource) : null;
            Judge(stack, operation, step, resource, fault is null ? progress : ResourceProgress.Failed(fault));
        }
        catch (TemplateException e)
        {
            Fail(stack, operation, step, e.Message);
        }
        catch (ApiException e)
        {
            Fail(stack, operation, step, Reason(e));
        }

        if (step.State != StepState.Running)
        {
            _advance(stack);
        }

        _stacks.Put(stack);
    }

    private void Judge(StackRecord stack, OperationRecord operation, Step step, ResourceRecord resource, ResourceProgress progress)
    {
        if (progress.Identity is { } identity)
        {
            stack.Resources[resource.LogicalId] = resource = Identified(resource, identity);
        }

        if (progress.Failure is { } failure)
        {
            Fail(stack, operation, step, failure);
        }
        else if (progress.IsReady)
        {
            step.State = StepState.Done;
            Done(stack, step, resource);
        }
        else if (progress.LookAgain is { } delay)
        {
            step.Timer = Look(delay, stack.Key, step.LogicalId);
        }
    }

    private void Done(StackRecord stack, Step step, ResourceRecord resource)
    {
        switch (step.Action)
        {
            case StepAction.Create:
                Write(stack, resource, ResourceStatus.CREATE_COMPLETE);
                break;
            case StepAction.Delete:
                Leave(stack, resource, ResourceStatus.DELETE_COMPLETE);
                break;
            case StepAction.Update or StepAction.Restore:
                Write(stack, resource, ResourceStatus.UPDATE_COMPLETE);
                break;
        }
    }

    private void Fail(StackRecord stack, OperationRecord operation, Step step, string reason)
    {
        Failed(stack, step, reason);
        if (operation.Phase == OperationPhase.Apply)
        {
            Stop(stack, operation);
        }
    }

    private void Failed(StackRecord stack, Step step, string reason)
    {
        step.State = StepState.Failed;
        if (step.Timer is { } timer)
        {
            _world.Cancel(timer);
        }

        if (step.Action == StepAction.Delete)
        {
            Leave(stack, step.Subject!, ResourceStatus.DELETE_FAILED, reason);
        }
        else if (stack.Resources.TryGetValue(step.LogicalId, out var resource))
        {
            Write(stack, resource, step.Action == StepAction.Create ? ResourceStatus.CREATE_FAILED : ResourceStatus.UPDATE_FAILED, reason);
        }
        else
        {
            // The properties could not even be evaluated.
            var type = StackEvaluation.Read(stack.Described.TemplateBody).Resources[step.LogicalId].Type;
            Write(stack, new ResourceRecord(step.LogicalId, type), ResourceStatus.CREATE_FAILED, reason);
        }
    }

    private ResourceRecord Write(StackRecord stack, ResourceRecord resource, ResourceStatus status, string? reason = null)
    {
        var written = resource with { Status = status, StatusReason = reason, Updated = _world.Now };
        stack.Resources[resource.LogicalId] = written;
        _journal.Resource(stack, written);
        return written;
    }

    /// <summary>Writes down a deletion: on the stack's resource, unless another physical one took its place.</summary>
    private void Leave(StackRecord stack, ResourceRecord subject, ResourceStatus status, string? reason = null)
    {
        if (stack.Resources.GetValueOrDefault(subject.LogicalId)?.PhysicalId == subject.PhysicalId)
        {
            Write(stack, subject, status, reason);
        }
        else
        {
            _journal.Resource(stack, subject with { Status = status, StatusReason = reason, Updated = _world.Now });
        }
    }

    private ResourceCall Call(StackRecord stack, OperationRecord operation, Step step, JsonObject properties, ResourceRecord? current) =>
        new(_world, operation.Principal, stack, step.LogicalId, step.Action, properties, current)
        {
            StackTags = new Dictionary<string, string>((operation.Phase is OperationPhase.Apply or OperationPhase.Cleanup ? operation.Target ?? stack.Definition : stack.Definition).Tags)
            {
                ["aws:cloudformation:stack-name"] = stack.Name,
                ["aws:cloudformation:logical-id"] = step.LogicalId,
                ["aws:cloudformation:stack-id"] = stack.Id,
            },
        };

    private StackEvaluation Evaluate(StackRecord stack, OperationRecord operation) => new(stack, operation.Target ?? stack.Definition, new LiveValues(stack), _outside);

    private static ResourceRecord Identified(ResourceRecord resource, ResourceIdentity identity) =>
        resource with { PhysicalId = identity.PhysicalId, Reference = identity.Reference, Attributes = new(identity.Attributes) };

    private string Reason(ApiException error) => $"Resource handler returned message: \"{error.Message}\" (RequestToken: {_world.Random.Uuid()}, HandlerErrorCode: {HandlerErrorCode(error)})";

    /// <summary>https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html</summary>
    private static string HandlerErrorCode(ApiException error) => error.Code switch
    {
        var code when code.Contains("AccessDenied", StringComparison.Ordinal) || code.Contains("Unauthorized", StringComparison.Ordinal) => "AccessDenied",
        var code when code.Contains("Exist", StringComparison.Ordinal) || code.Contains("Conflict", StringComparison.Ordinal) => "AlreadyExists",
        var code when code.Contains("NotFound", StringComparison.Ordinal) || code.Contains("NoSuch", StringComparison.Ordinal) => "NotFound",
        var code when code.Contains("Limit", StringComparison.Ordinal) || code.Contains("Quota", StringComparison.Ordinal) => "ServiceLimitExceeded",
        _ => "InvalidRequest",
    };
}
