using Amazon.CodeBuild;
using Deployer.Rehearsal.CodeBuild.Tools;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>
/// Everything that a build's machine needs: read from the world before the machine starts, so that it needs nothing of the world.
/// </summary>
/// <param name="Programs">What the image has.</param>
/// <param name="Source">Where the source comes from.</param>
/// <param name="Buildspec">The specification, or its path in the source; <see langword="null"/> for <c>buildspec.yml</c>.</param>
/// <param name="Environment">The build's variables; those of the specification are added where they are not among them.</param>
/// <param name="CollectsArtifacts">Whether the files that the specification names are kept.</param>
/// <param name="Time">The virtual time.</param>
internal sealed record BuildOrder(
    ImagePrograms Programs,
    BuildSource Source,
    string? Buildspec,
    IReadOnlyDictionary<string, string> Environment,
    bool CollectsArtifacts,
    DateTimeOffset Time
);

/// <summary>A build's source.</summary>
internal abstract record BuildSource
{
    /// <summary>Whether a type of source is a hosted repository that the rehearsal simulates.</summary>
    internal static bool IsRepository(SourceType type) =>
        type == SourceType.GITHUB || type == SourceType.GITLAB || type == SourceType.BITBUCKET;

    /// <summary>No files at all.</summary>
    internal sealed record None : BuildSource;

    /// <summary>A zip.</summary>
    internal sealed record Archive(byte[] Zip) : BuildSource;

    /// <summary>A clone of a repository at a branch, tag or commit.</summary>
    /// <param name="Folder">The git repository.</param>
    /// <param name="Url">What the clone calls its origin.</param>
    /// <param name="Version">What is checked out; <see langword="null"/> for the default branch.</param>
    /// <param name="Depth">How many commits; <see langword="null"/> for all.</param>
    internal sealed record Checkout(string Folder, string Url, string? Version, int? Depth) : BuildSource;
}

/// <summary>What a build's machine did.</summary>
internal sealed record BuildOutcome
{
    /// <summary>Why the source could not be had: a code and a sentence.</summary>
    internal (string Code, string Message)? SourceFault { get; init; }

    /// <summary>What the commands did.</summary>
    internal Shell.ShellResult? Commands { get; init; }

    /// <summary>The commit that was checked out.</summary>
    internal string? ResolvedVersion { get; init; }

    /// <summary>
    /// The files to store, by their paths below the base directory; <see langword="null"/> when the specification names none.
    /// </summary>
    internal IReadOnlyList<KeyValuePair<string, byte[]>>? Artifacts { get; init; }

    /// <summary>Why the files to store could not be had.</summary>
    internal string? ArtifactFault { get; init; }

    /// <summary>The name that the specification gives its artifacts.</summary>
    internal string? ArtifactName { get; init; }
}
