using System.Diagnostics;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary><c>deployer rehearse</c>, <c>redrive</c>, <c>rollback</c> and <c>group</c>: a whole deployment on this machine, and its result.</summary>
internal sealed class RehearseCommand(RehearseOptions options)
{
    private readonly Stopwatch _wall = Stopwatch.StartNew();

    /// <summary>Rehearses a deployment from the pipeline's job to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Rehearse(string service, string target)
    {
        try
        {
            return await Run(service, target, async (run, publish) => await run.Deploy(await publish()));
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target);
        }
    }

    /// <summary>Redrives an execution of an earlier rehearsal and runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Redrive(string execution)
    {
        try
        {
            var place = await RehearsalPlace.Read(options.StateDirectory!);
            return await Run(place.Folder, place.TargetOf(execution), (run, _) => run.Redrive(execution));
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target: null);
        }
    }

    /// <summary>Deploys an earlier revision again in the accounts of earlier rehearsals.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Rollback(string service, string target, string revision) => RunKept(service, target, run => run.Rollback(revision));

    /// <summary>Turns compute groups on or off in the accounts of earlier rehearsals.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> ChangeCapacity(string service, string target, string capacity, IReadOnlyList<string> steps) =>
        RunKept(service, target, run => run.ChangeCapacity(capacity, steps));

    private async Task<int> RunKept(string service, string target, Func<RehearsedRun, Task<RehearsalReport>> act)
    {
        try
        {
            await RehearsalPlace.Read(options.StateDirectory!);
            return await Run(service, target, (run, _) => act(run));
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target);
        }
    }

    private async Task<int> Run(string service, string targetName, Func<RehearsedRun, Func<Task<string>>, Task<RehearsalReport>> act)
    {
        var folder = Path.GetFullPath(service);
        var rehearsed = RehearsedService.Read(folder, targetName);
        var (source, spec, target, accounts) = rehearsed;
        var faults = Faults();
        using var work = new WorkFolder(options.StateDirectory);
        await using var rehearsal = await Opening.Open(new RehearsalOptions { Seed = options.Seed, StateDirectory = work.State, Faults = faults }, options.InProcess);
        await rehearsed.Prepare(rehearsal);
        using var tools = new AccountClients(rehearsal.Gateway, accounts.ToolsAccount, accounts.Region);
        using var inTarget = new AccountClients(rehearsal.Gateway, target.Account, target.Region);
        var report = new ReportBuilder(tools, inTarget, spec, target, source, target.Name);
        await new RehearsalPlace(folder, targetName).Write(work.State);
        var run = new RehearsedRun(rehearsal, report, tools, accounts, spec, target, _wall);
        var result = await act(run, () => rehearsed.Publish(rehearsal, work.Path));
        await ReportWriter.Write(result, options.Json);
        return result.Verdict is "succeeded" or "nothing-to-do" ? 0 : 1;
    }

    private Faults Faults()
    {
        try
        {
            return new Faults(options.Faults.Select(Deployer.Rehearsal.World.Faults.Parse));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidInputException("FaultUnknown", exception.Message);
        }
    }

    /// <summary>Refuses input that is wrong; nothing was called.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Invalid(InvalidInputException fault, string? target)
    {
        await ReportWriter.Write(
            new RehearsalReport
            {
                Verdict = "invalid",
                Error = fault.Error,
                Cause = fault.Message,
                Target = target,
                Clock = new ClockReport(0, _wall.Elapsed.TotalSeconds),
            },
            options.Json);
        return Program.BadInput;
    }
}

/// <summary>Input that is wrong, before anything was called.</summary>
internal sealed class InvalidInputException(string error, string message) : Exception(message)
{
    /// <summary>What the JSON document calls it.</summary>
    public string Error { get; } = error;
}
