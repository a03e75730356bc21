using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>The jobs of a build's shell, as its builtin <c>jobs</c> writes them.</summary>
/// <remarks>https://www.gnu.org/software/bash/manual/html_node/Job-Control-Builtins.html</remarks>
internal static partial class ShellJobs
{
    /// <summary>
    /// What the jobs in some files were started with, each once, in the files' order; without those that were killed, which nobody waits
    /// for. The files are gone then.
    /// </summary>
    /// <param name="folder">Where the files are; they need not be there.</param>
    /// <param name="files">Their names.</param>
    internal static async Task<IReadOnlyList<string>> Take(string folder, params IReadOnlyList<string> files)
    {
        var jobs = new List<string>();
        foreach (var path in files.Select(file => Path.Combine(folder, file)).Where(File.Exists))
        {
            jobs.AddRange(Read(await File.ReadAllLinesAsync(path)));
            File.Delete(path);
        }

        return [.. jobs.Distinct()];
    }

    // A text of several lines goes on in lines that begin otherwise. The folder that a job was started in is written behind it when it is
    // another than the shell's.
    private static IEnumerable<string> Read(IEnumerable<string> lines) =>
        lines.Select(line => Job().Match(line)).Where(match => match.Success).Select(match => match.Groups["command"].Value);

    [GeneratedRegex(
        @"^\[\d+\][-+ ]\s*(?!(?:Hangup|Interrupt|Quit|Killed|Terminated)\b)\S+(?: \S+)*\s{2,}(?<command>.+?)(?: &)?(?:\s+\(wd: .*\))?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        60_000
    )]
    private static partial Regex Job();
}
