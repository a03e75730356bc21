namespace Deployer.Rehearsal.CodeBuild.Buildspecs;

/// <summary>A build specification, version 0.2: the part of it that is simulated.</summary>
/// <param name="Variables"><c>env.variables</c>.</param>
/// <param name="Phases">Those that have commands, in the order in which they run.</param>
/// <param name="Artifacts">What is stored at the end; <see langword="null"/> for nothing.</param>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html</remarks>
public sealed record Buildspec(
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlyList<BuildspecPhase> Phases,
    BuildspecArtifacts? Artifacts
);

/// <summary>The commands of one phase, run one after another in the build's one shell.</summary>
/// <param name="Name">As the API names it: <c>INSTALL</c>, <c>PRE_BUILD</c>, <c>BUILD</c> or <c>POST_BUILD</c>.</param>
/// <param name="Commands">Each a command line or a small script.</param>
/// <param name="OnFailure"><c>ABORT</c> or <c>CONTINUE</c>; <see langword="null"/> leaves it to CodeBuild.</param>
public sealed record BuildspecPhase(string Name, IReadOnlyList<string> Commands, string? OnFailure = null)
{
    /// <summary>Whether the phases that follow run although this one failed: by itself only what follows BUILD does.</summary>
    public bool GoesOnAfterFailure => OnFailure is null ? Name is "BUILD" or "POST_BUILD" : OnFailure == "CONTINUE";
}

/// <summary>Which files are stored.</summary>
/// <param name="Files">Paths and globs below the base directory.</param>
/// <param name="BaseDirectory">Relative to the source; <see langword="null"/> for the source itself.</param>
/// <param name="Name">Used when the project lets the specification name its artifacts.</param>
/// <param name="DiscardPaths">Whether the files lose their folders.</param>
public sealed record BuildspecArtifacts(IReadOnlyList<string> Files, string? BaseDirectory, string? Name, bool DiscardPaths);
