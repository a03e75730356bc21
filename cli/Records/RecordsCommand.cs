using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Records;

/// <summary>A command that shows what a deployer has recorded of a service: on AWS, or in the accounts of earlier rehearsals.</summary>
internal abstract class RecordsCommand(Terminal terminal, string name, string description, string example)
    : DeployerCommand(terminal, name, description, example)
{
    /// <summary>The service's folder.</summary>
    protected Argument<string> Service { get; } = SharedOptions.Service();

    /// <summary>Which deployer.</summary>
    protected AwsOptions Aws { get; } = new();

    /// <summary>Where rehearsed accounts are kept.</summary>
    protected Option<string?> State { get; } = SharedOptions.Rehearsed();

    /// <summary>Where the result goes as JSON.</summary>
    protected Option<string?> Json { get; } = SharedOptions.Json();

    /// <summary>Shows the records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="stage">The deployer's stage, where it is not the one of the target's name.</param>
    /// <param name="arguments">What is asked for.</param>
    /// <param name="cancellation">Ends reading.</param>
    protected abstract Task Show(DeployerRecords records, string? stage, ParseResult arguments, CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(State) is { } state)
        {
            if (Aws.AreGiven(arguments))
            {
                throw new InvalidInputException(
                    "OptionsInvalid",
                    "--profile, --region and --stage are for AWS; expected none of them beside --rehearsed or --state"
                );
            }

            await using var place = await OpenForRecords(arguments.GetValue(Service)!, state, cancellation);
            var records = new DeployerRecords(
                place.Tools,
                stage => new InvalidInputException(
                    "DeployerNotFound",
                    $"nothing was rehearsed for the target '{stage}' in {state}; expected one that was"
                )
            );
            await Show(records, stage: null, arguments, cancellation);
            return ExitCodes.Success;
        }

        var settings = Aws.Settings(arguments);
        var access = await AwsAccess.Open(settings, cancellation);
        return await new AwsFaults(settings).Translated(async () =>
        {
            using var records = new DeployerRecords(access);
            await Show(records, access.Settings.Stage, arguments, cancellation);
            return ExitCodes.Success;
        });
    }

    /// <summary>The progress is over before anything is shown: it would draw over the result.</summary>
    private async Task<RehearsedPlace> OpenForRecords(string service, string state, CancellationToken cancellation)
    {
        await using var progress = Terminal.Progress(isSimulated: true);
        return await RehearsedPlaces.OpenForRecords(service, state, progress).WaitAsync(cancellation);
    }
}
