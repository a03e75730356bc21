using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>Opens rehearsed accounts for what a command names.</summary>
internal static class RehearsedPlaces
{
    /// <summary>Opens accounts, and prepares them for a service where they are new.</summary>
    /// <exception cref="InvalidInputException">The service, a fault or the state directory is not as expected.</exception>
    public static Task<RehearsedPlace> Open(RehearsedService service, RehearsalSettings settings, IProgressView progress) =>
        Open(service, settings, otherFolder: null, progress);

    private static async Task<RehearsedPlace> Open(
        RehearsedService service,
        RehearsalSettings settings,
        KeptRehearsal? otherFolder,
        IProgressView progress,
        string? execution = null,
        bool readsOnly = false
    )
    {
        var given = FaultArguments.Read(settings.Faults);
        var faults = given.Known;
        var schedule = settings.ScheduleFile is { } file ? await ServiceSchedule.Read(file, service) : null;
        var work = new WorkFolder(settings.StateDirectory);
        await KeptRehearsal.Check(work.State, service.Folder, service.Spec.Service);
        if (work.State is not { } kept || !Directory.Exists(kept) || !Directory.EnumerateFileSystemEntries(kept).Any())
        {
            // Accounts that are there may have it by another service.
            service.CheckDeployer();
        }

        var targets = new FaultTargets(service, settings.FaultPlaces);
        await targets.Check(given);
        var rehearsal = await RehearsalOpening.Open(
            new RehearsalOptions
            {
                Seed = settings.Seed,
                StateDirectory = work.State,
                Faults = faults,
            },
            settings.InProcess
        );
        var place = new RehearsedPlace(work, rehearsal, service, progress, schedule) { OtherFolder = otherFolder };
        try
        {
            await targets.CheckRequests(faults, rehearsal);

            // Before anything is prepared for it.
            if (execution is not null && (await rehearsal.Executions()).All(known => known.Arn != execution))
            {
                throw DeployerStage.IsPlanMachine(new ExecutionArn(execution).Machine)
                    ? new InvalidInputException(
                        "PlanUnknown",
                        $"there is no plan {execution} in the rehearsed accounts; expected one that 'deployer deploy', 'deployer plan' or "
                            + $"'deployer rehearse' has made with --state {work.State}"
                    )
                    : new InvalidInputException(
                        "ExecutionDoesNotExist",
                        $"there is no execution {execution} in the rehearsed accounts; 'deployer history' with --state {work.State} lists "
                            + "those that there are"
                    );
            }

            place.Unfinished = await rehearsal.Unfinished();
            progress.Report(new ProgressEvent.AccountsOpened(place.KeptIn, () => place.Underway));
            progress.Report(new ProgressEvent.WorkBegan("preparing the accounts"));
            if (execution is null)
            {
                await place.ShowUnfinished();
            }

            place.Preparation = await service.Prepare(rehearsal, takesChanges: !readsOnly && otherFolder is null);
            await targets.CheckPrepared(faults, rehearsal);
            if (otherFolder is null)
            {
                await new KeptRehearsal(service.Folder, service.Target.Declared, service.Spec.Service).Write(work.State);
            }
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }

        var changed = place.Preparation.Applied.Count;
        progress.Report(
            new ProgressEvent.WorkEnded(
                changed == 0
                    ? "accounts prepared"
                    : $"accounts prepared; {(changed == 1 ? "a changed stack" : $"{changed} changed stacks")} applied"
            )
        );
        return place;
    }

    /// <summary>Opens the accounts of earlier rehearsals; with another folder's they stay that one's, unless it is deployed.</summary>
    /// <exception cref="InvalidInputException">The state directory holds none, or something is not as expected.</exception>
    public static async Task<RehearsedPlace> OpenKept(
        string service,
        string target,
        string? instance,
        RehearsalSettings settings,
        bool deploysFolder,
        IProgressView progress
    )
    {
        var kept = await KeptRehearsal.Read(settings.StateDirectory!);
        var read = RehearsedService.Read(service, target, instance);
        // What was deployed last is not this folder's then: the accounts stay the other one's.
        var otherFolder = !deploysFolder && kept.IsOfAnother(read.Folder) ? kept : null;
        return await Open(read, settings, otherFolder, progress);
    }

    /// <summary>Opens the accounts of earlier rehearsals as they are, to read what was recorded in them.</summary>
    /// <exception cref="InvalidInputException">The state directory holds none, or something is not as expected.</exception>
    public static async Task<RehearsedPlace> OpenForRecords(string service, string state, IProgressView progress)
    {
        var kept = await KeptRehearsal.Read(state);
        var read = RehearsedService.Read(service, kept.Target, instance: null);
        return await Open(
            read,
            new RehearsalSettings([], state, Seed: 1, InProcess: true),
            kept.IsOfAnother(read.Folder) ? kept : null,
            progress,
            readsOnly: true
        );
    }

    /// <summary>Opens the accounts of earlier rehearsals at the service and target that an execution deployed.</summary>
    /// <exception cref="InvalidInputException">The state directory holds none, or something is not as expected.</exception>
    public static async Task<RehearsedPlace> OpenFor(string execution, RehearsalSettings settings, IProgressView progress)
    {
        var kept = await KeptRehearsal.Read(settings.StateDirectory!);
        var service = RehearsedService.Read(kept.Folder, kept.TargetOf(execution), instance: null);
        var place = await Open(service, settings, otherFolder: null, progress, execution);
        try
        {
            if (await new NamedExecutions(place.Tools).InstanceOf(execution) is { } instance)
            {
                place.Service = service with { Target = service.Target.ForInstance(instance) };
            }
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }

        return place;
    }

    /// <summary>Opens the accounts of earlier rehearsals at the plan that its id names, of the target that was rehearsed last.</summary>
    /// <inheritdoc cref="OpenFor"/>
    public static async Task<RehearsedPlace> OpenForPlan(string id, RehearsalSettings settings, IProgressView progress)
    {
        var kept = await KeptRehearsal.Read(settings.StateDirectory!);
        var service = RehearsedService.Read(kept.Folder, kept.Target, instance: null);
        return await OpenFor(service.Deployer.ExecutionArn(DeployerMachine.Plan, id), settings, progress);
    }
}
