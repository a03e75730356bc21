namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>What becomes of a resource. <see cref="Dynamic"/>: not known before the execution.</summary>
public enum ChangeAction
{
    /// <summary>The resource is created.</summary>
    Add,

    /// <summary>The resource is changed or replaced.</summary>
    Modify,

    /// <summary>The resource is deleted.</summary>
    Remove,

    /// <summary>What is done is not known before.</summary>
    Dynamic,
}

/// <summary>Whether a modified resource is replaced by a new one.</summary>
public enum Replacement
{
    /// <summary>The resource stays.</summary>
    False,

    /// <summary>The resource may be replaced.</summary>
    Conditional,

    /// <summary>The resource is replaced.</summary>
    True,
}

/// <summary>Whether a change of a property replaces its resource.</summary>
public enum RequiresRecreation
{
    /// <summary>The change never replaces the resource.</summary>
    Never,

    /// <summary>The change may replace the resource.</summary>
    Conditionally,

    /// <summary>The change replaces the resource.</summary>
    Always,
}

/// <summary>One changed property or attribute of a resource, and why.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html</summary>
/// <param name="Attribute"><c>Properties</c>, <c>Metadata</c>, <c>Tags</c> or a policy's name.</param>
/// <param name="Name">The property, when the attribute is <c>Properties</c>.</param>
/// <param name="RequiresRecreation">Whether it replaces the resource.</param>
/// <param name="IsDynamic">Whether the value changes at all is only known when it is executed.</param>
/// <param name="Source"><c>DirectModification</c>, <c>ParameterReference</c>, <c>ResourceReference</c>, <c>ResourceAttribute</c> or
/// <c>Automatic</c>.</param>
/// <param name="CausingEntity">The parameter or resource (<c>Id.Attribute</c>) behind it.</param>
public sealed record ChangeDetail(
    string Attribute,
    string? Name,
    RequiresRecreation RequiresRecreation,
    bool IsDynamic,
    string Source,
    string? CausingEntity
)
{
    /// <summary>Where the value stands in the resource, e.g. <c>/Properties/Handler</c>.</summary>
    public string Path => Name is null ? $"/{Attribute}" : $"/{Attribute}/{Name}";
}

/// <summary>What an operation would do to one resource.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html</summary>
public sealed record ResourceChange(ChangeAction Action, string LogicalId, string? PhysicalId, string Type)
{
    /// <summary>Set for <see cref="ChangeAction.Modify"/> alone.</summary>
    public Replacement? Replacement { get; init; }

    /// <summary>What changes in the resource, and because of what.</summary>
    public IReadOnlyList<ChangeDetail> Details { get; init; } = [];

    /// <summary>What happens to the physical resource that goes: <c>Delete</c>, <c>Retain</c>, <c>Snapshot</c>, <c>ReplaceAndDelete</c>,
    /// <c>ReplaceAndRetain</c>…</summary>
    public string? PolicyAction { get; init; }

    /// <summary>The change set of a nested stack.</summary>
    public string? ChangeSetId { get; init; }

    /// <summary>The attributes that change.</summary>
    public IReadOnlyList<string> Scope => [.. Details.Select(d => d.Attribute).Distinct().Order(StringComparer.Ordinal)];
}
