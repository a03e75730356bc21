using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.FaultList;

/// <summary><c>deployer faults</c>: the faults that a rehearsal can inject.</summary>
internal sealed class FaultsCommand : DeployerCommand
{
    private readonly Option<string?> _json = SharedOptions.Json();

    public FaultsCommand(Terminal terminal)
        : base(terminal, "faults", "Lists the faults that a rehearsal can inject with --fault.", "faults")
    {
        Add(_json);
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(Faults.Known, new FaultsView());
        return ExitCodes.Success;
    }
}
