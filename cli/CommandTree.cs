using System.CommandLine;
using System.CommandLine.Help;
using Deployer.Cli.Bootstrap;
using Deployer.Cli.Commands;
using Deployer.Cli.Deployments;
using Deployer.Cli.Doctor;
using Deployer.Cli.FaultList;
using Deployer.Cli.Init;
using Deployer.Cli.Output;
using Deployer.Cli.Plans;
using Deployer.Cli.Records;
using Deployer.Cli.Serving;
using Deployer.Cli.Validation;

namespace Deployer.Cli;

/// <summary>Commands that stand together in the help.</summary>
internal sealed record CommandGroup(string Title, IReadOnlyList<Command> Commands);

/// <summary>Every command of the program, in the groups in which the help shows them.</summary>
internal sealed class CommandTree
{
    /// <summary>The commands, which write to a terminal.</summary>
    public CommandTree(Terminal terminal)
    {
        Groups =
        [
            new CommandGroup(
                "Before a deployment",
                [new InitCommand(terminal), new ValidateCommand(terminal), new DoctorCommand(terminal), new PlanCommand(terminal)]
            ),
            new CommandGroup(
                "Deploying, on AWS or in accounts kept with --rehearsed",
                [
                    new DeployCommand(terminal),
                    new ApproveCommand(terminal),
                    new RejectCommand(terminal),
                    new WatchCommand(terminal),
                    new StopCommand(terminal),
                    new RedriveCommand(terminal),
                    new RollbackCommand(terminal),
                    new GroupCommand(terminal),
                    new RemoveCommand(terminal),
                ]
            ),
            new CommandGroup("Rehearsing a deployment", [new RehearseCommand(terminal), new FaultsCommand(terminal)]),
            new CommandGroup(
                "After a deployment, on AWS or with --rehearsed",
                [new HistoryCommand(terminal), new ReleasesCommand(terminal)]
            ),
            new CommandGroup(
                "Installing it on AWS",
                [
                    OfStacks(
                        "bootstrap",
                        "Creates or updates a stack of the deployer in the account of the profile; shows what changes, and asks.",
                        stack => new BootstrapCommand(terminal, stack)
                    ),
                    OfStacks(
                        "teardown",
                        "Deletes a stack of the deployer in the account of the profile, and says what stays and why.",
                        stack => new TeardownCommand(terminal, stack)
                    ),
                ]
            ),
            new CommandGroup("For other clients of AWS", [new ServeCommand(terminal)]),
        ];
        Root = new RootCommand("Deploys services that run on Datomic, and rehearses their deployments on one machine.");
        foreach (var command in Groups.SelectMany(group => group.Commands))
        {
            Root.Add(command);
        }

        Root.Add(SharedOptions.Debug);
        var help = Root.Options.OfType<HelpOption>().Single();
        help.Action = new CommandHelp((HelpAction)help.Action!, this, terminal.Output.Width);
    }

    /// <summary>The commands in their groups.</summary>
    public IReadOnlyList<CommandGroup> Groups { get; }

    /// <summary>The root of all commands.</summary>
    public RootCommand Root { get; }

    /// <summary>A command with one below it for each stack of the product.</summary>
    private static Command OfStacks(string name, string description, Func<StackArguments, StackCommand> command)
    {
        var verb = new Command(name, description);
        foreach (
            var stack in (StackArguments[])
                [new ToolsArguments(), new TargetArguments(), new ServiceArguments(), new BuildArguments(), new PipelineArguments()]
        )
        {
            verb.Add(command(stack));
        }

        return verb;
    }
}
