using System.Globalization;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Functions.Errors;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Ions;

/// <summary>Why a build, or ion-dev in it, has failed.</summary>
internal sealed class IonBuildFailures(BuildLog log)
{
    private const int LastLinesShown = 3;
    private const int LineLength = 300;

    /// <summary>In words, why a build failed by itself: the first phase that did not succeed, and what its commands wrote last.</summary>
    /// <param name="build">The build.</param>
    /// <param name="secrets">What is cut out of the lines.</param>
    public async Task<string> Explain(Build build, SecretValues secrets)
    {
        var phase = FailedPhase(build);
        var reason = phase?.Contexts?.FirstOrDefault()?.Message;
        var step = phase is null ? string.Empty : $" in phase {phase.PhaseType}";
        var why = reason is null ? string.Empty : $": {reason}";
        var link = build.Logs?.DeepLink is { Length: > 0 } address ? $"; its log: {address}" : string.Empty;
        var answer = build.BuildStatus == StatusType.SUCCEEDED ? " and left no answer of ion-dev" : string.Empty;
        var lines = string.Concat((await log.LastLines(build, phase, secrets)).Select(line => $"\n{line}"));
        return string.Create(CultureInfo.InvariantCulture, $"build {build.Id} {build.BuildStatus}{step}{why}{answer}{link}{lines}");
    }

    /// <summary>The phase that did not succeed; <see langword="null"/> where none has ended so.</summary>
    public static BuildPhase? FailedPhase(Build build) =>
        (build.Phases ?? []).Find(phase => phase.PhaseStatus is not null && phase.PhaseStatus != StatusType.SUCCEEDED);

    /// <summary>In words, why ion-dev failed: its causes, outermost first; without an answer, what was printed last.</summary>
    /// <param name="answer">What was read of the output.</param>
    /// <param name="output">The output.</param>
    public static string Explain(IonDevAnswer? answer, string output) =>
        answer switch
        {
            null when LastLines(output) is { Length: > 0 } end => $"its output does not end with an answer but with: {end}",
            null => "it printed nothing; its log has what the build's commands wrote",
            { Causes.Count: > 0 } => string.Join(": ", answer.Causes),
            { CommandFailed: { } command } => $"{command} failed without a cause",
            _ => "its answer lacks what was asked for",
        };

    private static string LastLines(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeLast(LastLinesShown)
            .Select(line => CauseText.Shorten(line, LineLength));
        return string.Join(" | ", lines);
    }
}
