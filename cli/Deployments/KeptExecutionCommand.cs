using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary>A command about an execution of a deployer, which its ARN names, on AWS or in rehearsed accounts that are kept.</summary>
internal abstract class KeptExecutionCommand(Terminal terminal, string name, string description, string example)
    : DeploymentCommand<IPlace>(terminal, name, description, example)
{
    private readonly Option<bool> _detach = SharedOptions.Detach();
    private readonly Option<string?> _state = SharedOptions.Rehearsed();

    /// <summary>The argument that names the execution.</summary>
    protected abstract Argument<string> Execution { get; }

    /// <summary>Whether something runs on by it, which can be followed and disturbed.</summary>
    protected abstract bool Runs { get; }

    /// <summary>Reads the execution's ARN.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    protected abstract DeployerExecution Parse(string arn);

    /// <summary>The options that say how the deployer is reached, which an ARN names.</summary>
    protected virtual IReadOnlyList<Option> Reaching => Aws.OfExecution;

    /// <summary>Takes the arguments that all such commands have, in the order of the help.</summary>
    /// <param name="own">What this one has besides.</param>
    protected void AddArguments(params IEnumerable<Option> own)
    {
        Add(Execution);
        foreach (var option in own.Concat(Reaching))
        {
            Add(option);
        }

        if (Runs)
        {
            Add(_detach);
        }

        Add(_state);
        if (Runs)
        {
            Add(Faults);
            Add(FaultFile);
            Add(Schedule);
        }

        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected sealed override bool IsOnAws(ParseResult arguments) => arguments.GetValue(_state) is null;

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var execution = Parse(arguments.GetValue(Execution)!);
        return IsOnAws(arguments)
            ? await AwsPlace.OpenFor(execution, Aws.Settings(arguments), IsDetached(arguments), progress, cancellation)
            : await RehearsedPlaces.OpenFor(execution.Arn, RehearsedSettings(arguments), progress);
    }

    /// <summary>Whether what is started is left to itself.</summary>
    protected bool IsDetached(ParseResult arguments) => Runs && arguments.GetValue(_detach);

    /// <summary>The rehearsed accounts that the arguments name.</summary>
    protected RehearsalSettings RehearsedSettings(ParseResult arguments) => Settings(arguments, arguments.GetValue(_state));

    /// <inheritdoc/>
    protected sealed override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(arguments.GetValue(_state), Aws.Settings(arguments)), deployed: null);
}
