namespace Deployer.Spec;

/// <summary>Which plans of a target a person has to approve before they are deployed.</summary>
/// <param name="For">What a plan has to have so that it needs an approval; empty for every plan that changes something.</param>
/// <param name="ExpireAfter">How long an approval holds.</param>
public sealed record ApprovalSpec(IReadOnlyList<ApprovalReason> For, TimeSpan ExpireAfter)
{
    /// <summary>How long an approval holds unless the file says otherwise: a working day, and the night before it.</summary>
    public static readonly TimeSpan UsualExpiry = TimeSpan.FromHours(24);

    /// <summary>A rule that asks about whatever one of two asks about, and whose approvals hold as long as the stricter one says.</summary>
    /// <param name="one">A rule, or none.</param>
    /// <param name="other">Another, or none.</param>
    public static ApprovalSpec? Stricter(ApprovalSpec? one, ApprovalSpec? other) =>
        (one, other) switch
        {
            (null, _) => other,
            (_, null) => one,
            _ => new ApprovalSpec(
                // None stands for every plan.
                one.For.Count == 0
                || other.For.Count == 0
                    ? []
                    : [.. one.For.Union(other.For)],
                one.ExpireAfter < other.ExpireAfter ? one.ExpireAfter : other.ExpireAfter
            ),
        };
}

/// <summary>What a plan may have that a person is asked about.</summary>
public enum ApprovalReason
{
    /// <summary>A resource is replaced.</summary>
    Replacements,

    /// <summary>A resource is removed.</summary>
    Removals,

    /// <summary>A change deserves a second look.</summary>
    Risky,
}

/// <summary>The names of <see cref="ApprovalReason"/> in <c>deployer.yaml</c>.</summary>
public static class ApprovalReasons
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["replacements", "removals", "risky"];

    /// <summary>The reason of this name, or null.</summary>
    public static ApprovalReason? Find(string? name) =>
        name switch
        {
            "replacements" => ApprovalReason.Replacements,
            "removals" => ApprovalReason.Removals,
            "risky" => ApprovalReason.Risky,
            _ => null,
        };
}
