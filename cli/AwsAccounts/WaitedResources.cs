using System.Diagnostics;
using Deployer.Cli.Progress;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.AwsAccounts;

/// <summary>What the tasks of a deployment wait for, by their records: its history says only which task it is.</summary>
/// <param name="ledger">The deployer's records.</param>
/// <param name="deployment">The deployment.</param>
internal sealed class WaitedResources(LedgerTable ledger, DeploymentId deployment)
{
    /// <summary>A task goes on from one thing to the next without an event in the history, such as from a build to its result.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);
    private readonly Stopwatch _sinceLook = Stopwatch.StartNew();

    /// <summary>What is waited for now and was not before, the step before each in words; looked for now and then only.</summary>
    /// <param name="mayDiffer">Whether the history has something new.</param>
    /// <param name="isRunning">Whether a task of a step is known to run.</param>
    public async Task<IReadOnlyList<(string Step, string Resource)>> Next(bool mayDiffer, Func<string, bool> isRunning)
    {
        if (!mayDiffer && _sinceLook.Elapsed < Interval)
        {
            return [];
        }

        _sinceLook.Restart();
        var found = new List<(string, string)>();
        foreach (var task in await ledger.Query(TaskRecord.All(deployment)))
        {
            if (
                task is { State: TaskState.Begun or TaskState.Running, Resource: { } resource }
                && isRunning(task.Step)
                && _named.GetValueOrDefault(task.Step) != resource
            )
            {
                _named[task.Step] = resource;
                found.Add((task.Step, ResourceWords.Name(resource)));
            }
        }

        return found;
    }
}
