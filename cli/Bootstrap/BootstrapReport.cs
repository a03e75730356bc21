using System.Text.Json.Serialization;
using Deployer.Cli.Deployments;
using Deployer.Functions.Stacks;

namespace Deployer.Cli.Bootstrap;

/// <summary>How <c>deployer bootstrap</c> ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BootstrapVerdict>))]
internal enum BootstrapVerdict
{
    /// <summary>The stack was made.</summary>
    [JsonStringEnumMemberName("created")]
    Created,

    /// <summary>The stack was updated.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>The stack was as it should be.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>CloudFormation could not make or update it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>What <c>deployer bootstrap</c> did, as the JSON document has it.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Stack">Which stack, and where.</param>
/// <param name="Status">The stack's status at the end.</param>
/// <param name="Changes">What was to change, as a plan has it.</param>
/// <param name="Cause">Why it failed; <see langword="null"/> when it did not.</param>
/// <param name="Next">What to do next.</param>
internal sealed record BootstrapReport(
    BootstrapVerdict Verdict,
    StackPlace Stack,
    string Status,
    IReadOnlyList<StackChange> Changes,
    string? Cause,
    IReadOnlyList<NextStep> Next
)
{
    /// <summary>
    /// ARNs of the executions of the deployer that ran when its update began; <see langword="null"/> when none did.
    /// </summary>
    public IReadOnlyList<string>? Running { get; init; }
}
