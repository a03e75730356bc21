using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Spec;

namespace Deployer.Cli.Bootstrap;

/// <summary>A command about one of the stacks of the product: which one, and in which account.</summary>
internal abstract class StackCommand(Terminal terminal, string name, string description, string example)
    : DeployerCommand(terminal, name, description, example)
{
    /// <summary>The deployer itself.</summary>
    protected const string Tools = "tools";

    /// <summary>What every service finds in a target account.</summary>
    protected const string TargetAccount = "target";

    /// <summary>What a service is granted in a target account.</summary>
    protected const string ServiceAccess = "service";

    /// <summary>A service's pipeline.</summary>
    protected const string Pipeline = "pipeline";

    private readonly Option<string?> _target = new("--target", "-t")
    {
        Description = "With service: the target of deployer.yaml.",
        HelpName = "T",
    };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };

    /// <summary>Which of the stacks.</summary>
    protected Argument<string> What { get; } =
        new("tools|target|service|pipeline")
        {
            Description =
                "tools is the deployer of a stage, in its own account; target is what it finds in an account that it deploys to; "
                + "service is what it may do there for one service; pipeline is a service's pipeline, in the account of the deployers.",
        };

    /// <summary>The service's folder.</summary>
    protected Argument<string?> Service { get; } =
        new("SERVICE") { Description = "With service and pipeline: its folder.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Which account.</summary>
    protected AwsOptions Aws { get; } = new();

    /// <summary>Takes the arguments that all such commands have.</summary>
    /// <param name="own">What this one has besides.</param>
    protected void AddArguments(params IEnumerable<Option> own)
    {
        What.AcceptOnlyFromAmong(Tools, TargetAccount, ServiceAccess, Pipeline);
        Add(What);
        Add(Service);
        Add(_target);
        foreach (var option in own)
        {
            Add(option);
        }

        Aws.All.ToList().ForEach(Add);
        Add(_yes);
    }

    /// <summary>The stage, the service and its target where there is one, and the stack's name.</summary>
    /// <exception cref="InvalidInputException">Something is missing.</exception>
    protected NamedStack Named(ParseResult arguments)
    {
        var what = arguments.GetValue(What)!;
        var settings = Aws.Settings(arguments);
        if (what == ServiceAccess)
        {
            var (folder, target) = (arguments.GetValue(Service), arguments.GetValue(_target));
            if (folder is null || target is null)
            {
                throw new InvalidInputException("OptionsInvalid", "service needs the service's folder and --target");
            }

            var service = RehearsedService.ReadAtTarget(folder, target, instance: null);
            var stage = settings.Stage ?? service.Target.Declared;
            return new NamedStack(what, $"deployer-{service.Spec.Service}-{stage}", stage, service);
        }

        if (what == Pipeline)
        {
            var folder = arguments.GetValue(Service);
            if (folder is null || arguments.GetValue(_target) is not null || settings.Stage is not null)
            {
                throw new InvalidInputException("OptionsInvalid", "pipeline needs the service's folder, and neither --target nor --stage");
            }

            var spec = RehearsedService.ReadFile(folder);
            return new NamedStack(what, $"{spec.Service}-pipeline", string.Empty, null) { Pipeline = spec };
        }

        if (arguments.GetValue(Service) is not null || arguments.GetValue(_target) is not null)
        {
            throw new InvalidInputException("OptionsInvalid", $"SERVICE and --target are for services; {what} is for all of them");
        }

        return settings.Stage is { } given
            ? new NamedStack(what, what == Tools ? $"deployer-{given}" : $"deployer-target-{given}", given, null)
            : throw new InvalidInputException("OptionsInvalid", $"{what} needs --stage, such as --stage dev");
    }

    /// <summary>Refuses an account that is not the target's.</summary>
    protected static void CheckAccount(NamedStack stack, AwsAccess access)
    {
        if (stack.Service is { Target: { } target } && (target.Account != access.Account || target.Region != access.Region))
        {
            throw new InvalidInputException(
                "WrongAccount",
                $"target '{target.Name}' is account {target.Account}, {target.Region}, and the credentials are of account "
                    + $"{access.Account}, "
                    + $"{access.Region}; expected --profile and --region of the target's"
            );
        }
    }

    /// <summary>Asks a person; without --yes, where nobody can answer, nothing is done.</summary>
    /// <exception cref="InvalidInputException">Nobody can answer, or the answer is not yes.</exception>
    protected void Confirm(ParseResult arguments, string question)
    {
        if (arguments.GetValue(_yes))
        {
            return;
        }

        Terminal.Error.Line($"{question} Only 'yes' does it:");
        Terminal.Error.Flush();
        if (Console.In.ReadLine()?.Trim() != "yes")
        {
            throw new InvalidInputException("NotConfirmed", "not confirmed, and nothing was changed; --yes does not ask");
        }
    }
}

/// <summary>A stack of the product.</summary>
/// <param name="What">tools, target, service or pipeline.</param>
/// <param name="Name">The stack's name.</param>
/// <param name="Stage">The deployer's stage.</param>
/// <param name="Service">The service and its target, for what is granted to it.</param>
internal sealed record NamedStack(string What, string Name, string Stage, Places.ServiceAtTarget? Service)
{
    /// <summary>The service whose pipeline it is.</summary>
    public ServiceSpec? Pipeline { get; init; }
}
