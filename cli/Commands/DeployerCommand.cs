using System.CommandLine;
using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>A command of the program: it declares what it takes, and an example of it.</summary>
internal abstract class DeployerCommand : Command
{
    /// <summary>A command.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">What it does, a sentence.</param>
    /// <param name="example">A command line that works in the repository's folder, without the program's name.</param>
    protected DeployerCommand(string name, string description, string example)
        : base(name, description)
    {
        Example = example;
        SetAction(Run);
    }

    /// <summary>A command line that works in the repository's folder, without the program's name.</summary>
    public string Example { get; }

    /// <summary>Runs the command with arguments that could be parsed.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> Run(ParseResult arguments, CancellationToken cancellation);

    /// <summary>Refuses a command line that could not be parsed.</summary>
    /// <returns>The exit code.</returns>
    public virtual Task<int> Refuse(InvalidInputException fault, ParseResult arguments, Terminal terminal)
    {
        terminal.Error.Paragraph(fault.Message, tone: Tone.Bad);
        return Task.FromResult(ExitCodes.InvalidInput);
    }
}
