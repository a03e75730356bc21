using System.Text.Json.Serialization;
using Deployer.Cli.Deployments;

namespace Deployer.Cli.Bootstrap;

/// <summary>How <c>deployer teardown</c> ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TeardownVerdict>))]
internal enum TeardownVerdict
{
    /// <summary>The stack is deleted.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,

    /// <summary>There was no such stack.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,

    /// <summary>CloudFormation could not delete it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing was deleted: what is attached to the stack's roles or policies has to go first.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>What <c>deployer teardown</c> did, as the JSON document has it.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Stack">Which stack, and where.</param>
/// <param name="Status">The stack's status at the end; <see langword="null"/> when there was none.</param>
/// <param name="Kept">What stays.</param>
/// <param name="Cause">Why it failed; <see langword="null"/> when it did not.</param>
/// <param name="Next">What has to go before the stack can be deleted, or how what stays of one that is deleted goes.</param>
internal sealed record TeardownReport(
    TeardownVerdict Verdict,
    StackPlace Stack,
    string? Status,
    IReadOnlyList<KeptResource> Kept,
    string? Cause,
    IReadOnlyList<NextStep> Next
);

/// <summary>A resource that its template keeps when the stack is deleted.</summary>
/// <param name="Name">Its logical id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its physical id.</param>
/// <param name="Why">What it is kept for; <see langword="null"/> where the program does not know.</param>
internal sealed record KeptResource(string Name, string Type, string Id, string? Why);
