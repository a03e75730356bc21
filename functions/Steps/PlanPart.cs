using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Steps;

/// <summary>A part of the plan that only steps of one kind have: a member of the plan's JSON document.</summary>
/// <param name="name">The member's name, such as <c>changes</c>.</param>
public abstract class PlanPart(string name)
{
    /// <summary>The member's name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether its changes are those of resources, which a plan's summary counts.</summary>
    public bool IsOfResources { get; init; }

    /// <summary>Whether the plan of a step has the part, be it without changes.</summary>
    public bool IsIn(StepPlan plan) =>
        plan.Parts?.GetValueOrDefault(Name) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    /// <summary>The changes that the part has about a step, for people; none for a step without the part.</summary>
    public abstract IEnumerable<PlannedChange> Changes(StepPlan plan);
}

/// <inheritdoc/>
/// <typeparam name="T">What the member holds.</typeparam>
/// <param name="name">The member's name, such as <c>changes</c>.</param>
/// <param name="json">How it is written.</param>
/// <param name="changes">How it reads.</param>
public sealed class PlanPart<T>(string name, JsonTypeInfo<T> json, Func<T, IEnumerable<PlannedChange>> changes) : PlanPart(name)
    where T : class
{
    /// <inheritdoc/>
    public override IEnumerable<PlannedChange> Changes(StepPlan plan) => Read(plan) is { } part ? changes(part) : [];

    /// <summary>What a plan has; <see langword="null"/> when it does not have the part.</summary>
    internal T? Read(StepPlan plan) =>
        plan.Parts is { } parts && parts.TryGetValue(Name, out var element) && element.ValueKind != JsonValueKind.Null
            ? element.Deserialize(json)
            : null;

    /// <summary>The member for what a plan has.</summary>
    internal JsonElement Write(T? value) => value is null ? StepPlan.NoPart : JsonSerializer.SerializeToElement(value, json);
}

/// <summary>A change as a plan shows it.</summary>
/// <param name="Change">What happens.</param>
/// <param name="Thing">To what, whatever of it changes: <c>Table AWS::DynamoDB::Table</c>.</param>
/// <param name="Risk">Why it deserves a second look; <see langword="null"/> when nothing can be lost by it.</param>
/// <param name="Detail">What of it changes; empty where that is not said.</param>
public sealed record PlannedChange(ChangeKind Change, string Thing, string? Risk = null, string Detail = "")
{
    /// <summary>What changes, in words.</summary>
    public string Text => Detail.Length == 0 ? Thing : $"{Thing} {Detail}";

    /// <summary>What changes, how, and why that deserves a second look.</summary>
    public string Sentence => $"{Text} is {Change.Text()}{(Risk is null ? string.Empty : $": {Risk}")}";
}
