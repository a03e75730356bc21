using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Finds what CloudFormation cannot carry out because a name is taken: it makes the new resource before it deletes the old one, so that a
/// resource with a name of its own is not replaced under that name, and a new one does not get the name of one that is removed.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html</remarks>
internal static class CustomNamedReplacements
{
    /// <summary>Refuses a change set that would fail in its execution. Nested stacks' own are left to CloudFormation.</summary>
    /// <param name="stack">The stack's name.</param>
    /// <param name="names">The names that its template gives.</param>
    /// <param name="changes">The change set's changes.</param>
    /// <exception cref="SpecInvalidException">A name would be needed twice at once; a line each.</exception>
    public static void Check(string stack, IReadOnlyList<CustomName> names, IReadOnlyList<PlacedChange> changes)
    {
        var own = changes
            .Where(placed => !placed.Resource.Contains('/', StringComparison.Ordinal))
            .Select(placed => placed.Change)
            .ToList();
        var faults = names
            .Select(name => Fault(stack, name, own.Find(change => change.LogicalResourceId == name.LogicalId), own))
            .OfType<string>()
            .ToList();
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }

    private static string? Fault(string stack, CustomName name, ResourceChange? change, IReadOnlyList<ResourceChange> all)
    {
        if (change?.Action == ChangeAction.Modify && change.Replacement == Replacement.True && !Changes(change, name.Property))
        {
            return $"{name.Position}: {name.LogicalId} in stack {stack} has to be replaced and keeps its {name.Property}{Named(name)}: "
                + "CloudFormation cannot update a stack when a custom-named resource requires replacing; give it another name";
        }

        return
            change?.Action == ChangeAction.Add
            && name.Name is { } taken
            && all.FirstOrDefault(other =>
                other.Action == ChangeAction.Remove && other.ResourceType == change.ResourceType && HasName(other.PhysicalResourceId, taken)
            )
                is { } removed
            ? $"{name.Position}: {name.LogicalId} would be made in stack {stack} with the {name.Property}{Named(name)}, "
                + $"which {removed.LogicalResourceId} has until the end of the update; give it another name, or keep the logical id"
            : null;
    }

    private static bool Changes(ResourceChange change, string property) =>
        (change.Details ?? []).Exists(detail => detail.Target?.Attribute == ResourceAttribute.Properties && detail.Target.Name == property);

    // The physical id of some types is the name, of others an ARN or an address that ends with it.
    private static bool HasName(string? physicalId, string name) =>
        physicalId == name
        || physicalId?.EndsWith($":{name}", StringComparison.Ordinal) == true
        || physicalId?.EndsWith($"/{name}", StringComparison.Ordinal) == true;

    private static string Named(CustomName name) => name.Name is { } known ? $" {known}" : string.Empty;
}
