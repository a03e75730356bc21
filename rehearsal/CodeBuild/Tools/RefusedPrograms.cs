namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>What the image has and this rehearsal cannot run: a build learns nothing of how the program would have ended.</summary>
/// <param name="reasons">Why it cannot, by the program's name.</param>
internal sealed class RefusedPrograms(IReadOnlyDictionary<string, string> reasons) : IBuildTool
{
    // https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02
    private const int NotFound = 127;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. reasons.Keys];

    /// <inheritdoc/>
    public async Task<int> Run(ToolCall call)
    {
        call.NotSimulated(call.Name);
        await call.Error.WriteLineAsync(reasons[call.Name]);
        return NotFound;
    }
}
