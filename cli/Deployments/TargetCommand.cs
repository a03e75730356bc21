using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using Deployer.Spec;

namespace Deployer.Cli.Deployments;

/// <summary>A command that works on a service's target: on AWS, or in the accounts of earlier rehearsals.</summary>
/// <param name="terminal">Where it writes.</param>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="example">An example.</param>
/// <param name="instance">The option that names a development instance.</param>
internal abstract class TargetCommand(Terminal terminal, string name, string description, string example, Option<string?> instance)
    : DeploymentCommand<IPlace>(terminal, name, description, example)
{
    /// <summary>The service's folder.</summary>
    private Argument<string> Service { get; } = SharedOptions.Service();

    /// <summary>The target.</summary>
    private Option<string> Target { get; } = SharedOptions.Target();

    /// <summary>Where rehearsed accounts are kept.</summary>
    private Option<string?> State { get; } = SharedOptions.Rehearsed();

    /// <summary>Whether what is started is left to itself.</summary>
    private Option<bool> Detach { get; } = SharedOptions.Detach();

    /// <summary>Takes the arguments that all such commands have, in the order of the help.</summary>
    /// <param name="own">What this one has besides.</param>
    protected void AddArguments(params IEnumerable<Option> own)
    {
        Add(Service);
        Add(Target);
        Add(instance);
        foreach (var option in own)
        {
            Add(option);
        }

        Aws.All.ToList().ForEach(Add);
        Add(Detach);
        Add(State);
        Add(Faults);
        Add(FaultFile);
        Add(Schedule);
        Add(Json);
        Add(InProcess);
    }

    /// <summary>Whether the service's folder itself is what is deployed, rather than what was deployed last.</summary>
    protected virtual bool DeploysFolder => false;

    /// <summary>Refuses arguments of which the service's files alone show that they are wrong, before a place is opened.</summary>
    /// <exception cref="InvalidInputException">One is.</exception>
    protected virtual void Check(ServiceAtTarget service, ParseResult arguments) { }

    /// <summary>Refuses names of steps that can be none.</summary>
    /// <exception cref="InvalidInputException">One can be none.</exception>
    protected static void CheckStepNames(IEnumerable<string> steps)
    {
        var faults = steps
            .Where(step => !SpecReader.IsStepName(step))
            .Select(step => $"--step is '{step}'; expected the name of a step: {SpecReader.StepNameExpectation}")
            .ToList();
        if (faults.Count > 0)
        {
            throw new InvalidInputException("OptionsInvalid", string.Join('\n', faults));
        }
    }

    /// <inheritdoc/>
    protected override bool IsOnAws(ParseResult arguments) => arguments.GetValue(State) is null;

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var service = RehearsedService.ReadAtTarget(
            arguments.GetValue(Service)!,
            arguments.GetValue(Target)!,
            arguments.GetValue(instance)
        );
        Check(service, arguments);
        if (IsOnAws(arguments))
        {
            return await AwsPlace.Open(service, Aws.Settings(arguments), arguments.GetValue(Detach), progress, cancellation);
        }

        return await RehearsedPlaces.OpenKept(
            arguments.GetValue(Service)!,
            arguments.GetValue(Target)!,
            arguments.GetValue(instance),
            Settings(arguments, arguments.GetValue(State)),
            DeploysFolder,
            progress
        );
    }

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(
            ProgramName.Find(),
            NextPlace.From(arguments.GetValue(State), Aws.Settings(arguments)),
            new DeployedService(arguments.GetValue(Service)!, arguments.GetValue(Target)!, arguments.GetValue(instance))
        );

    /// <inheritdoc/>
    protected override string? TargetOf(ParseResult arguments) => arguments.GetValue(Target);
}
