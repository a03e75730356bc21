using System.Text.Json.Serialization;

namespace Deployer.Functions.Steps;

/// <summary>A resource that is not as its stack's template says, or of which that could not be found out.</summary>
/// <param name="Stack">The stack's name; with a slash before each nested one.</param>
/// <param name="Resource">The resource's logical id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Drift">modified, deleted, or unknown where it could not be read.</param>
/// <param name="Reason">Why it could not be read.</param>
/// <param name="Properties">The properties that differ.</param>
public sealed record DriftedResource(
    string Stack,
    string Resource,
    string Type,
    string Drift,
    string? Reason,
    IReadOnlyList<DriftedProperty> Properties
)
{
    /// <summary>What a resource is that somebody has changed.</summary>
    public const string Modified = "modified";

    /// <summary>What a resource is that somebody has deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>What a resource is that could not be read.</summary>
    public const string Unknown = "unknown";

    /// <summary>Whether it differs; one that could not be read may or may not.</summary>
    [JsonIgnore]
    public bool HasDrifted => Drift != Unknown;

    /// <summary>What is found, a sentence for each property.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Sentences =>
        Drift switch
        {
            Deleted => [$"{Name} was deleted by hand"],
            Unknown => [$"{Name} could not be checked for changes by hand: {Reason}"],
            _ => [.. Properties.Select(property => $"{Name} was changed by hand: {property}")],
        };

    /// <summary>What tells the values apart that the sentences may hide or shorten, one for each of them; empty for no value.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Marks =>
        Drift is Deleted or Unknown ? [string.Empty] : [.. Properties.Select(property => property.Mark ?? string.Empty)];

    private string Name => $"{Resource} ({Type}) of stack {Stack}";
}

/// <summary>A property that differs from the template.</summary>
/// <param name="Path">Where it is, such as <c>/Environment/Variables/MODE</c>.</param>
/// <param name="Expected">What the template says; null for what was added.</param>
/// <param name="Actual">What it is; null for what was removed.</param>
public sealed record DriftedProperty(string Path, string? Expected, string? Actual)
{
    /// <summary>
    /// A digest of what it is, which is shown nowhere: the value itself may be hidden, and another one would look the same.
    /// </summary>
    [JsonIgnore]
    public string? Mark { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Expected ?? "(not there)"} → {Actual ?? "(not there)"}";
}
