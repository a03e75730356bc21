using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>What <c>Check</c> receives.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Target">A target of the service's file.</param>
/// <param name="Source">Where the service's folder lies, as a zip; for the first request.</param>
/// <param name="Begun">What the request before answered; for every further one.</param>
/// <param name="GivenUp">The checks whose time is over.</param>
/// <param name="Folder">
/// The service's folder as a command line names it, for the commands that help; <see langword="null"/> from programs that do not say it.
/// </param>
public sealed record CheckInput(
    string Service,
    string Target,
    SourceObject? Source = null,
    BegunChecks? Begun = null,
    IReadOnlyList<string>? GivenUp = null,
    string? Folder = null
);

/// <summary>What <c>Check</c> answers.</summary>
/// <param name="Results">What was found by this request.</param>
/// <param name="Begun">What is asked for again until nothing of it is waited for.</param>
public sealed record CheckAnswer(IReadOnlyList<CheckResult> Results, BegunChecks Begun);

/// <summary>A run of checks of which some take their time.</summary>
/// <param name="Id">The run's own id.</param>
/// <param name="Digest">The source, by the digest of its content.</param>
/// <param name="Waiting">What has not ended yet.</param>
public sealed record BegunChecks(string Id, string Digest, IReadOnlyList<WaitingFor> Waiting);

/// <summary>A check that was begun.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Key">By what it is found again.</param>
/// <param name="Patience">How many seconds it is waited for.</param>
public sealed record WaitingFor(string Check, string Key, int Patience);
