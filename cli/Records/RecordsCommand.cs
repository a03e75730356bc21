using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Records;

/// <summary>A command that shows what a deployer on AWS has recorded of a service.</summary>
internal abstract class RecordsCommand(Terminal terminal, string name, string description, string example)
    : DeployerCommand(terminal, name, description, example)
{
    /// <summary>The service's folder.</summary>
    protected Argument<string> Service { get; } = SharedOptions.Service();

    /// <summary>Which deployer.</summary>
    protected AwsOptions Aws { get; } = new();

    /// <summary>Where the result goes as JSON.</summary>
    protected Option<string?> Json { get; } = SharedOptions.Json();

    /// <summary>Shows the records.</summary>
    protected abstract Task Show(AwsAccess access, ParseResult arguments, CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        var settings = Aws.Settings(arguments);
        var access = await AwsAccess.Open(settings, cancellation);
        return await new AwsFaults(settings).Translated(async () =>
        {
            await Show(access, arguments, cancellation);
            return ExitCodes.Success;
        });
    }
}
