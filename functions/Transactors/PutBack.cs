using Amazon.ECS;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>Puts the former transactor back, waits until it has said in its log that it works, and then fails with the cause.</summary>
internal static class PutBack
{
    /// <summary>The phase of a task that does so.</summary>
    public const string Phase = "put-back";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>One look.</summary>
    public static async Task<Outcome> Advance(StepRun run, TransactorParts parts)
    {
        var kept = run.Record.Kept<TransactorProgress>();
        var former = kept.Former!;
        var (part, isBack) = (parts[kept.Part!], true);
        var isSingle = RollWork.Mode(run) == TransactorMode.Single;
        var back = new List<WantedTasks> { new(part, former.Desired) };
        if (kept.PutsBackBoth)
        {
            back.Add(new(parts.Other(part), isSingle ? 0 : 1));
        }

        var waits = (string?)null;
        foreach (var (one, desired) in back)
        {
            var service = one.Service;
            if (
                one.Desired != desired
                || one.Primary.TaskDefinition != former.Definition
                || (desired > 0 && one.Primary.RolloutState == DeploymentRolloutState.FAILED && !kept.PutsBackBoth)
            )
            {
                service = await RollWork.Update(run, one, former.Definition, desired);
                isBack = false;
            }

            isBack &= desired == 0 ? one.Tasks.Count == 0 : IsBack(one, former);
            waits ??= service.Primary().Id;
        }

        var names = string.Join(" and ", back.Select(one => one.Part.Name));
        var definition = WantedDefinition.Name(former.Definition);
        if (isBack && parts.Active is not null)
        {
            return Failed(kept, parts, $"{names} {(back.Count == 1 ? "was" : "were")} put back to {definition}");
        }

        return run.Since(kept.Waits) >= Patience
            ? Failed(kept, parts, $"{names} could not be put back to {definition} within {Patience.TotalMinutes:0} minutes")
            : new Outcome.Running($"{names} {(back.Count == 1 ? "is" : "are")} put back to {definition}", IsLost: true, WaitsFor: waits);
    }

    // A class, since LINQ is compiled anew for each value type.
    private sealed record WantedTasks(TransactorPart Part, int Desired);

    private static bool IsBack(TransactorPart part, FormerPart former) =>
        part.Primary.RolloutState != DeploymentRolloutState.IN_PROGRESS
        && part.Tasks.Any(task => task.Task.TaskDefinitionArn == former.Definition && task.IsProven);

    private static Outcome.Failed Failed(TransactorProgress kept, TransactorParts parts, string what)
    {
        var lines = kept.Cause!.Split('\n');
        return new Outcome.Failed(
            RollFailure.Exception(kept, $"{lines[0]}; {what}; {parts.Runs}" + RollFailure.Lines(lines.AsEnumerable().Skip(1)))
        );
    }
}
