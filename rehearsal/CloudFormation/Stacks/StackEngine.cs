using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Carries operations on stacks through their phases over virtual time. Requests were judged before.</summary>
public sealed class StackEngine : IStackValues
{
    private const string AdvanceKind = "cloudformation/advance";
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly Exports _exports;
    private readonly StackJournal _journal;
    private readonly StackPlanner _planner;
    private readonly StackFaults _faults;
    private readonly StepRunner _runner;

    public StackEngine(RehearsalWorld world, StackTable stacks, ITemplateSource templates)
    {
        (_world, _stacks, _exports) = (world, stacks, new Exports(stacks));
        _journal = new StackJournal(world, stacks);
        _planner = new StackPlanner(this);
        _faults = new StackFaults(world);
        Types = new ResourceTypeCatalogue(world, new NestedStackType(world, stacks, this, templates));
        _runner = new StepRunner(world, stacks, _journal, Types, this, _faults, Advance);
        world.OnDue(AdvanceKind, key => Advance(stacks.Get(key)));
    }

    /// <summary>The resource types that are played.</summary>
    public ResourceTypeCatalogue Types { get; }

    /// <summary>The value of an SSM parameter in a region, read by a principal: null when there is none.</summary>
    public Func<Principal, string, string, string?> Parameters { get; set; } = (_, _, _) => null;

    /// <summary>Adds somebody who is told of every change of status.</summary>
    public void Listen(IStackListener listener) => _journal.Listeners.Add(listener);

    /// <summary>Writes a stack down that has nothing but change sets.</summary>
    public void Review(StackRecord stack)
    {
        _journal.Status(stack, StackStatus.REVIEW_IN_PROGRESS, "User Initiated");
        _stacks.Put(stack);
    }

