using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli;

/// <summary>What <c>--help</c> shows: the commands in groups, or what one command takes; and examples.</summary>
/// <param name="options">Shows what one command takes.</param>
/// <param name="commands">The commands.</param>
/// <param name="width">Columns at which text is wrapped.</param>
internal sealed class CommandHelp(HelpAction options, CommandTree commands, int width) : SynchronousCommandLineAction
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var screen = new Screen(parseResult.InvocationConfiguration.Output, width);
        if (parseResult.CommandResult.Command is RootCommand)
        {
            ShowAll(screen);
            return ExitCodes.Success;
        }

        var command = parseResult.CommandResult.Command;
        options.MaxWidth = width;
        options.Invoke(parseResult);
        screen.Paragraph(ExitCodes.Explanation);
        screen.Line();
        screen.Line(command is DeployerCommand ? "Example:" : "Examples:");
        foreach (var shown in ((IEnumerable<Command>)[command, .. command.Subcommands]).OfType<DeployerCommand>())
        {
            ShowExample(shown, screen);
        }

        return ExitCodes.Success;
    }

    /// <summary>An example is not wrapped: what is copied is whole.</summary>
    private static void ShowExample(DeployerCommand command, Screen screen) =>
        screen.Line($"{new string(' ', Indent)}deployer {command.Example}");

    private void ShowAll(Screen screen)
    {
        screen.Paragraph(commands.Root.Description!);
        screen.Line();
        screen.Line("Usage:");
        screen.Paragraph("deployer COMMAND …", Indent);
        var names = commands.Groups.SelectMany(group => group.Commands).Max(command => command.Name.Length);
        foreach (var group in commands.Groups)
        {
            screen.Line();
            screen.Line($"{group.Title}:");
            foreach (var command in group.Commands)
            {
                screen.Paragraph(command.Description!, Indent, hanging: names + 2, label: command.Name.PadRight(names + 2));
            }
        }

        screen.Line();
        screen.Line("Examples:");
        foreach (
            var command in commands
                .Groups.SelectMany(group => group.Commands)
                .OfType<DeployerCommand>()
                .Where(command => command.Name is "rehearse" or "faults")
        )
        {
            ShowExample(command, screen);
        }

        screen.Line();
        screen.Paragraph("'deployer COMMAND --help' shows what a command takes.");
        screen.Paragraph(ExitCodes.Explanation);
        screen.Paragraph("'--debug' with any command shows where in the program a fault of it is, for a report.");
    }
}
