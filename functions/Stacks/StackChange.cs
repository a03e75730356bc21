using System.Text.Json.Serialization;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>A change of one resource.</summary>
/// <param name="Resource">Its logical id, after those of the nested stacks that it is in: <c>Network/Listener</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Change">What happens to it.</param>
/// <param name="Properties">Names of the properties and attributes that change; never their values, which may be secret.</param>
/// <param name="Risk">Why it deserves a second look; <see langword="null"/> when nothing can be lost by it.</param>
public sealed record StackChange(string Resource, string Type, ChangeKind Change, IReadOnlyList<string> Properties, string? Risk = null)
{
    /// <summary>
    /// The part of a plan: changes of the stack's resources, those of nested stacks among them; none when they are known after apply.
    /// </summary>
    public static readonly PlanPart<IReadOnlyList<StackChange>> Part = new(
        "changes",
        StackChangeDocuments.Default.IReadOnlyListStackChange,
        changes => changes.Select(change => change.ToPlannedChange())
    )
    {
        IsOfResources = true,
    };

    /// <summary>The change as it is shown.</summary>
    public PlannedChange ToPlannedChange() =>
        new(Change, $"{Resource} {Type}", Risk, Properties.Count == 0 ? string.Empty : $"({string.Join(", ", Properties)})");
}

/// <summary>How changes are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IReadOnlyList<StackChange>))]
internal sealed partial class StackChangeDocuments : JsonSerializerContext;
