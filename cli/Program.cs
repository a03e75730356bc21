using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli;

/// <summary>The command line: <c>deployer</c>.</summary>
public static class Program
{
    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            return await Start(args);
        }
        catch (Exception exception)
        {
            // Nothing of the program is needed for this line: an assembly of it may be what is missing.
            await using var error = new BestEffortWriter(Console.Error);
            await error.WriteLineAsync(ToolFault.Describe(exception));
            if (args.Contains("--debug"))
            {
                await error.WriteLineAsync(exception.ToString());
            }

            return ExitCodes.ToolFailure;
        }
    }

    // On its own, since what a method uses is loaded when it begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> Start(string[] args) => Run(args, Terminal.OfProcess());

    /// <summary>Runs a command that writes to a terminal.</summary>
    /// <inheritdoc cref="Main"/>
    internal static async Task<int> Run(string[] args, Terminal terminal)
    {
        var parsed = new CommandTree(terminal).Root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            using var interruption = new Interruption();
            // Of help and version, which the library writes itself.
            await using var output = new BestEffortWriter(Console.Out);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    ProcessTerminationTimeout = null,
                    EnableDefaultExceptionHandler = false,
                    Output = output,
                },
                interruption.Token
            );
        }

        var command = parsed.CommandResult.Command as DeployerCommand;
        var help = $"deployer {string.Concat(Names(parsed).Select(name => $"{name} "))}--help";
        // What says itself what is expected needs no help.
        var errors = Reasons(parsed).ToList();
        var fault = new InvalidInputException(
            "OptionsInvalid",
            string.Join(
                '\n',
                errors.TrueForAll(error => error.Contains("; expected ", StringComparison.Ordinal))
                    ? errors
                    : [.. errors, $"run '{help}' for what is expected"]
            )
        );
        return command is null ? RefuseUnknown(fault, terminal) : await command.Refuse(fault, parsed);
    }

    /// <summary>What is wrong with the options; that a command is missing is not said of a word that is none.</summary>
    private static IEnumerable<string> Reasons(ParseResult parsed)
    {
        const string NoCommand = "Required command was not provided.";
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();
        return messages
            .Where(message => message != NoCommand || messages.Count == 1)
            // A list of one value a line, each after a tabulator.
            .Select(message =>
                message
                    .ReplaceLineEndings("\n")
                    .Replace(":\n\t", ": ", StringComparison.Ordinal)
                    .Replace("\n\t", ", ", StringComparison.Ordinal)
            );
    }

    /// <summary>The names of the command that was meant, from the outermost one.</summary>
    private static IEnumerable<string> Names(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Command is not RootCommand; result = (CommandResult)result.Parent!)
        {
            names.Push(result.Command.Name);
        }

        return names;
    }

    private static int RefuseUnknown(InvalidInputException fault, Terminal terminal)
    {
        terminal.Error.Paragraph(fault.Message, tone: Tone.Bad);
        return ExitCodes.InvalidInput;
    }
}
