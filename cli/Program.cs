using System.CommandLine;
using System.CommandLine.Parsing;
using Deployer.Cli.Rehearsals;
using Deployer.Cli.Serving;
using Deployer.Cli.Validation;
using Deployer.Rehearsal.World;

namespace Deployer.Cli;

/// <summary>The command line: <c>deployer</c>.</summary>
public static class Program
{
    /// <summary>Exit code of input that is wrong; nothing was called then.</summary>
    public const int BadInput = 2;

    private const string Json = "--json";

    /// <summary>How long a command may clean up after SIGINT or SIGTERM.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command.</summary>
    /// <returns>0 succeeded or nothing to do, 1 the deployment failed, 2 bad input.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (args is ["played", ..])
        {
            return await PlayedTool.Run(args[1..]);
        }

        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // A rehearsal's result is written where it was asked for, whatever else is wrong.
            var json =
                parsed.CommandResult.Command.Name is "rehearse" or "redrive" or "rollback" or "group" or "remove"
                && parsed.GetResult(Json) is OptionResult { Tokens: [var file] }
                    ? file.Value
                    : null;
            return await new RehearseCommand(new RehearseOptions([], null, 1, json, InProcess: false)).Invalid(
                new InvalidInputException(
                    "OptionsInvalid",
                    string.Join('\n', [.. parsed.Errors.Select(error => error.Message), "run 'deployer --help' for what is expected"])
                ),
                target: null
            );
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Patience });
    }

    /// <summary>Every command with its arguments.</summary>
    internal static RootCommand Root()
    {
        var target = new Option<string>("--target", "-t")
        {
            Description = "A target of deployer.yaml.",
            Required = true,
            HelpName = "T",
        };
        var faults = new Option<string[]>("--fault")
        {
            Description =
                $"What goes wrong on purpose, as NAME or NAME:WHAT; may be given several times. {string.Join(". ", Faults.Known.Select(known => $"{known.Key}: {known.Value}"))}.",
            AllowMultipleArgumentsPerToken = false,
            HelpName = "NAME[:WHAT]",
        };
        var state = new Option<string?>("--state")
        {
            Description = "Folder in which the played accounts are kept from run to run.",
            HelpName = "DIR",
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Fixes every id and duration: the same seed gives the same document.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<string?>(Json)
        {
            Description = "File to which the result is written as JSON; - for standard output.",
            HelpName = "FILE",
        };
        var inProcess = new Option<bool>("--in-process") { Description = "Runs the functions in this process instead of as executables." };
        var service = new Argument<string>("SERVICE") { Description = "Folder with deployer.yaml." };
        var execution = new Argument<string>("ARN")
        {
            Description = "ARN of the execution, as 'deployment' in the result of its rehearsal.",
        };
        var neededState = new Option<string>("--state")
        {
            Description = "Folder in which the rehearsal kept the played accounts.",
            Required = true,
            HelpName = "DIR",
        };

        var instance = new Option<string?>("--instance")
        {
            Description = "A development instance of the target: stacks and a group of its own, until it expires.",
            HelpName = "NAME",
        };

        var rehearse = new Command("rehearse", "Rehearses the deployment of a service on this machine, from the pipeline's job to its end.")
        {
            service,
            target,
            instance,
            faults,
            state,
            seed,
            json,
            inProcess,
        };
        rehearse.SetAction(
            (parsed, cancellation) =>
                new RehearseCommand(Options(parsed, parsed.GetValue(state))).Rehearse(
                    parsed.GetValue(service)!,
                    parsed.GetValue(target)!,
                    parsed.GetValue(instance)
                )
        );

        var redrive = new Command("redrive", "Redrives a rehearsed deployment that failed, as the Step Functions console does.")
        {
            execution,
            neededState,
            faults,
            json,
            inProcess,
        };
        redrive.SetAction(
            (parsed, cancellation) =>
                new RehearseCommand(Options(parsed, parsed.GetValue(neededState))).Redrive(parsed.GetValue(execution)!)
        );

        var to = new Option<string>("--to")
        {
            Description = "The revision to go back to: a commit or uname that was pushed before, or its first characters.",
            Required = true,
            HelpName = "REV",
        };
        var rollback = new Command(
            "rollback",
            "Deploys an earlier revision of a service's ions again, without a push, in the accounts of earlier rehearsals."
        )
        {
            service,
            target,
            instance,
            to,
            neededState,
            faults,
            json,
            inProcess,
        };
        rollback.SetAction(
            (parsed, cancellation) =>
                new RehearseCommand(Options(parsed, parsed.GetValue(neededState))).Rollback(
                    parsed.GetValue(service)!,
                    parsed.GetValue(target)!,
                    parsed.GetValue(instance),
                    parsed.GetValue(to)!
                )
        );

        var capacity = new Argument<string>("on|off")
        {
            Description =
                "off takes all instances from the groups, and what the system stores stays; on gives them as many as they had and waits until each runs the revision that was released last.",
        };
        capacity.AcceptOnlyFromAmong("on", "off");
        var steps = new Option<string[]>("--step")
        {
            Description = "A compute group's step; all when not given. May be given several times.",
            AllowMultipleArgumentsPerToken = false,
            HelpName = "STEP",
        };
        var group = new Command(
            "group",
            "Turns the compute groups of a service off, and on again as they were, in the accounts of earlier rehearsals."
        )
        {
            capacity,
            service,
            target,
            instance,
            steps,
            neededState,
            faults,
            json,
            inProcess,
        };
        group.SetAction(
            (parsed, cancellation) =>
                new RehearseCommand(Options(parsed, parsed.GetValue(neededState))).ChangeCapacity(
                    parsed.GetValue(service)!,
                    parsed.GetValue(target)!,
                    parsed.GetValue(instance),
                    parsed.GetValue(capacity)!,
                    parsed.GetValue(steps) ?? []
                )
        );

        var neededInstance = new Option<string>("--instance")
        {
            Description = "The development instance.",
            Required = true,
            HelpName = "NAME",
        };
        var remove = new Command(
            "remove",
            "Removes a development instance in the accounts of earlier rehearsals: its Lambdas first, then its stacks, the last one first."
        )
        {
            service,
            target,
            neededInstance,
            neededState,
            faults,
            json,
            inProcess,
        };
        remove.SetAction(
            (parsed, cancellation) =>
                new RehearseCommand(Options(parsed, parsed.GetValue(neededState))).Remove(
                    parsed.GetValue(service)!,
                    parsed.GetValue(target)!,
                    parsed.GetValue(neededInstance)!
                )
        );

        var plan = new Command(
            "plan",
            "Says what a deployment would do: every change of a resource, through nested stacks, by the machine that a deployer in AWS runs."
        )
        {
            service,
            target,
            instance,
            state,
            seed,
            json,
            inProcess,
        };
        plan.SetAction(
            (parsed, cancellation) =>
                new PlanCommand(
                    new RehearseOptions(
                        [],
                        parsed.GetValue(state),
                        parsed.GetValue(seed),
                        parsed.GetValue(json),
                        parsed.GetValue(inProcess)
                    )
                ).Run(parsed.GetValue(service)!, parsed.GetValue(target)!, parsed.GetValue(instance))
        );

        return new RootCommand("Deployer: deploys services that run on Datomic, and rehearses their deployments on one machine.")
        {
            ValidateCommand.Create(),
            plan,
            rehearse,
            redrive,
            rollback,
            group,
            remove,
            ServeArguments.Create(),
        };

        RehearseOptions Options(ParseResult parsed, string? directory) =>
            new(
                parsed.GetValue(faults) ?? [],
                directory,
                parsed.CommandResult.Command == rehearse ? parsed.GetValue(seed) : 1,
                parsed.GetValue(json),
                parsed.GetValue(inProcess)
            );
    }
}
