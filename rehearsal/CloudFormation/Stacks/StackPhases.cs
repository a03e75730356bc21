using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Leads operations from phase to phase: what follows when all steps of one have ended.</summary>
internal sealed class StackPhases
{
    private const string AdvanceKind = "cloudformation/advance";
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly StackJournal _journal;
    private readonly StackPlanner _planner;
    private readonly StackOutputs _outputs;
    private readonly StepRunner _runner;

    public StackPhases(
        RehearsalWorld world,
        StackTable stacks,
        StackJournal journal,
        StackPlanner planner,
        StackOutputs outputs,
        Func<Action<StackRecord>, StepRunner> runner
    )
    {
        (_world, _stacks, _journal, _planner, _outputs) = (world, stacks, journal, planner, outputs);
        _runner = runner(Advance);
        world.OnDue(AdvanceKind, key => Advance(stacks.Get(key)), failed: (key, reason) => Break(stacks.Get(key), reason));
    }

    /// <summary>Stops what runs.</summary>
    public void Stop(StackRecord stack, OperationRecord operation) => _runner.Stop(stack, operation);

    /// <summary>Begins a phase of an operation that the stack did not have yet.</summary>
    public void Begin(StackRecord stack, OperationRecord operation, OperationPhase phase, StackStatus status, string? reason)
    {
        stack.Operation = operation;
        Enter(stack, operation, phase, status, reason);
        _stacks.Put(stack);
    }

    private void Enter(StackRecord stack, OperationRecord operation, OperationPhase phase, StackStatus status, string? reason)
    {
        operation.Phase = phase;
        _journal.Status(stack, status, reason);
        _world.Schedule(Durations.StackPhase.Draw(_world.Random), AdvanceKind, stack.Key);
        NotifyParent(stack);
    }

    /// <summary>Begins the steps that may begin; ends the phase when none runs.</summary>
    public void Advance(StackRecord stack)
    {
        if (stack.Operation is not { IsHeld: false } operation)
        {
            return;
        }

        while (Next(operation) is { } step)
        {
            _runner.Run(stack, operation, step);
        }

        if (!operation.Steps.Values.Any(step => step.State == StepState.Running))
        {
            EndPhase(stack, operation, [.. operation.Steps.Values.Where(step => step.State == StepState.Failed)]);
        }

        _stacks.Put(stack);
    }

    /// <summary>Ends the phase that nothing would lead any further, as one in which resources have failed.</summary>
    private void Break(StackRecord stack, string reason)
    {
        if (stack.Operation is not { } operation)
        {
            return;
        }

        _runner.Stop(stack, operation);
        switch (operation.Phase)
        {
            case OperationPhase.Apply:
                FailApply(stack, operation, reason);
                break;
            case OperationPhase.Cleanup:
                stack.Definition = operation.Target!;
                Finish(stack, StackStatus.UPDATE_COMPLETE, reason);
                break;
            case OperationPhase.Revert or OperationPhase.RevertCleanup:
                stack.Stopped = operation;
                Finish(stack, StackStatus.UPDATE_ROLLBACK_FAILED, reason);
                break;
            default:
                Finish(stack, IsRollback(operation) ? StackStatus.ROLLBACK_FAILED : StackStatus.DELETE_FAILED, reason);
                break;
        }

        _stacks.Put(stack);
    }

    /// <summary>The next step that may begin. A failure stops what applies a template, not what cleans up.</summary>
    private static Step? Next(OperationRecord operation) =>
        operation.Phase == OperationPhase.Apply && operation.Steps.Values.Any(step => step.State == StepState.Failed)
            ? null
            : operation.Steps.Values.FirstOrDefault(step =>
                step.State == StepState.Waiting
                && step.Needs.TrueForAll(need => !operation.Steps.TryGetValue(need, out var other) || other.State == StepState.Done)
            );

    private void EndPhase(StackRecord stack, OperationRecord operation, IReadOnlyList<Step> failed)
    {
        switch (operation.Phase)
        {
            case OperationPhase.Apply when failed.Count > 0:
                FailApply(stack, operation, Failures(failed));
                break;
            case OperationPhase.Apply:
                EndApply(stack, operation);
                break;
            case OperationPhase.Cleanup:
                stack.Definition = operation.Target!;
                Forget(stack, operation.Target!);
                Finish(stack, StackStatus.UPDATE_COMPLETE, failed.Count > 0 ? "One or more resources could not be deleted." : null);
                break;
            case OperationPhase.Revert when failed.Count > 0:
                stack.Stopped = operation;
                Finish(stack, StackStatus.UPDATE_ROLLBACK_FAILED, Failures(failed));
                break;
            case OperationPhase.Revert:
                operation.Steps = _planner.RevertCleanup(stack, operation);
                Enter(stack, operation, OperationPhase.RevertCleanup, StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS, null);
                break;
            case OperationPhase.RevertCleanup:
                Forget(stack, stack.Definition);
                _outputs.Evaluate(stack, stack.Definition);
                Finish(stack, StackStatus.UPDATE_ROLLBACK_COMPLETE, null);
                break;
            case OperationPhase.Remove:
                EndRemove(stack, operation, failed);
                break;
        }
    }

