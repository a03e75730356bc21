namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>A program that a build calls and the rehearsal simulates, in its own process.</summary>
internal interface IBuildTool
{
    /// <summary>The names by which a build finds it on its path.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Whether the image has it; what it lacks, a build finds only after a command has installed it.</summary>
    bool IsInImage => true;

    /// <summary>Runs it once.</summary>
    /// <returns>The exit status.</returns>
    Task<int> Run(ToolCall call);
}

/// <summary>A command line as the tool's own process would see it.</summary>
/// <param name="Name">The name by which it was called.</param>
/// <param name="Arguments">What follows the name.</param>
/// <param name="Folder">The working directory.</param>
/// <param name="Environment">The build's whole environment; nothing of this process's own.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Ended">
/// The process that called was killed, or the build was: as a program of its own would be, the tool is gone, and makes no further request.
/// </param>
internal sealed record ToolCall(
    string Name,
    IReadOnlyList<string> Arguments,
    string Folder,
    IReadOnlyDictionary<string, string> Environment,
    TextWriter Output,
    TextWriter Error,
    CancellationToken Ended = default
)
{
    /// <summary>
    /// Notes a command line that is not simulated: the build's command fails by it, whether or not the build looks at the exit status.
    /// </summary>
    public Action<string> NotSimulated { get; init; } = _ => { };
}
