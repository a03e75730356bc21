using System.Text.Json;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Ledger;

/// <summary>The input of the machine <c>deploy</c>.</summary>
/// <param name="Service">The service's name; it has to be the one in <c>deployer.yaml</c>.</param>
/// <param name="Target">A target of the file.</param>
/// <param name="Source">
/// Where the service's folder lies, as a zip; not given for a rollback, which takes the source that its revision came from, nor for a change of
/// capacity or a removal, which take the last one that was deployed.
/// </param>
/// <param name="Revision">The commit, when the source is one.</param>
/// <param name="Steps">Names of the steps to run; all when not given, for a rollback those that have the revision, and for a change of capacity every compute group.</param>
/// <param name="By">Who asks, for the record of revisions.</param>
/// <param name="RollbackTo">An earlier revision of the ions, by its name or the beginning of it, that is deployed again without a push.</param>
/// <param name="Capacity"><c>off</c> or <c>on</c>, to turn compute groups off, and on again, instead of deploying.</param>
/// <param name="Instance">The development instance of the target; the target itself when not given.</param>
/// <param name="Remove">Whether the development instance is removed.</param>
/// <param name="Expired">The expiry for which it is removed; nothing is, when it has another one by then.</param>
public sealed record DeploymentRequest(
    string Service,
    string Target,
    SourceObject? Source = null,
    string? Revision = null,
    IReadOnlyList<string>? Steps = null,
    string? By = null,
    string? RollbackTo = null,
    string? Capacity = null,
    string? Instance = null,
    bool Remove = false,
    DateTimeOffset? Expired = null
)
{
    /// <summary>The request as the input of an execution.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Documents.Default.DeploymentRequest);
}

/// <summary>An object in S3.</summary>
public sealed record SourceObject(string Bucket, string Key);

/// <summary>What <c>Begin</c> hands on.</summary>
public sealed record BeginAnswer(string Deployment);
