using System.Diagnostics.CodeAnalysis;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Finds stacks, by name the living one alone, by id deleted ones too.</summary>
public sealed class StackTable(RehearsalWorld world)
{
    private readonly Table<StackRecord> _stacks = world.Store.VersionedTable<StackRecord>("cloudformation/stacks", stack => stack.Copy());
    private readonly Table<StackEvent> _events = world.Store.Table<StackEvent>("cloudformation/events");

    /// <summary>The stack of a key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public StackRecord Get(string key) => _stacks.Get(key) ?? throw new InvalidOperationException($"no stack under {key}");

    /// <summary>Keeps a stack.</summary>
    public void Put(StackRecord stack) => _stacks.Put(stack.Key, stack);

    /// <summary>The stack of a name or id, or null.</summary>
    public StackRecord? Find(string account, string region, string nameOrId)
    {
        if (!nameOrId.StartsWith("arn:", StringComparison.Ordinal))
        {
            return All(account, region, nameOrId + "/").FirstOrDefault(stack => stack.Status != StackStatus.DELETE_COMPLETE);
        }

        var parts = nameOrId.Split(':', 6);
        return parts.Length == 6 && parts[3] == region && parts[4] == account && parts[5].StartsWith("stack/", StringComparison.Ordinal)
            ? _stacks.Get(RegionalKey.Create(account, region, parts[5]["stack/".Length..]))
            : null;
    }

    /// <summary>Whether a living stack has the name.</summary>
    public bool TryFind(string account, string region, string nameOrId, [NotNullWhen(true)] out StackRecord? stack) =>
        (stack = Find(account, region, nameOrId)) is not null;

    /// <summary>All stacks of an account and region, deleted ones too.</summary>
    public IEnumerable<StackRecord> All(string account, string region, string namePrefix = "") =>
        _stacks.WithPrefix(RegionalKey.Create(account, region, namePrefix)).Select(entry => entry.Value);

    /// <summary>The stacks nested directly in one.</summary>
    public StackRecord? Nested(StackRecord parent, string logicalId) =>
        All(parent.Account, parent.Region)
            .LastOrDefault(stack =>
                stack.ParentKey == parent.Key && stack.ParentLogicalId == logicalId && stack.Status != StackStatus.DELETE_COMPLETE
            );

    /// <summary>Keeps an event of a stack.</summary>
    public void Add(StackRecord stack, StackEvent one) => _events.Put($"{stack.Key}/{stack.Events++:D8}", one);

    /// <summary>A stack's events, the newest first.</summary>
    public IEnumerable<StackEvent> Events(StackRecord stack) => _events.WithPrefix(stack.Key + "/").Select(entry => entry.Value).Reverse();
}
