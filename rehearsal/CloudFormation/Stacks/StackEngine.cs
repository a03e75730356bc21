using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Carries operations on stacks through their phases over virtual time. Requests were judged before.</summary>
public sealed class StackEngine : IStackValues
{
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly Exports _exports;
    private readonly StackJournal _journal;
    private readonly StackPlanner _planner;
    private readonly StackFaults _faults;
    private readonly StackPhases _phases;

    /// <summary>The stacks of a world. One per world: it answers the world's due moments.</summary>
    public StackEngine(RehearsalWorld world, StackTable stacks, ITemplateSource templates, ResourceTypeCatalogue types)
    {
        (_world, _stacks, _exports) = (world, stacks, new Exports(stacks));
        _journal = new StackJournal(world, stacks);
        _planner = new StackPlanner(this);
        _faults = new StackFaults(world);
        Types = types.With(new NestedStackType(world, stacks, this, templates));
        _phases = new StackPhases(
            world,
            stacks,
            _journal,
            _planner,
            new StackOutputs(_exports, this),
            advance => new StepRunner(world, stacks, _journal, Types, this, _faults, advance)
        );
    }

    /// <summary>The resource types that are simulated.</summary>
    public ResourceTypeCatalogue Types { get; }

    /// <summary>The value of an SSM parameter in a region, read by a principal: null when there is none.</summary>
    public Func<Principal, string, string, string?> Parameters { get; set; } = (_, _, _) => null;

    /// <summary>Looks up the values of a definition's parameters that are to name what there is.</summary>
    /// <exception cref="TemplateException">One names what there is not.</exception>
    internal void CheckParameters(string account, string region, Template template, IReadOnlyDictionary<string, ParameterValue> values) =>
        ParameterExistence.Check(_world, account, region, template, values);

    /// <summary>Adds a listener to every change of status.</summary>
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
        _phases.Begin(stack, operation, OperationPhase.Apply, StackStatus.CREATE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Begins an update to the operation's target.</summary>
    /// <exception cref="TemplateException">The template cannot be evaluated.</exception>
    public void Update(StackRecord stack, OperationRecord operation, StackChanges changes)
    {
        operation.Steps = _planner.Update(stack, operation.Target!, changes);
        _faults.Choose(stack, operation);
        stack.Updated = _world.Now;
        _phases.Begin(stack, operation, OperationPhase.Apply, StackStatus.UPDATE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Begins to delete a stack.</summary>
    public void Delete(StackRecord stack, OperationRecord operation)
    {
        if (stack.Operation is { } running)
        {
            _phases.Stop(stack, running);
        }

        stack.Deleted = _world.Now;
        if (_exports.Objection(stack, []) is { } objection)
        {
            stack.Operation = operation;
            _phases.Finish(stack, StackStatus.DELETE_FAILED, objection);
            return;
        }

        operation.Steps = _planner.Remove(stack, operation);
        _phases.Begin(stack, operation, OperationPhase.Remove, StackStatus.DELETE_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Stops a running update and rolls it back.</summary>
    public void Cancel(StackRecord stack)
    {
        _phases.Stop(stack, stack.Operation!);
        _phases.Revert(stack, stack.Operation!, "User Initiated");
    }

    /// <summary>Rolls an update back that stopped halfway, or deletes what a failed creation left.</summary>
    public void RollBack(StackRecord stack, OperationRecord operation)
    {
        var stopped = stack.Stopped!;
        stack.Stopped = null;
        if (stopped.Kind == OperationKind.CREATE_STACK)
        {
            operation.Steps = _planner.Remove(stack, operation);
            _phases.Begin(stack, operation, OperationPhase.Remove, StackStatus.ROLLBACK_IN_PROGRESS, "User Initiated");
        }
        else
        {
            _phases.Revert(stack, Resume(stopped, operation), "User Initiated");
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
                _journal.Write(stack, stack.Resources[step.LogicalId], ResourceStatus.UPDATE_COMPLETE);
            }
        }

        _phases.Begin(stack, resumed, OperationPhase.Revert, StackStatus.UPDATE_ROLLBACK_IN_PROGRESS, "User Initiated");
    }

    /// <summary>Lets a nested stack clean up after its outer stack has succeeded.</summary>
    public void Release(StackRecord stack)
    {
        if (stack.Operation is { IsHeld: true } operation)
        {
            operation.IsHeld = false;
            _phases.Advance(stack);
        }
    }

    /// <summary>Rolls a nested stack's update back whose outer stack failed, unless it does so already.</summary>
    public void RevertNested(StackRecord stack)
    {
        if (stack.Operation is { Kind: OperationKind.UPDATE_STACK, Phase: OperationPhase.Apply or OperationPhase.Cleanup } operation)
        {
            _phases.Stop(stack, operation);
            operation.IsHeld = false;
            _phases.Revert(stack, operation, null);
        }
    }

    /// <summary>What would change between a stack and a definition.</summary>
    /// <exception cref="TemplateException">The definition cannot be evaluated.</exception>
    public StackChanges Changes(StackRecord stack, StackDefinition target, INestedStacks? nested = null)
    {
        var isNew = stack.Status == StackStatus.REVIEW_IN_PROGRESS;
        var scope = new StackEvaluation(stack, target, new LiveValues(stack), this);
        var existing = stack
            .Resources.Values.Where(r =>
                r.PhysicalId is not null && r.Status is not ResourceStatus.CREATE_FAILED and not ResourceStatus.DELETE_COMPLETE
            )
            .ToDictionary(
                r => r.LogicalId,
                r => new ExistingResource(r.LogicalId, r.Type, r.PhysicalId!, r.Properties)
                {
                    Reference = r.Reference ?? r.PhysicalId!,
                    Attributes = r.Attributes,
                }
            );
        return new ChangeComputation(isNew ? null : Version(stack.Definition), Version(target), existing, scope.Scope, nested).Compute();
    }

    /// <inheritdoc/>
    string? IStackValues.Export(string account, string region, string name) => _exports.Find(account, region, name)?.Value;

    /// <inheritdoc/>
    string IStackValues.DynamicReference(StackRecord stack, string key) =>
        // The version, where one is written, is part of the name that SSM is asked for.
        key.Split(':', 2)
            is ["ssm", var name]
            ? Parameters(stack.Operation?.Principal ?? Principal.Root(stack.Account), stack.Region, name)
                ?? throw new TemplateException($"Parameters: [ssm:{name}] cannot be found.")
            : throw new TemplateException(UnsupportedFeatures.DynamicReference(key).ToString());

    private static StackVersion Version(StackDefinition definition) =>
        new(StackEvaluation.Read(definition.Executed), definition.Parameters, definition.Tags);

    private static OperationRecord Resume(OperationRecord stopped, OperationRecord operation) =>
        new()
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
}
