using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Change sets: created over virtual time, executed, made obsolete, deleted.</summary>
public sealed class ChangeSets : IStackListener
{
    private const string CreateKind = "cloudformation/changeset";
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly StackEngine _engine;
    private readonly ITemplateSource _templates;
    private readonly Table<ChangeSetRecord> _table;
    private readonly ValidationFault _validation;

    /// <summary>The change sets of a world. One per world: it listens to its stacks.</summary>
    public ChangeSets(RehearsalWorld world, StackTable stacks, StackEngine engine, ITemplateSource templates)
    {
        (_world, _stacks, _engine, _templates) = (world, stacks, engine, templates);
        _validation = new ValidationFault(world.Faults);
        _table = world.Store.Table<ChangeSetRecord>("cloudformation/changesets");
        world.OnDue(
            CreateKind,
            key =>
            {
                if (_table.Get(key) is { } changeSet)
                {
                    Proceed(changeSet);
                }
            },
            failed: (key, reason) =>
            {
                if (_table.Get(key) is { } changeSet)
                {
                    Fail(changeSet, reason);
                    _table.Put(key, changeSet);
                }
            }
        );
        engine.Listen(this);
    }

    /// <summary>A stack's change sets in the order of their creation.</summary>
    public IReadOnlyList<ChangeSetRecord> Of(StackRecord stack) =>
        [.. _table.WithPrefix(stack.Key + "/").Select(entry => entry.Value).OrderBy(set => set.Created)];

    /// <summary>A change set by name and stack, or by id alone.</summary>
    /// <exception cref="ApiException">ChangeSetNotFoundException.</exception>
    public ChangeSetRecord Get(Call call, string nameOrId, string? stackName) =>
        Find(call, nameOrId, stackName) ?? throw new ApiException("ChangeSetNotFound", $"ChangeSet [{nameOrId}] does not exist", 404);

    /// <summary>The change set of a name in a stack, or of an ARN.</summary>
    public ChangeSetRecord? Find(Call call, string nameOrId, string? stackName)
    {
        if (nameOrId.StartsWith("arn:", StringComparison.Ordinal))
        {
            return _table
                .WithPrefix(RegionalKey.Prefix(call.Account, call.Region))
                .Select(entry => entry.Value)
                .FirstOrDefault(set => set.Id == nameOrId);
        }

        var stack =
            _stacks.Find(
                call.Account,
                call.Region,
                stackName
                    ?? throw new ApiException("ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN.")
            ) ?? throw new ApiException("ValidationError", $"Stack [{stackName}] does not exist");
        return Of(stack).FirstOrDefault(set => set.Name == nameOrId);
    }

    /// <summary>Begins to create a change set.</summary>
    public void Begin(ChangeSetRecord changeSet)
    {
        changeSet.Status = ChangeSetStatus.CREATE_PENDING;
        _table.Put(changeSet.Key, changeSet);
        _world.Schedule(Durations.StackPhase.Draw(_world.Random), CreateKind, changeSet.Key);
    }

    /// <summary>Marks a change set as being executed and deletes the stack's others.</summary>
    public void Execute(StackRecord stack, ChangeSetRecord changeSet)
    {
        foreach (var other in Of(stack).Where(set => set.Key != changeSet.Key))
        {
            _table.Remove(other.Key);
        }

        changeSet.Execution = ExecutionStatus.EXECUTE_IN_PROGRESS;
        _table.Put(changeSet.Key, changeSet);
    }

    /// <summary>Deletes a change set.</summary>
    public void Delete(ChangeSetRecord changeSet)
    {
        foreach (var nested in _table.WithPrefix("").Select(entry => entry.Value).Where(set => set.ParentId == changeSet.Id).ToList())
        {
            Delete(nested);
        }

        _table.Remove(changeSet.Key);
    }

    /// <summary>Deletes all change sets of a stack.</summary>
    public void DeleteAll(StackRecord stack)
    {
        foreach (var changeSet in Of(stack))
        {
            _table.Remove(changeSet.Key);
        }
    }

    /// <summary>A stack that changes otherwise leaves its change sets behind.</summary>
    public void MakeObsolete(StackRecord stack)
    {
        foreach (var changeSet in Of(stack).Where(set => set.Execution == ExecutionStatus.AVAILABLE))
        {
            changeSet.Execution = ExecutionStatus.OBSOLETE;
            _table.Put(changeSet.Key, changeSet);
        }
    }

    void IStackListener.StackChanged(StackRecord stack, StackEvent change)
    {
        ExecutionStatus? execution = stack.Status switch
        {
            StackStatus.CREATE_COMPLETE or StackStatus.UPDATE_COMPLETE => ExecutionStatus.EXECUTE_COMPLETE,
            StackStatus.CREATE_FAILED
            or StackStatus.ROLLBACK_IN_PROGRESS
            or StackStatus.UPDATE_FAILED
            or StackStatus.UPDATE_ROLLBACK_IN_PROGRESS => ExecutionStatus.EXECUTE_FAILED,
            _ => null,
        };
        foreach (var changeSet in Of(stack).Where(set => execution is not null && set.Execution == ExecutionStatus.EXECUTE_IN_PROGRESS))
        {
            changeSet.Execution = execution!.Value;
            _table.Put(changeSet.Key, changeSet);
        }
    }

    void IStackListener.ResourceChanged(StackRecord stack, StackEvent change)
    {
        // Change sets end with their stack, not with its resources.
    }

    private void Proceed(ChangeSetRecord changeSet)
    {
        if (changeSet.Status == ChangeSetStatus.CREATE_PENDING)
        {
            changeSet.Status = ChangeSetStatus.CREATE_IN_PROGRESS;
            _world.Schedule(Durations.ChangeSet.Draw(_world.Random), CreateKind, changeSet.Key);
        }
        else
        {
            Compute(changeSet);
        }

        _table.Put(changeSet.Key, changeSet);
    }

    private void Compute(ChangeSetRecord changeSet)
    {
        var stack = _stacks.Get(changeSet.StackKey);
        var nested = changeSet.IncludesNested
            ? new NestedChangeSets(_world, _stacks, _engine, _templates, changeSet, stack, set => _table.Put(set.Key, set), _validation)
            : null;
        try
        {
            _engine.CheckParameters(
                changeSet.Account,
                changeSet.Region,
                StackEvaluation.Read(changeSet.Definition.Executed),
                changeSet.Definition.Parameters
            );
            changeSet.Changes = _engine.Changes(stack, changeSet.Definition, nested);
        }
        catch (Exception e) when (e is TemplateException or ApiException)
        {
            Fail(changeSet, e.Message);
            return;
        }

        if (!changeSet.Changes.Any)
        {
            Fail(
                changeSet,
                StackEvaluation.ReadOriginal(changeSet.Definition.TemplateBody).Transforms.Count > 0
                    ? StackRequests.NothingToUpdate
                    : "The submitted information didn't contain changes. Submit different information to create a change set."
            );
            return;
        }

        if (_validation.Strikes(changeSet))
        {
            Fail(changeSet, ValidationFault.Reason);
            return;
        }

        changeSet.Status = ChangeSetStatus.CREATE_COMPLETE;
        changeSet.Execution = ExecutionStatus.AVAILABLE;
    }

    private static void Fail(ChangeSetRecord changeSet, string reason)
    {
        changeSet.Status = ChangeSetStatus.FAILED;
        changeSet.StatusReason = reason;
        changeSet.Execution = ExecutionStatus.UNAVAILABLE;
    }
}
