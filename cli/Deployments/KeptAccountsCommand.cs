using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary>A command that works on a service's target in the accounts of earlier rehearsals.</summary>
internal abstract class KeptAccountsCommand(Terminal terminal, string name, string description, string example)
    : DeploymentCommand(terminal, name, description, example)
{
    /// <summary>The service's folder.</summary>
    protected Argument<string> Service { get; } = SharedOptions.Service();

    /// <summary>The target.</summary>
    protected Option<string> Target { get; } = SharedOptions.Target();

    /// <summary>Where the accounts are kept.</summary>
    protected Option<string> State { get; } = SharedOptions.RequiredState();

    /// <summary>The development instance that the arguments name, where they name one.</summary>
    protected abstract string? InstanceOf(ParseResult arguments);

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress) =>
        await RehearsedPlace.OpenKept(
            arguments.GetValue(Service)!,
            arguments.GetValue(Target)!,
            InstanceOf(arguments),
            Settings(arguments, arguments.GetValue(State)),
            progress
        );

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(
            ProgramName.Find(),
            arguments.GetValue(State),
            new DeployedService(arguments.GetValue(Service)!, arguments.GetValue(Target)!, InstanceOf(arguments))
        );

    /// <inheritdoc/>
    protected override string? TargetOf(ParseResult arguments) => arguments.GetValue(Target);
}
