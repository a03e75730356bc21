using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Serving;

/// <summary>The simulated AWS for other clients, until it is stopped.</summary>
internal sealed class AccountServer(ServeSettings settings, Terminal terminal)
{
    /// <summary>The account and region whose variables are printed when no service says which.</summary>
    private const string DefaultAccount = "111111111111";
    private const string DefaultRegion = "us-east-1";

    /// <summary>
    /// Everything that a deployment waits for comes within a day; what is further ahead, such as the time-out of an execution, is not run
    /// to.
    /// </summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>Serves.</summary>
    /// <returns>The exit code: 0 stopped, 3 the simulation failed.</returns>
    /// <exception cref="InvalidInputException">The service, the state directory or the port is not as expected.</exception>
    public async Task<int> Serve(CancellationToken stop)
    {
        var services = Services();
        using var work = new WorkFolder(settings.StateDirectory);
        var secret = new SigningSecret();
        if (services.Count > 0)
        {
            await KeptRehearsal.Check(work.State, services[0].Folder, services[0].Spec.Service);
        }

        await using var rehearsal = await RehearsalOpening
            .Open(
                new RehearsalOptions
                {
                    StateDirectory = work.State,
                    Secret = secret,
                    Reports = problem => terminal.Error.Paragraph(problem, tone: Tone.Bad),
                },
                inProcess: false,
                settings.Port
            )
            .WaitAsync(stop);
        foreach (var service in services)
        {
            foreach (var sentence in (await service.Prepare(rehearsal).WaitAsync(stop)).Sentences)
            {
                terminal.Error.Paragraph(sentence, hanging: 2, tone: Tone.Warning);
            }
        }

        if (services.Count > 0)
        {
            await new KeptRehearsal(services[0].Folder, services[0].Target.Name, services[0].Spec.Service).Write(work.State);
        }

        foreach (var service in services)
        {
            // The pipeline of each target may have further sources of its own.
            await service.Publish(rehearsal, work.Path).WaitAsync(stop);
        }

        var world = rehearsal.World.Serve(Ahead, settings.ClientPatience);
        Announce(rehearsal.Address, secret, services);
        var ended = await Task.WhenAny(world, Stopped(stop));
        if (ended != world)
        {
            return ExitCodes.Success;
        }

        terminal.Error.Paragraph($"the rehearsal failed: {world.Exception?.GetBaseException().Message}", tone: Tone.Bad);
        return ExitCodes.ToolFailure;
    }

    private IReadOnlyList<RehearsedService> Services() =>
        settings switch
        {
            { Service: { } service, Target: { } target } => [RehearsedService.Read(service, target, instance: null)],
            { Service: { } service } => RehearsedService.ReadAll(service),
            _ => [],
        };

    private void Announce(Uri address, SigningSecret secret, IReadOnlyList<RehearsedService> services)
    {
        var (account, region) = services is [var first, ..]
            ? (first.Accounts.ToolsAccount, first.Accounts.Region)
            : (DefaultAccount, DefaultRegion);
        foreach (var line in ShellVariables.Lines(address, account, secret.Administrator, region))
        {
            terminal.Output.Line(line);
        }

        terminal.Output.Flush();
        terminal.Error.Line($"serving AWS at {address}");
        terminal.Error.Paragraph(
            "An access key of 12 digits is the administrator of that account, with the secret access key that is printed."
        );
        foreach (var service in services)
        {
            terminal.Error.Paragraph(
                $"{service.Spec.Service} to {service.Target.Name}: account {service.Target.Account}, {service.Target.Region}; "
                    + $"pipeline {service.Accounts.Pipeline} in {service.Accounts.ToolsAccount}",
                hanging: 2
            );
        }
    }

    private async Task Stopped(CancellationToken stop)
    {
        var limit = Task.Delay(settings.Limit ?? Timeout.InfiniteTimeSpan, stop);
        await await Task.WhenAny(limit.ContinueWith(_ => { }, TaskScheduler.Default), PipedInput.Closed());
    }
}
