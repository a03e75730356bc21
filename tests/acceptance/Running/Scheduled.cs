using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>Rehearsals of the example in which people act by a schedule. Each has accounts of its own, copied from prepared ones.</summary>
internal static class Scheduled
{
    private static readonly Lazy<Task<TemporaryFolder>> Prepared = new(Prepare);

    /// <summary>Rehearses the example with a schedule, in process.</summary>
    /// <param name="schedule">The lines of the file.</param>
    /// <param name="look">Looks at the accounts that the rehearsal left.</param>
    /// <param name="options">Further options.</param>
    public static async Task<CommandResult> Rehearse(
        string schedule,
        Func<SimulatedAccounts, CommandResult, Task>? look = null,
        params string[] options
    )
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "schedule.yaml");
        var state = Path.Combine(folder.Path, "state");
        await File.WriteAllTextAsync(file, schedule);
        Copy((await Prepared.Value).Path, state);
        var result = await CommandLine.Rehearse(["--schedule", file, "--state", state, .. options]);
        if (look is not null)
        {
            await using var accounts = await SimulatedAccounts.Open(state);
            await look(accounts, result);
        }

        return result;
    }

    /// <summary>How many requests an invocation of a function makes at most in a deployment that nothing disturbs.</summary>
    public static async Task<int> RequestsOf(string function) =>
        (
            await Rehearse(
                "schedule:\n"
                    + Lines(60, number => $"  - {{ when: {{ request: {number}, of: {function} }}, do: {{ delay: {{ by: 0s }} }} }}")
            )
        ).Report.People!.Count(act => act.Outcome == ActOutcome.Done);

    /// <summary>Lines of a schedule for the numbers from 1.</summary>
    public static string Lines(int count, Func<int, string> line) => string.Join('\n', Enumerable.Range(1, count).Select(line)) + "\n";

    /// <summary>The periods in which an execution of the deployer worked on steps: from the first task of a step, or a redrive, to its end.</summary>
    public static async Task<IReadOnlyList<(DateTime From, DateTime To)>> WorkingPeriods(this SimulatedAccounts accounts, string execution)
    {
        var periods = new List<(DateTime, DateTime)>();
        DateTime? from = null;
        foreach (var happened in await accounts.History(execution))
        {
            if (happened.Type == HistoryEventType.MapStateEntered || happened.Type == HistoryEventType.ExecutionRedriven)
            {
                from ??= happened.Timestamp;
            }
            else if (from is { } began && Closes(happened) is { } closed)
            {
                // One that is refused the lock has worked on nothing.
                if (closed is not ("TargetBusyException" or "SupersededException"))
                {
                    periods.Add((began, happened.Timestamp!.Value));
                }

                from = null;
            }
        }

        return periods;
    }

    /// <summary>The error with which an event closes an execution, empty for a success; null when it closes none.</summary>
    private static string? Closes(HistoryEvent happened) =>
        happened.Type.Value switch
        {
            "ExecutionSucceeded" => string.Empty,
            "ExecutionFailed" => happened.ExecutionFailedEventDetails?.Error ?? string.Empty,
            "ExecutionAborted" => happened.ExecutionAbortedEventDetails?.Error ?? string.Empty,
            "ExecutionTimedOut" => happened.ExecutionTimedOutEventDetails?.Error ?? string.Empty,
            _ => null,
        };

    private static async Task<TemporaryFolder> Prepare()
    {
        var folder = new TemporaryFolder();
        await (await SimulatedAccounts.Open(folder.Path)).DisposeAsync();
        return folder;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
