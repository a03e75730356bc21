using System.Diagnostics;
using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary><c>deployer rehearse</c>, <c>redrive</c>, <c>rollback</c>, <c>group</c> and <c>remove</c>: a whole deployment on this machine, and its result.</summary>
internal sealed class RehearseCommand(RehearseOptions options)
{
    private readonly Stopwatch _wall = Stopwatch.StartNew();

    /// <summary>Rehearses a deployment from the pipeline's job to its end; that of a development instance, from the start of the machine.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Rehearse(string service, string target, string? instance) =>
        Told(
            target,
            () =>
                Run(
                    service,
                    target,
                    instance,
                    async (run, publish) => instance is null ? await run.Deploy(await publish()) : await run.DeployInstance(await publish())
                )
        );

    /// <summary>Redrives an execution of an earlier rehearsal and runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Redrive(string execution) =>
        Told(
            target: null,
            async () =>
            {
                var place = await RehearsalPlace.Read(options.StateDirectory!);
                return await Run(place.Folder, place.TargetOf(execution), instance: null, (run, _) => run.Redrive(execution), execution);
            }
        );

    /// <summary>Deploys an earlier revision again in the accounts of earlier rehearsals.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Rollback(string service, string target, string? instance, string revision) =>
        RunKept(service, target, instance, run => run.Rollback(revision));

    /// <summary>Turns compute groups on or off in the accounts of earlier rehearsals.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> ChangeCapacity(string service, string target, string? instance, string capacity, IReadOnlyList<string> steps) =>
        RunKept(service, target, instance, run => run.ChangeCapacity(capacity, steps));

    /// <summary>Removes a development instance in the accounts of earlier rehearsals.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> Remove(string service, string target, string instance) => RunKept(service, target, instance, run => run.Remove());

    private Task<int> RunKept(string service, string target, string? instance, Func<RehearsedRun, Task<RehearsalReport>> act) =>
        Told(
            target,
            async () =>
            {
                await RehearsalPlace.Read(options.StateDirectory!);
                return await Run(service, target, instance, (run, _) => act(run));
            }
        );

    private async Task<int> Told(string? target, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target);
        }
    }

    private async Task<int> Run(
        string service,
        string targetName,
        string? instance,
        Func<RehearsedRun, Func<Task<string>>, Task<RehearsalReport>> act,
        string? redriven = null
    )
    {
        var folder = Path.GetFullPath(service);
        var rehearsed = RehearsedService.Read(folder, targetName, instance);
        var (source, spec, target, accounts) = rehearsed;
        var faults = Faults();
        using var work = new WorkFolder(options.StateDirectory);
        await using var rehearsal = await Opening.Open(
            new RehearsalOptions
            {
                Seed = options.Seed,
                StateDirectory = work.State,
                Faults = faults,
            },
            options.InProcess
        );
        await rehearsed.Prepare(rehearsal);
        using var tools = new AccountClients(rehearsal.Gateway, accounts.ToolsAccount, accounts.Region);
        using var inTarget = new AccountClients(rehearsal.Gateway, target.Account, target.Region);
        if (redriven is not null && await InstanceOf(tools, redriven) is { } other)
        {
            rehearsed = rehearsed with { Target = target.ForInstance(other) };
        }

        var report = new ReportBuilder(tools, inTarget, spec, rehearsed.Target, source, target.Declared);
        await new RehearsalPlace(folder, targetName).Write(work.State);
        var run = new RehearsedRun(rehearsal, report, tools, rehearsed, _wall);
        var result = await act(run, () => rehearsed.Publish(rehearsal, work.Path));
        await ReportWriter.Write(result, options.Json);
        return result.Verdict is "succeeded" or "nothing-to-do" ? 0 : 1;
    }

    /// <summary>The development instance that an execution was started for.</summary>
    private static async Task<string?> InstanceOf(AccountClients tools, string execution)
    {
        try
        {
            var described = await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
            return JsonSerializer.Deserialize<DeploymentRequest>(described.Input, JsonSerializerOptions.Web)?.Instance;
        }
        catch (Exception exception) when (exception is AmazonStepFunctionsException or JsonException)
        {
            // Whoever redrives it is told what is wrong with it.
            return null;
        }
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
            options.Json
        );
        return Program.BadInput;
    }
}

/// <summary>Input that is wrong, before anything was called.</summary>
internal sealed class InvalidInputException(string error, string message) : Exception(message)
{
    /// <summary>What the JSON document calls it.</summary>
    public string Error { get; } = error;
}
