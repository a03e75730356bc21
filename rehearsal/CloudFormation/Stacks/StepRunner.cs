using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Runs single steps to their end: looks at a resource's work when its time has passed, and writes down how it ended.</summary>
internal sealed class StepRunner
{
    private const string LookKind = "cloudformation/look";
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly StackJournal _journal;
    private readonly ResourceTypeCatalogue _types;
    private readonly StackFaults _faults;
    private readonly StepStarter _starter;
    private readonly Action<StackRecord> _advance;

    public StepRunner(
        RehearsalWorld world,
        StackTable stacks,
        StackJournal journal,
        ResourceTypeCatalogue types,
        IStackValues outside,
        StackFaults faults,
        Action<StackRecord> advance
    )
    {
        (_world, _stacks, _journal, _types, _faults, _advance) = (world, stacks, journal, types, faults, advance);
        _starter = new StepStarter(world, journal, types, outside, faults, Look);
        world.OnDue(
            LookKind,
            payload =>
            {
                var (stack, id) = Split(payload);
                Look(stack, id);
            },
            failed: (payload, reason) =>
            {
                var (stack, id) = Split(payload);
                Break(stack, id, reason);
            }
        );

        (StackRecord Stack, string LogicalId) Split(string payload)
        {
            var bar = payload.LastIndexOf('|');
            return (stacks.Get(payload[..bar]), payload[(bar + 1)..]);
        }
    }

    /// <summary>Looks at a resource's work after some time.</summary>
    public string Look(TimeSpan delay, string stackKey, string logicalId) => _world.Schedule(delay, LookKind, $"{stackKey}|{logicalId}");

    /// <summary>Begins a step.</summary>
    public void Run(StackRecord stack, OperationRecord operation, Step step)
    {
        step.State = StepState.Running;
        try
        {
            _starter.Start(stack, operation, step);
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

    private void Look(StackRecord stack, string logicalId)
    {
        if (stack.Operation is not { } operation || operation.Steps.GetValueOrDefault(logicalId) is not { State: StepState.Running } step)
        {
            return;
        }

        var resource = step.Action == StepAction.Delete ? step.Subject! : stack.Resources[logicalId];
        try
        {
            var progress = _types.Find(resource.Type).Look(_starter.Call(stack, operation, step, resource.Properties, resource));
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

    /// <summary>A step that nothing would look at again has failed.</summary>
    private void Break(StackRecord stack, string logicalId, string reason)
    {
        if (stack.Operation is { } operation && operation.Steps.GetValueOrDefault(logicalId) is { State: StepState.Running } step)
        {
            Fail(stack, operation, step, reason);
        }

        _advance(stack);
        _stacks.Put(stack);
    }

    private void Judge(StackRecord stack, OperationRecord operation, Step step, ResourceRecord resource, ResourceProgress progress)
    {
        if (progress.Identity is { } identity)
        {
            stack.Resources[resource.LogicalId] = resource = StepStarter.Identified(resource, identity);
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
                _journal.Write(stack, resource, ResourceStatus.CREATE_COMPLETE);
                break;
            case StepAction.Delete:
                _journal.Leave(stack, resource, ResourceStatus.DELETE_COMPLETE);
                break;
            case StepAction.Update or StepAction.Restore:
                _journal.Write(stack, resource, ResourceStatus.UPDATE_COMPLETE);
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
            _journal.Leave(stack, step.Subject!, ResourceStatus.DELETE_FAILED, reason);
        }
        else if (stack.Resources.TryGetValue(step.LogicalId, out var resource))
        {
            _journal.Write(
                stack,
                resource,
                step.Action == StepAction.Create ? ResourceStatus.CREATE_FAILED : ResourceStatus.UPDATE_FAILED,
                reason
            );
        }
        else
        {
            // The properties could not even be evaluated.
            var type = StackEvaluation.Read(stack.Described.Executed).Resources[step.LogicalId].Type;
            _journal.Write(stack, new ResourceRecord(step.LogicalId, type), ResourceStatus.CREATE_FAILED, reason);
        }
    }

    private string Reason(ApiException error) =>
        $"Resource handler returned message: \"{error.Message}\" (RequestToken: {_world.Random.Uuid()}, HandlerErrorCode: "
        + $"{HandlerErrorCode(error)})";

    /// <summary>https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html</summary>
    private static string HandlerErrorCode(ApiException error) =>
        error.Code switch
        {
            var code
                when code.Contains("AccessDenied", StringComparison.Ordinal) || code.Contains("Unauthorized", StringComparison.Ordinal) =>
                "AccessDenied",
            var code when code.Contains("Exist", StringComparison.Ordinal) || code.Contains("Conflict", StringComparison.Ordinal) =>
                "AlreadyExists",
            var code when code.Contains("NotFound", StringComparison.Ordinal) || code.Contains("NoSuch", StringComparison.Ordinal) =>
                "NotFound",
            var code when code.Contains("Limit", StringComparison.Ordinal) || code.Contains("Quota", StringComparison.Ordinal) =>
                "ServiceLimitExceeded",
            _ => "InvalidRequest",
        };
}