    /// <summary>Begins to create the resources of a stack.</summary>
    /// <exception cref="TemplateException">The template cannot be evaluated.</exception>
    public void Create(StackRecord stack, OperationRecord operation)
    {
        operation.Steps = _planner.Create(stack);
        _faults.Choose(stack, operation);
        Begin(stack, operation, OperationPhase.Apply, StackStatus.CREATE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Begins an update to the operation's target.</summary>
    /// <exception cref="TemplateException">The template cannot be evaluated.</exception>
    public void Update(StackRecord stack, OperationRecord operation, StackChanges changes)
    {
        operation.Steps = _planner.Update(stack, operation.Target!, changes);
        _faults.Choose(stack, operation);
        stack.Updated = _world.Now;
        Begin(stack, operation, OperationPhase.Apply, StackStatus.UPDATE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Begins to delete a stack.</summary>
    public void Delete(StackRecord stack, OperationRecord operation)
    {
        if (stack.Operation is { } running)
        {
            _runner.Stop(stack, running);
        }

        stack.Deleted = _world.Now;
        if (_exports.Objection(stack, []) is { } objection)
        {
            stack.Operation = operation;
            Finish(stack, StackStatus.DELETE_FAILED, objection);
            return;
        }

        operation.Steps = _planner.Remove(stack, operation);
        Begin(stack, operation, OperationPhase.Remove, StackStatus.DELETE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Stops a running update and rolls it back.</summary>
    public void Cancel(StackRecord stack)
    {
        _runner.Stop(stack, stack.Operation!);
        Revert(stack, stack.Operation!, "User Initiated");
    }

    /// <summary>Rolls an update back that stopped halfway, or deletes what a failed creation left.</summary>
    public void RollBack(StackRecord stack, OperationRecord operation)
    {
        var stopped = stack.Stopped!;
        stack.Stopped = null;
        if (stopped.Kind == OperationKind.CREATE_STACK)
        {
            operation.Steps = _planner.Remove(stack, operation);
            Begin(stack, operation, OperationPhase.Remove, StackStatus.ROLLBACK_IN_PROGRESS, "User Initiated");
        }
        else
        {
            Revert(stack, Resume(stopped, operation), "User Initiated");
        }
    }

    /// <summary>Takes a failed rollback up again; the skipped resources count as rolled back.</summary>
    public void ContinueRollback(StackRecord stack, OperationRecord operation)
    {
        var resumed = Resume(stack.Stopped!, operation);
        stack.Stopped = null;
        foreach (var step in resumed.Steps.Values.Where(s => s.State == StepState.Failed))
        {
            step.State = StepState.Waiting;
            if (resumed.Skipped.Contains(step.LogicalId))
            {
                step.State = StepState.Done;
                var skipped = stack.Resources[step.LogicalId] with { Status = ResourceStatus.UPDATE_COMPLETE, StatusReason = null, Updated = _world.Now };
                stack.Resources[step.LogicalId] = skipped;
                _journal.Resource(stack, skipped);
            }
        }

        Begin(stack, resumed, OperationPhase.Revert, StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Lets a nested stack clean up after its outer stack has succeeded.</summary>
    public void Release(StackRecord stack)
    {
        if (stack.Operation is { IsHeld: true } operation)
        {
            operation.IsHeld = false;
            Advance(stack);
        }
    }

    /// <summary>Rolls a nested stack's update back whose outer stack failed, unless it does so already.</summary>
    public void RevertNested(StackRecord stack)
    {
        if (stack.Operation is { Kind: OperationKind.UPDATE_STACK, Phase: OperationPhase.Apply or OperationPhase.Cleanup } operation)
        {
            _runner.Stop(stack, operation);
            operation.IsHeld = false;
            Revert(stack, operation, null);
        }
    }

    /// <summary>What would change between a stack and a definition.</summary>
    /// <exception cref="TemplateException">The definition cannot be evaluated.</exception>
    public StackChanges Changes(StackRecord stack, StackDefinition target, INestedStacks? nested = null)
    {
        var isNew = stack.Status == StackStatus.REVIEW_IN_PROGRESS;
        var scope = new StackEvaluation(stack, target, new LiveValues(stack), this);
        var existing = stack.Resources.Values.Where(r => r.PhysicalId is not null && r.Status is not ResourceStatus.CREATE_FAILED and not ResourceStatus.DELETE_COMPLETE)
            .ToDictionary(r => r.LogicalId, r => new ExistingResource(r.LogicalId, r.Type, r.PhysicalId!, r.Properties) { Reference = r.Reference ?? r.PhysicalId!, Attributes = r.Attributes });
        return new ChangeComputation(isNew ? null : Version(stack.Definition), Version(target), existing, scope.Scope, nested).Compute();
    }

    /// <inheritdoc/>
    string? IStackValues.Export(string account, string region, string name) => _exports.Find(account, region, name)?.Value;

    /// <inheritdoc/>
    string IStackValues.DynamicReference(StackRecord stack, string key) => key.Split(':') is ["ssm", var name, ..]
        ? Parameters(stack.Operation?.Principal ?? Principal.Root(stack.Account), stack.Region, name) ?? throw new TemplateException($"Parameters: [ssm:{name}] cannot be found.")
        : throw new TemplateException($"Dynamic reference {{{{resolve:{key}}}}} is not supported by the rehearsal.");

    private static StackVersion Version(StackDefinition definition) => new(StackEvaluation.Read(definition.TemplateBody), definition.Parameters, definition.Tags);

    private static OperationRecord Resume(OperationRecord stopped, OperationRecord operation) => new()
    {
        Id = operation.Id,
        Kind = stopped.Kind,
        Token = operation.Token,
        Principal = operation.Principal,
        Target = stopped.Target,
        Steps = stopped.Steps,
        Before = stopped.Before,
        Made = stopped.Made,
        Obsolete = stopped.Obsolete,
        Skipped = operation.Skipped,
        Cause = stopped.Cause,
    };

    private void Begin(StackRecord stack, OperationRecord operation, OperationPhase phase, StackStatus status, string? reason)
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

    private void Advance(StackRecord stack)
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

    /// <summary>The next step that may begin. A failure stops what applies a template, not what cleans up.</summary>
    private static Step? Next(OperationRecord operation) =>
        operation.Phase == OperationPhase.Apply && operation.Steps.Values.Any(step => step.State == StepState.Failed) ? null
        : operation.Steps.Values.FirstOrDefault(step => step.State == StepState.Waiting
            && step.Needs.TrueForAll(need => !operation.Steps.TryGetValue(need, out var other) || other.State == StepState.Done));

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
                Outputs(stack, stack.Definition);
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
            Outputs(stack, operation.Target ?? stack.Definition);
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
        operation.IsHeld = stack.ParentKey is not null;
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
            var (status, who) = operation.OnFailure == OnFailure.DELETE
                ? (StackStatus.DELETE_IN_PROGRESS, "Delete requested by user.")
                : (StackStatus.ROLLBACK_IN_PROGRESS, "Rollback requested by user.");
            Enter(stack, operation, OperationPhase.Remove, status, $"{reason} {who}");
        }
    }

    private void Revert(StackRecord stack, OperationRecord operation, string? reason)
    {
        operation.Steps = _planner.Revert(stack, operation);
        Begin(stack, operation, OperationPhase.Revert, StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, reason);
    }

    private void EndRemove(StackRecord stack, OperationRecord operation, IReadOnlyList<Step> failed)
    {
        var isRollback = operation.Kind is OperationKind.CREATE_STACK or OperationKind.ROLLBACK && operation.OnFailure != OnFailure.DELETE;
        if (failed.Count > 0)
        {
            Finish(stack, isRollback ? StackStatus.ROLLBACK_FAILED : StackStatus.DELETE_FAILED, $"The following resource(s) failed to delete: [{Names(failed)}].");
            return;
        }

        stack.Outputs = [];
        stack.Imports = [];
        stack.Deleted = isRollback ? null : _world.Now;
        Finish(stack, isRollback ? StackStatus.ROLLBACK_COMPLETE : StackStatus.DELETE_COMPLETE, null);
    }

    /// <summary>Evaluates the outputs and puts them on the stack.</summary>
    /// <exception cref="TemplateException">An output has no text, or an export is in use or taken.</exception>
    private void Outputs(StackRecord stack, StackDefinition definition)
    {
        var evaluation = new StackEvaluation(stack, definition, new LiveValues(stack), this);
        foreach (var id in evaluation.Graph.Order)
        {
            _ = evaluation.Evaluator.Properties(evaluation.Template.Resources[id].Properties);
        }

        var outputs = new List<StackOutput>();
        foreach (var output in evaluation.Template.Outputs.Values.Where(o => evaluation.Evaluator.Holds(o.Condition)))
        {
            var value = evaluation.Evaluator.Value(output.Value).Text()
                ?? throw new TemplateException("Template format error: The Value field of every Outputs member must evaluate to a String.");
            outputs.Add(new StackOutput(output.Name, value, output.Description, evaluation.Evaluator.Value(output.ExportName).Text()));
        }

        if (_exports.Objection(stack, outputs) is { } objection)
        {
            throw new TemplateException(objection);
        }

        stack.Outputs = outputs;
        stack.Imports = evaluation.Imported;
    }

    private static void Forget(StackRecord stack, StackDefinition definition)
    {
        var declared = StackEvaluation.Read(definition.TemplateBody).Resources;
        foreach (var id in stack.Resources.Values.Where(r => !declared.ContainsKey(r.LogicalId) || r.Status == ResourceStatus.DELETE_COMPLETE).Select(r => r.LogicalId).ToList())
        {
            stack.Resources.Remove(id);
        }
    }

    private void Finish(StackRecord stack, StackStatus status, string? reason)
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

    private static string Failures(IReadOnlyList<Step> failed) => string.Join(' ', failed
        .GroupBy(step => step.Action == StepAction.Create ? "create" : "update")
        .Select(group => $"The following resource(s) failed to {group.Key}: [{Names(group)}]."));

    private static string Names(IEnumerable<Step> steps) => string.Join(", ", steps.Select(step => step.LogicalId));
}
