using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli;

/// <summary>The command line: <c>deployer</c>.</summary>
public static class Program
{
    /// <summary>How long a command may clean up after SIGINT or SIGTERM.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static Task<int> Main(string[] args) => Run(args, Terminal.OfProcess());

    /// <summary>Runs a command that writes to a terminal.</summary>
    /// <inheritdoc cref="Main"/>
    internal static Task<int> Run(string[] args, Terminal terminal)
    {
        var parsed = new CommandTree(terminal).Root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TerminationTimeout });
        }

        var command = parsed.CommandResult.Command as DeployerCommand;
        var help = command is null ? "deployer --help" : $"deployer {command.Name} --help";
        var fault = new InvalidInputException(
            "OptionsInvalid",
            string.Join('\n', [.. parsed.Errors.Select(error => error.Message), $"run '{help}' for what is expected"])
        );
        return command is null ? RefuseUnknown(fault, terminal) : command.Refuse(fault, parsed);
    }

    private static Task<int> RefuseUnknown(InvalidInputException fault, Terminal terminal)
    {
        terminal.Error.Paragraph(fault.Message, tone: Tone.Bad);
        return Task.FromResult(ExitCodes.InvalidInput);
    }
}
