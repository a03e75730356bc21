using Amazon.CloudWatchLogs.Model;
using Amazon.CodeBuild.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Ions;

/// <summary>What the commands of a failed build wrote last.</summary>
public sealed class BuildLog(IAws aws)
{
    private const int MostEvents = 100;
    private const int LinesShown = 5;
    private const int LineLength = 300;

    // https://docs.aws.amazon.com/codebuild/latest/userguide/getting-started-cli-monitor-build-logs.html
    private const string OfCodeBuild = "[Container]";

    /// <summary>The last lines of a phase, without CodeBuild's own; that they cannot be read, where that is so.</summary>
    /// <param name="build">The build.</param>
    /// <param name="phase">The phase that failed; <see langword="null"/> for the end of the log.</param>
    /// <param name="secrets">What is cut out.</param>
    public async Task<IReadOnlyList<string>> LastLines(Build build, BuildPhase? phase, SecretValues secrets)
    {
        if (build.Logs is not { GroupName: { Length: > 0 } group, StreamName: { Length: > 0 } stream })
        {
            return [];
        }

        var tail = await LogTail.Explain(aws.Logs, group, stream, MostEvents);
        return tail.Problem is { } problem ? [$"its {problem}"] : [.. Last(tail.Last, phase).Select(line => Shown(line, secrets))];
    }

    /// <summary>What runs after a failed phase, its own commands wrote, and the cause stands before.</summary>
    private static IEnumerable<string> Last(IReadOnlyList<OutputLogEvent> events, BuildPhase? phase)
    {
        var lines = events.Select(line => line.Message.Trim()).ToList();
        var end = phase is null
            ? -1
            : lines.FindLastIndex(line => line.Contains($"Phase complete: {phase.PhaseType} ", StringComparison.Ordinal));
        return (end < 0 ? lines : lines[..end])
            .FindAll(line => line.Length > 0 && !line.StartsWith(OfCodeBuild, StringComparison.Ordinal))
            .TakeLast(LinesShown);
    }

    private static string Shown(string line, SecretValues secrets) =>
        $"log: {CauseText.Shorten(secrets.Hide(CauseText.HideCredentials(line)), LineLength)}";
}
