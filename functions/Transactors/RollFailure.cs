using Deployer.Functions.Errors;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>What follows when a transactor was not replaced: the cause, and what of the former is put back.</summary>
internal static class RollFailure
{
    /// <summary>Has put back what can be without ending an active transactor, or fails at once where nothing is to be put back.</summary>
    /// <param name="run">The step; its record names the service that was being changed.</param>
    /// <param name="parts">What runs.</param>
    /// <param name="what">What went wrong.</param>
    public static async Task<Outcome> Fail(StepRun run, TransactorParts parts, string what)
    {
        var kept = run.Record.Kept<TransactorProgress>();
        var part = parts[kept.Part!];
        var reasons = StoppedTasks.InOrder(
            part.Service.Blocked(kept.Began) is { } blocked ? [new StoppedLine(blocked, null)] : [],
            await Stopped(run, part, run.Record.Resource, kept.Began),
            // Where a part is dropped, the other one is what may fail.
            kept.Desired == 0
                ? await Stopped(run, parts.Counterpart(part), parts.Counterpart(part).Primary.Id, kept.Began)
                : [],
            await Running(run, part, part.Tasks.Where(task => task.Task.StartedBy == run.Record.Resource && !task.IsProven)),
            // It was to take over.
            parts.Active
                is null
                ? await Running(run, parts.Counterpart(part), parts.Counterpart(part).Tasks)
                : []
        );
        var counterpart = parts.Counterpart(part).Overtaken(kept.Decided, kept.Accepted!);
        if (counterpart is not null)
        {
            what = $"{what}; {counterpart}, which was left alone";
        }

        var cause = string.Join('\n', reasons.Prepend(what));
        if (WhyNothingIsPutBack(kept, parts, part) is { } why)
        {
            if (parts.Active is null && kept.NoWayBack is not null && !part.HasSilentFormer(kept.Accepted!))
            {
                return new Outcome.Failed(
                    new TakeoverFailedNoWayBackException(
                        $"{TransactorParts.NothingIsWritten}; {what}; {why}; {parts.Each}" + Lines(reasons)
                    )
                );
            }

            return new Outcome.Failed(Exception(kept, $"{what}; {why}; {parts.Runs}" + Lines(reasons)));
        }

        await run.Save(
            run.Record.Keep<TransactorProgress>(progress =>
                progress with
                {
                    Cause = cause,
                    Waits = run.Account.EnteredAt,
                    PutsBackBoth = kept.WasActive && parts.Active is null && counterpart is null,
                }
            ) with
            {
                Phase = FormerRestoration.Phase,
            }
        );
        return await FormerRestoration.Advance(run, parts);
    }

    /// <summary>The failure of a roll.</summary>
    public static DeployerException Exception(TransactorProgress kept, string message) =>
        kept.WasActive || kept.Desired == 0 ? new TakeoverFailedException(message) : new StandbyFailedException(message);

    /// <summary>The lines below a cause.</summary>
    public static string Lines(IEnumerable<string> reasons) => string.Concat(reasons.Select(reason => $"\n{reason}"));

    /// <summary>Another number of tasks is no other deployment: what stopped before the change is not caused by it.</summary>
    private static Task<IReadOnlyList<StoppedLine>> Stopped(StepRun run, TransactorPart part, string? deployment, DateTime? began) =>
        new StoppedTasks(run, part.Service, RollWork.IsShown, TransactorSigns.IsRoutine).Lines(deployment, withLogs: true, began);

    /// <summary>The last lines of tasks that run and do not do what they were started for, for a cause.</summary>
    /// <param name="run">The step.</param>
    /// <param name="part">Whose tasks they are.</param>
    /// <param name="tasks">The tasks.</param>
    public static async Task<IReadOnlyList<StoppedLine>> Running(StepRun run, TransactorPart part, IEnumerable<TransactorTask> tasks)
    {
        var lines = new List<StoppedLine>();
        foreach (var task in tasks)
        {
            lines.AddRange(await new StoppedTasks(run, part.Service, RollWork.IsShown, TransactorSigns.IsRoutine).LastLines(task.Task));
        }

        return lines;
    }

    /// <summary>Why nothing is put back; <see langword="null"/> when something is.</summary>
    private static string? WhyNothingIsPutBack(TransactorProgress kept, TransactorParts parts, TransactorPart part)
    {
        var isNewActive = parts.All.Any(one =>
            one.Tasks.Any(task => task.Signs.Role == TransactorRole.Active && kept.Accepted!.Contains(task.Task.TaskDefinitionArn))
        );
        return kept.Former is null ? "what ran before is not known, so nothing was put back"
            : kept.WasActive && part.Active is { } active && !kept.Accepted!.Contains(active.Task.TaskDefinitionArn)
                // To put the service back would replace that task.
                ? "the former transactor is active, so nothing was put back"
            : kept.WasActive && parts.Active is null && part.HasSilentFormer(kept.Accepted!)
                ? "the former transactor runs and may be active, though its log does not say so, so nothing was put back"
            : kept.NoWayBack is { } closed && (isNewActive || (kept.WasActive && parts.Active is null)) ? $"nothing was put back: {closed}"
            : null;
    }
}
