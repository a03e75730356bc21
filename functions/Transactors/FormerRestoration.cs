using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;
using Failure = Deployer.Functions.Errors.Failure;

namespace Deployer.Functions.Transactors;

/// <summary>Puts the former transactor back, waits until it has said in its log that it works, and then fails with the cause.</summary>
internal static class FormerRestoration
{
    /// <summary>The phase of a task that does so.</summary>
    public const string Phase = "put-back";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>One look.</summary>
    public static async Task<Outcome> Advance(StepRun run, TransactorParts parts)
    {
        try
        {
            return await PutBack(run, parts);
        }
        catch (Exception exception) when (Failure.Translate(exception) is AwsRefusedException)
        {
            // What has failed is what people have to hear of first.
            return Failed(
                run.Record.Kept<TransactorProgress>(),
                parts,
                $"what ran before could not be put back: {Failure.Translate(exception, run.Secrets).Message}"
            );
        }
    }

    private static async Task<Outcome> PutBack(StepRun run, TransactorParts parts)
    {
        await MakeDeployable(run, parts);
        var kept = run.Record.Kept<TransactorProgress>();
        var former = kept.Former!;
        var (part, isBack) = (parts[kept.Part!], true);
        var back = new List<PartBefore> { new(part, former) };
        if (kept.PutsBackBoth)
        {
            // A record of an earlier version does not say what the other one was.
            var isSingle = RollWork.Mode(run) == TransactorMode.Single;
            back.Add(new(parts.Counterpart(part), kept.FormerCounterpart ?? new FormerPart(former.Definition, isSingle ? 0 : 1)));
        }

        var waits = (string?)null;
        foreach (var each in back)
        {
            var (one, before) = each;
            var service = one.Service;
            if (one.Overtaken(kept.Waits, [before.Definition]) is { } overtaken)
            {
                return Failed(kept, parts, $"{one.Name} was not put back to {each.Text}: {overtaken}");
            }

            if (
                one.Desired != before.Desired
                || one.Primary.TaskDefinition != before.Definition
                || (before.Desired > 0 && one.Primary.RolloutState == DeploymentRolloutState.FAILED && !kept.PutsBackBoth)
            )
            {
                service = await RollWork.Update(run, one, before.Definition, before.Desired);
                await run.Own(service.Primary().Id);
                isBack = false;
            }

            isBack &= before.Desired == 0 ? one.Tasks.Count == 0 : IsBack(one, before);
            waits ??= service.Primary().Id;
        }

        if (isBack && parts.Active is not null)
        {
            await run.Save(run.Record.Keep<TransactorProgress>(progress => progress with { IsPutBack = true }));
            return Failed(kept, parts, $"{Names(back)} {(back.Count == 1 ? "was" : "were")} put back to {Before(back)}");
        }

        return run.Since(kept.Waits) >= Patience
            ? Failed(kept, parts, $"{Names(back)} could not be put back to {Before(back)} within {Patience.TotalMinutes:0} minutes")
            : new Outcome.Running(
                $"{Names(back)} {(back.Count == 1 ? "is" : "are")} put back to {Before(back)}",
                IsLost: true,
                WaitsFor: waits
            );
    }

    /// <summary>
    /// Registers a former revision once more that was deregistered since it began to run: services that run it go on, but none may be
    /// updated to it (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html).
    /// </summary>
    private static async System.Threading.Tasks.Task MakeDeployable(StepRun run, TransactorParts parts)
    {
        var kept = run.Record.Kept<TransactorProgress>();
        var part = parts[kept.Part!];
        var former = await Deployable(run, part, kept.Former!);
        var counterpart = kept is { PutsBackBoth: true, FormerCounterpart: { } before }
            ? await Deployable(run, parts.Counterpart(part), before)
            : kept.FormerCounterpart;
        if (former != kept.Former || counterpart != kept.FormerCounterpart)
        {
            await run.Save(
                run.Record.Keep<TransactorProgress>(progress => progress with { Former = former, FormerCounterpart = counterpart })
            );
        }
    }

    private static async Task<FormerPart> Deployable(StepRun run, TransactorPart part, FormerPart former)
    {
        if (former.CopyOf is not null || part.Primary.TaskDefinition == former.Definition)
        {
            return former;
        }

        var described = await DefinitionRegistration.Describe(run, former.Definition);
        return described.TaskDefinition.IsDeployable()
            ? former
            : former with
            {
                Definition = await Register(run, described),
                CopyOf = former.Definition,
            };
    }

    private static Task<string> Register(StepRun run, DescribeTaskDefinitionResponse former)
    {
        var request = WantedDefinition.Copy(former.TaskDefinition);
        var made = new Tag { Key = WantedDefinition.DigestTag, Value = former.TaskDefinition.TaskDefinitionArn };
        request.Tags = [.. WantedDefinition.TagsOfCopy(former.Tags ?? []), made];
        WantedDefinition.Hide(run.Secrets, former.TaskDefinition, RollWork.IsShown);
        return DefinitionRegistration.Register(
            run,
            request,
            tags => tags?.Any(tag => tag.Key == made.Key && tag.Value == made.Value) == true,
            run.Record.Kept<TransactorProgress>().RegistersFormer,
            () => run.Save(run.Record.Keep<TransactorProgress>(progress => progress with { RegistersFormer = run.Account.EnteredAt }))
        );
    }

    // A class, since LINQ is compiled anew for each value type.
    private sealed record PartBefore(TransactorPart Part, FormerPart Former)
    {
        public string Text =>
            Former.Desired == 0 ? "no task"
            : Former.CopyOf is { } copied
                ? $"{WantedDefinition.Name(Former.Definition)}, a copy of {WantedDefinition.Name(copied)}, which was deregistered"
            : WantedDefinition.Name(Former.Definition);
    }

    private static string Names(List<PartBefore> back) => string.Join(" and ", back.Select(one => one.Part.Name));

    /// <summary>What they had: the revision, or no task where there was none; both in turn where they differ.</summary>
    private static string Before(List<PartBefore> back) => string.Join(" and ", back.Select(one => one.Text).Distinct());

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
