using Deployer.Rehearsal.CloudFormation.Templates.Changes;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Lays out the steps of each phase.</summary>
internal sealed class StackPlanner(IStackValues outside)
{
    /// <summary>All resources of a new stack.</summary>
    public Dictionary<string, Step> Create(StackRecord stack)
    {
        var graph = Evaluate(stack, stack.Definition).Graph;
        return graph.Order.ToDictionary(
            id => id,
            id => new Step
            {
                LogicalId = id,
                Action = StepAction.Create,
                Needs = [.. graph.Needs(id)],
            }
        );
    }

    /// <summary>What an update adds and changes.</summary>
    public Dictionary<string, Step> Update(StackRecord stack, StackDefinition target, StackChanges changes)
    {
        var graph = Evaluate(stack, target).Graph;
        var changed = changes.Resources.Where(c => c.Action != ChangeAction.Remove).ToDictionary(c => c.LogicalId);
        return changed.Values.ToDictionary(
            c => c.LogicalId,
            c => new Step
            {
                LogicalId = c.LogicalId,
                Action = c.Action == ChangeAction.Add ? StepAction.Create : StepAction.Update,
                Needs = [.. graph.Needs(c.LogicalId).Where(changed.ContainsKey)],
                TagsChange = c.Scope.Contains("Tags"),
            }
        );
    }

    /// <summary>What a good update no longer wants; nested stacks that it changed clean up as well.</summary>
    public Dictionary<string, Step> Cleanup(StackRecord stack, OperationRecord operation)
    {
        var kept = Evaluate(stack, operation.Target!).Graph.Order.ToHashSet();
        var removed = operation.Before.Values.Where(r => !kept.Contains(r.LogicalId) && stack.Resources.ContainsKey(r.LogicalId));
        var steps = Deletions(stack, stack.Definition, operation.Obsolete.Concat(removed));
        foreach (
            var step in operation.Steps.Values.Where(s =>
                s.Action == StepAction.Update && stack.Resources[s.LogicalId].Type == StackJournal.StackType
            )
        )
        {
            steps[step.LogicalId] = new Step { LogicalId = step.LogicalId, Action = StepAction.Release };
        }

        return steps;
    }

    /// <summary>Gives what a failed update touched its former properties back.</summary>
    public Dictionary<string, Step> Revert(StackRecord stack, OperationRecord operation)
    {
        var graph = Evaluate(stack, stack.Definition).Graph;
        var touched = operation
            .Before.Values.Where(r =>
                stack.Resources.TryGetValue(r.LogicalId, out var now)
                && (now.Updated, now.Status, now.PhysicalId) != (r.Updated, r.Status, r.PhysicalId)
            )
            .ToDictionary(r => r.LogicalId);
        return touched.Values.ToDictionary(
            r => r.LogicalId,
            r => new Step
            {
                LogicalId = r.LogicalId,
                Action = StepAction.Restore,
                Subject = r,
                Needs = graph.Order.Contains(r.LogicalId) ? [.. graph.Needs(r.LogicalId).Where(touched.ContainsKey)] : [],
            }
        );
    }

    /// <summary>Deletes what a failed update had made.</summary>
    public Dictionary<string, Step> RevertCleanup(StackRecord stack, OperationRecord operation) =>
        Deletions(stack, operation.Target!, operation.Made);

    /// <summary>Deletes all that a stack holds.</summary>
    public Dictionary<string, Step> Remove(StackRecord stack, OperationRecord operation) =>
        Deletions(
            stack,
            stack.Definition,
            stack.Resources.Values.Where(r =>
                r.PhysicalId is not null && r.Status != ResourceStatus.DELETE_COMPLETE && !operation.Skipped.Contains(r.LogicalId)
            )
        );

    private Dictionary<string, Step> Deletions(StackRecord stack, StackDefinition definition, IEnumerable<ResourceRecord> resources)
    {
        var subjects = resources.GroupBy(r => r.LogicalId).ToDictionary(g => g.Key, g => g.First());
        if (subjects.Count == 0)
        {
            return [];
        }

        var graph = Evaluate(stack, definition).Graph;
        var known = graph.Order.Where(subjects.ContainsKey).ToList();
        return subjects.Values.ToDictionary(
            r => r.LogicalId,
            r => new Step
            {
                LogicalId = r.LogicalId,
                Action = StepAction.Delete,
                Subject = r,
                Needs = [.. known.Where(other => graph.Needs(other).Contains(r.LogicalId))],
            }
        );
    }

    private StackEvaluation Evaluate(StackRecord stack, StackDefinition definition) =>
        new(stack, definition, new LiveValues(stack), outside);
}
