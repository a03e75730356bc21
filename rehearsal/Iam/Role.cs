using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.Iam;

/// <summary>An IAM role with everything attached to it. See https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html.</summary>
public sealed record Role
{
    /// <summary>The account that owns it.</summary>
    public required string Account { get; init; }

    /// <summary>Its name, unique in the account whatever the path.</summary>
    public required string Name { get; init; }

    /// <summary>Its path, which begins and ends with a slash.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The unique id that begins with AROA; given by <see cref="Roles.Create"/>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Who may assume it, as JSON.</summary>
    public required string TrustPolicy { get; init; }

    /// <summary>Inline policies by name, as JSON.</summary>
    public SortedDictionary<string, string> InlinePolicies { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The ARNs of the managed policies attached to it.</summary>
    public SortedSet<string> ManagedPolicies { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The ARN of the managed policy that is its permissions boundary.</summary>
    public string? PermissionsBoundary { get; init; }

    /// <summary>The longest session, in seconds: 3600 to 43200.</summary>
    public int MaxSessionDuration { get; init; } = 3600;

    /// <summary>Its tags.</summary>
    public SortedDictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    /// <summary>When it was made; set by <see cref="Roles.Create"/>.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The role as it is now, whatever becomes of this one.</summary>
    internal Role Copy() =>
        this with
        {
            InlinePolicies = new(InlinePolicies, StringComparer.Ordinal),
            ManagedPolicies = new(ManagedPolicies, StringComparer.Ordinal),
            Tags = new(Tags, StringComparer.Ordinal),
        };

    /// <summary>Its ARN, path included.</summary>
    [JsonIgnore]
    public string Arn => $"arn:aws:iam::{Account}:role{Path}{Name}";
}