    private void EndApply(StackRecord stack, OperationRecord operation)
    {
        try
        {
            _outputs.Evaluate(stack, operation.Target ?? stack.Definition);
        }
        catch (TemplateException e)
        {
            FailApply(stack, operation, e.Message);
            return;
        }

        if (operation.Kind == OperationKind.CREATE_STACK)
        {
            Finish(stack, StackStatus.CREATE_COMPLETE, null);
            return;
        }

        operation.Steps = _planner.Cleanup(stack, operation);
        // One that somebody updates on its own waits for nobody.
        operation.IsHeld = stack.ParentKey is { } parent && _stacks.Get(parent).Operation is not null;
        Enter(stack, operation, OperationPhase.Cleanup, StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, null);
    }

    private void FailApply(StackRecord stack, OperationRecord operation, string reason)
    {
        operation.Cause = reason;
        if (operation.OnFailure == OnFailure.DO_NOTHING)
        {
            stack.Stopped = operation;
            Finish(stack, operation.Kind == OperationKind.CREATE_STACK ? StackStatus.CREATE_FAILED : StackStatus.UPDATE_FAILED, reason);
        }
        else if (operation.Kind == OperationKind.UPDATE_STACK)
        {
            Revert(stack, operation, reason);
        }
        else
        {
            operation.Steps = _planner.Remove(stack, operation);
            var (status, who) =
                operation.OnFailure == OnFailure.DELETE
                    ? (StackStatus.DELETE_IN_PROGRESS, "Delete requested by user.")
                    : (StackStatus.ROLLBACK_IN_PROGRESS, "Rollback requested by user.");
            Enter(stack, operation, OperationPhase.Remove, status, $"{reason.TrimEnd('.')}. {who}");
        }
    }

    /// <summary>Begins to give the resources back what an update took.</summary>
    public void Revert(StackRecord stack, OperationRecord operation, string? reason)
    {
        operation.Steps = _planner.Revert(stack, operation);
        Begin(stack, operation, OperationPhase.Revert, StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, reason);
    }

    private void EndRemove(StackRecord stack, OperationRecord operation, IReadOnlyList<Step> failed)
    {
        var isRollback = IsRollback(operation);
        if (failed.Count > 0)
        {
            Finish(
                stack,
                isRollback ? StackStatus.ROLLBACK_FAILED : StackStatus.DELETE_FAILED,
                $"The following resource(s) failed to delete: [{Names(failed)}]."
            );
            return;
        }

        stack.Outputs = [];
        stack.Imports = [];
        stack.Deleted = isRollback ? null : _world.Now;
        Finish(stack, isRollback ? StackStatus.ROLLBACK_COMPLETE : StackStatus.DELETE_COMPLETE, null);
    }

    /// <summary>Whether resources are removed because they could not be made, and not because the stack is deleted.</summary>
    private static bool IsRollback(OperationRecord operation) =>
        operation.Kind is OperationKind.CREATE_STACK or OperationKind.ROLLBACK && operation.OnFailure != OnFailure.DELETE;

    private static void Forget(StackRecord stack, StackDefinition definition)
    {
        var declared = StackEvaluation.Read(definition.Executed).Resources;
        foreach (
            var id in stack
                .Resources.Values.Where(r => !declared.ContainsKey(r.LogicalId) || r.Status == ResourceStatus.DELETE_COMPLETE)
                .Select(r => r.LogicalId)
                .ToList()
        )
        {
            stack.Resources.Remove(id);
        }
    }

    /// <summary>Ends the stack's operation.</summary>
    public void Finish(StackRecord stack, StackStatus status, string? reason)
    {
        _journal.Status(stack, status, reason);
        stack.Operation = null;
        _stacks.Put(stack);
        NotifyParent(stack);
    }

    private void NotifyParent(StackRecord stack)
    {
        if (stack.ParentKey is { } parent)
        {
            _runner.Look(TimeSpan.Zero, parent, stack.ParentLogicalId!);
        }
    }

    private static string Failures(IReadOnlyList<Step> failed) =>
        string.Join(
            ' ',
            failed
                .GroupBy(step => step.Action == StepAction.Create ? "create" : "update")
                .Select(group => $"The following resource(s) failed to {group.Key}: [{Names(group)}].")
        );

    private static string Names(IEnumerable<Step> steps) => string.Join(", ", steps.Select(step => step.LogicalId));
}
