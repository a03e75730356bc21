namespace Deployer.Functions.Steps;

/// <summary>How far a listing that AWS answers in pages has come.</summary>
/// <param name="Next">The token of the page that is read next; <see langword="null"/> when there is none any more.</param>
/// <param name="Found">What was kept of the pages that were read, a text each.</param>
public sealed record ListedPages(string? Next, IReadOnlyList<string> Found);
