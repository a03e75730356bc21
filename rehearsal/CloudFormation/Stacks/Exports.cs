namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>An exported output and the stack that exports it.</summary>
public sealed record Export(string Name, string Value, StackRecord Stack);

/// <summary>The exports of an account and region, read from the stacks' outputs.</summary>
public sealed class Exports(StackTable stacks)
{
    /// <summary>The exports of an account and region.</summary>
    public IEnumerable<Export> All(string account, string region) =>
        stacks
            .All(account, region)
            .SelectMany(stack => stack.Outputs.Where(o => o.ExportName is not null).Select(o => new Export(o.ExportName!, o.Value, stack)))
            .OrderBy(export => export.Name, StringComparer.Ordinal);

    /// <summary>The export of a name; null when there is none.</summary>
    public Export? Find(string account, string region, string name) => All(account, region).FirstOrDefault(export => export.Name == name);

    /// <summary>The names of the stacks that import it.</summary>
    public IReadOnlyList<string> Importers(string account, string region, string name) =>
        [
            .. stacks
                .All(account, region)
                .Where(stack => stack.Status != StackStatus.DELETE_COMPLETE && stack.Imports.Contains(name))
                .Select(stack => stack.Name),
        ];

    /// <summary>Why a stack's outputs may not become these, or null.</summary>
    public string? Objection(StackRecord stack, IReadOnlyCollection<StackOutput> outputs)
    {
        foreach (var old in stack.Outputs.Where(o => o.ExportName is not null))
        {
            var now = outputs.FirstOrDefault(o => o.ExportName == old.ExportName);
            if (now?.Value != old.Value && Importers(stack.Account, stack.Region, old.ExportName!) is { Count: > 0 } importers)
            {
                return $"Export {old.ExportName} cannot be {(now is null ? "deleted" : "updated")} as it is in use by "
                    + $"{string.Join(", ", importers)}";
            }
        }

        return
            outputs
                .Where(o => o.ExportName is not null)
                .Select(o => Find(stack.Account, stack.Region, o.ExportName!))
                .FirstOrDefault(e => e is not null && e.Stack.Key != stack.Key)
                is { } taken
            ? $"Export with name {taken.Name} is already exported by stack {taken.Stack.Name}"
            : null;
    }
}
