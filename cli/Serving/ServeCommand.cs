using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Serving;

/// <summary><c>deployer serve</c>: the played AWS for other clients, until it is told to stop.</summary>
internal sealed class ServeCommand(ServeOptions options)
{
    /// <summary>The account and region whose variables are printed when no service says which.</summary>
    private const string DefaultAccount = "111111111111";
    private const string DefaultRegion = "us-east-1";

    /// <summary>Everything that a deployment waits for comes within a day; what is further ahead (the time-out of an execution, say) is not run to.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>Serves.</summary>
    /// <returns>The exit code: 0 stopped, 1 the world failed, 2 bad input.</returns>
    public async Task<int> Run(CancellationToken stop)
    {
        try
        {
            return await Serve(stop);
        }
        catch (InvalidInputException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Program.BadInput;
        }
    }

    private async Task<int> Serve(CancellationToken stop)
    {
        var services = Services();
        using var work = new WorkFolder(options.StateDirectory);
        await using var rehearsal = await Opening.Open(
            new RehearsalOptions { StateDirectory = work.State, Reports = Console.Error.WriteLine },
            inProcess: false,
            options.Port
        );
        foreach (var service in services)
        {
            await service.Prepare(rehearsal);
        }

        if (services.Count > 0)
        {
            await new RehearsalPlace(Path.GetFullPath(options.Service!), services[0].Target.Name).Write(work.State);
            await services[0].Publish(rehearsal, work.Path);
        }

        var world = rehearsal.World.Serve(Ahead);
        await Announce(rehearsal.Address, services);
        var ended = await Task.WhenAny(world, Stopped(stop));
        if (ended != world)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"the rehearsal failed: {world.Exception?.GetBaseException().Message}");
        return 1;
    }

    private IReadOnlyList<RehearsedService> Services() =>
        options switch
        {
            { Service: { } service, Target: { } target } => [RehearsedService.Read(Path.GetFullPath(service), target, instance: null)],
            { Service: { } service } => RehearsedService.ReadAll(Path.GetFullPath(service)),
            _ => [],
        };

    private static async Task Announce(Uri address, IReadOnlyList<RehearsedService> services)
    {
        var (account, region) = services is [var first, ..]
            ? (first.Accounts.ToolsAccount, first.Accounts.Region)
            : (DefaultAccount, DefaultRegion);
        foreach (var line in ShellVariables.Lines(address, account, region))
        {
            Console.WriteLine(line);
        }

        await Console.Out.FlushAsync();
        await Console.Error.WriteLineAsync($"serving AWS at {address}; an access key of 12 digits is the administrator of that account");
        foreach (var service in services)
        {
            await Console.Error.WriteLineAsync(
                $"{service.Spec.Service} to {service.Target.Name}: account {service.Target.Account}, {service.Target.Region}; pipeline {service.Accounts.Pipeline} in {service.Accounts.ToolsAccount}"
            );
        }
    }

    private async Task Stopped(CancellationToken stop)
    {
        var limit = Task.Delay(options.Limit ?? Timeout.InfiniteTimeSpan, stop);
        await await Task.WhenAny(limit.ContinueWith(_ => { }, TaskScheduler.Default), PipedInput.Closed());
    }
}
