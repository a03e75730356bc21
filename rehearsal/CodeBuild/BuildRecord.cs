using Amazon.CodeBuild.Model;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>A build as it is stored.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Build">What the API shows.</param>
/// <param name="Artifacts">Where its artifacts go.</param>
/// <param name="Planned">The phases that are still to come, once its commands have run.</param>
internal sealed record BuildRecord(
    string Account,
    string Region,
    Build Build,
    ProjectArtifacts Artifacts,
    IReadOnlyList<PlannedPhase> Planned
)
{
    /// <summary>The part of the id behind the project's name.</summary>
    internal string Uuid => Build.Id[(Build.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}

/// <summary>A phase whose outcome is known before its virtual time has passed.</summary>
/// <param name="Name">As the API names it.</param>
/// <param name="Status">Its outcome.</param>
/// <param name="Duration">How long it takes.</param>
/// <param name="Code">What went wrong, as a code such as <c>COMMAND_EXECUTION_ERROR</c>.</param>
/// <param name="Message">What went wrong, for a human.</param>
internal sealed record PlannedPhase(string Name, string Status, TimeSpan Duration, string? Code = null, string? Message = null);

/// <summary>The request that an idempotency token stands for.</summary>
internal sealed record StartToken(string RequestDigest, string BuildId, DateTimeOffset Expires);
