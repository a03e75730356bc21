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
    /// <summary>Refuses a change set that would fail in its execution.</summary>
    /// <param name="stack">The stack's name.</param>
    /// <param name="names">The names that its template gives, and those of the nested stacks that change.</param>
    /// <param name="changes">The change set's changes.</param>
    /// <param name="others">The resources of the service's other stacks that are there until this one is updated.</param>
    /// <exception cref="SpecInvalidException">A name would be needed twice at once; a line each.</exception>
    public static void Check(
        string stack,
        IReadOnlyList<PlacedName> names,
        IReadOnlyList<PlacedChange> changes,
        IReadOnlyList<HeldResource> others
    )
    {
        var byPlace = changes.GroupBy(placed => placed.Resource).ToDictionary(group => group.Key, group => group.First().Change);
        var faults = names
            .Select(name => Fault(stack, name, byPlace.GetValueOrDefault(name.Place), changes, others))
            .OfType<string>()
            .ToList();
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }

    private static string? Fault(
        string stack,
        PlacedName placed,
        ResourceChange? change,
        IReadOnlyList<PlacedChange> all,
        IReadOnlyList<HeldResource> others
    )
    {
        var name = placed.Name;
        if (change?.Action == ChangeAction.Modify && IsReplaced(change) && !Changes(change, name.Property))
        {
            return $"{name.Position}: {placed.Place} in stack {stack} has to be replaced and keeps its {name.Property}{Named(name)}: "
                + "CloudFormation cannot update a stack when a custom-named resource requires replacing; give it another name";
        }

        if (change?.Action != ChangeAction.Add || name.Name is not { } taken)
        {
            return null;
        }

        var wouldBe = $"{name.Position}: {placed.Place} would be made in stack {stack} with the {name.Property}{Named(name)}, which ";
        // What is removed, in a nested stack or around it, is there until the update is cleaned up.
        return all.FirstOrDefault(other =>
                other.Change.Action == ChangeAction.Remove
                && other.Change.ResourceType == change.ResourceType
                && HasName(other.Change.PhysicalResourceId, taken)
            )
                is { } removed
                ? $"{wouldBe}{removed.Resource} has until the end of the update; give it another name, or keep the logical id"
            : others.FirstOrDefault(other => other.Type == change.ResourceType && HasName(other.PhysicalId, taken)) is { } held
                ? $"{wouldBe}{held.LogicalId} of stack {held.Stack} has, and the step '{held.Step}' runs later; "
                    + "give it another name, or have this step wait for that one"
            : null;
    }

    /// <summary>
    /// What CloudFormation leaves open is certain for the keys of a table: nothing changes those of one that is there
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html).
    /// </summary>
    private static bool IsReplaced(ResourceChange change) =>
        change.Replacement == Replacement.True
        || (change.Replacement == Replacement.Conditional && change.ResourceType == "AWS::DynamoDB::Table" && Changes(change, "KeySchema"));

    private static bool Changes(ResourceChange change, string property) =>
        (change.Details ?? []).Exists(detail => detail.Target?.Attribute == ResourceAttribute.Properties && detail.Target.Name == property);

    // The physical id of some types is the name, of others an ARN or an address that ends with it.
    private static bool HasName(string? physicalId, string name) =>
        physicalId == name
        || physicalId?.EndsWith($":{name}", StringComparison.Ordinal) == true
        || physicalId?.EndsWith($"/{name}", StringComparison.Ordinal) == true;

    private static string Named(CustomName name) => name.Name is { } known ? $" {known}" : string.Empty;
}

/// <summary>A name that a template gives, of the stack or of one that is nested in it.</summary>
/// <param name="Place">The resource's logical id, after those of the nested stacks that it lies in.</param>
/// <param name="Name">The name.</param>
internal sealed record PlacedName(string Place, CustomName Name);

/// <summary>A resource of another stack of the service.</summary>
/// <param name="Step">The step whose stack it is of.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="LogicalId">Its logical id.</param>
/// <param name="Type">Its type.</param>
/// <param name="PhysicalId">Its physical id.</param>
internal sealed record HeldResource(string Step, string Stack, string LogicalId, string Type, string? PhysicalId);
