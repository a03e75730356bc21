using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Bootstrap;

/// <summary>What the command line says of one of the stacks of the product, and of the account that it is in.</summary>
/// <param name="name">The word for the stack.</param>
/// <param name="description">What the stack is.</param>
/// <param name="account">Whose account it is in, as the help says it.</param>
internal abstract class StackArguments(string name, string description, string account)
{
    private readonly Option<string?> _profile = new("--profile")
    {
        Description = $"Profile of the AWS configuration for {account} account; else AWS_PROFILE, and the SDK's usual chain.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _region = new("--region")
    {
        Description = $"{char.ToUpperInvariant(account[0])}{account[1..]} region; else that of the profile or of AWS_REGION.",
        HelpName = "REGION",
    };

    /// <summary>The word for the stack.</summary>
    public string Name => name;

    /// <summary>What the stack is.</summary>
    public string Description => description;

    /// <summary>The words of an example: which stack is meant, what a new one needs besides, and the profile.</summary>
    public abstract (string Which, string New, string Profile) Example { get; }

    /// <summary>What says which stack is meant.</summary>
    public abstract IReadOnlyList<Symbol> Which { get; }

    /// <summary>What only making it needs.</summary>
    public abstract IReadOnlyList<Option> Making { get; }

    /// <summary>What says which account is meant.</summary>
    public IReadOnlyList<Option> Access => [_profile, _region];

    /// <summary>How the account is entered.</summary>
    public AwsSettings Settings(ParseResult arguments) => new(arguments.GetValue(_profile), arguments.GetValue(_region), null);

    /// <summary>The stack that is meant.</summary>
    /// <exception cref="InvalidInputException">The arguments name something that is not as expected.</exception>
    public abstract ProductStack Stack(ParseResult arguments);

    /// <summary>The option with the account of the deployer, for a stack of another account.</summary>
    protected static Option<string?> ToolsAccount() =>
        new("--tools-account") { Description = "The account of the deployer; a new stack needs it.", HelpName = "ACCOUNT" };

    /// <summary>The account of the deployer, where it was given.</summary>
    /// <exception cref="InvalidInputException">It is no account.</exception>
    protected static string? ToolsAccountOf(ParseResult arguments, Option<string?> option) =>
        AccountId.Check(arguments.GetValue(option), option.Name);

    /// <summary>The option with the stage, for a stack that no service's target gives one.</summary>
    protected static Option<string> RequiredStage() =>
        new("--stage")
        {
            Description = "Stage of the deployer, such as dev.",
            Required = true,
            HelpName = "STAGE",
        };
}

/// <summary>The deployer itself.</summary>
internal sealed class ToolsArguments() : StackArguments("tools", "The deployer of a stage, in its own account.", "the deployer's")
{
    private readonly Option<string> _stage = RequiredStage();
    private readonly Option<string?> _functions = new("--functions")
    {
        Description = "The zip with the native functions, where the program's package has none.",
        HelpName = "ZIP",
    };

    /// <inheritdoc/>
    public override (string Which, string New, string Profile) Example =>
        ("--stage dev", "--parameter AllowedTargets=111111111111", "tools");

    /// <inheritdoc/>
    public override IReadOnlyList<Symbol> Which => [_stage];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Making => [_functions];

    /// <inheritdoc/>
    public override ProductStack Stack(ParseResult arguments) =>
        new ToolsStack(arguments.GetValue(_stage)!, arguments.GetValue(_functions));
}

/// <summary>What every service finds in a target's account.</summary>
internal sealed class TargetArguments()
    : StackArguments("target", "What the deployer of a stage finds in an account that it deploys to.", "the target's")
{
    private readonly Option<string> _stage = RequiredStage();
    private readonly Option<string?> _toolsAccount = ToolsAccount();
    private readonly Option<string?> _toolsRegion = new("--tools-region")
    {
        Description = "The region of the deployer; for the first stack of an account, that of the target when not given.",
        HelpName = "REGION",
    };

    /// <inheritdoc/>
    public override (string Which, string New, string Profile) Example => ("--stage dev", "--tools-account 222222222222", "dev");

    /// <inheritdoc/>
    public override IReadOnlyList<Symbol> Which => [_stage];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Making => [_toolsAccount, _toolsRegion];

    /// <inheritdoc/>
    public override ProductStack Stack(ParseResult arguments) =>
        new TargetStack(arguments.GetValue(_stage)!, ToolsAccountOf(arguments, _toolsAccount), arguments.GetValue(_toolsRegion));
}

/// <summary>What a service is granted in a target's account.</summary>
internal sealed class ServiceArguments()
    : StackArguments("service", "What the deployer may do for one service in a target's account.", "the target's")
{
    private readonly Argument<string> _folder = SharedOptions.Service();
    private readonly Option<string> _target = SharedOptions.Target();
    private readonly Option<string?> _stage = new("--stage")
    {
        Description = "Stage of the deployer; else the target's name up to its first dash.",
        HelpName = "STAGE",
    };
    private readonly Option<string?> _toolsAccount = ToolsAccount();

    /// <inheritdoc/>
    public override (string Which, string New, string Profile) Example =>
        ("examples/inventory --target dev", "--tools-account 222222222222", "dev");

    /// <inheritdoc/>
    public override IReadOnlyList<Symbol> Which => [_folder, _target, _stage];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Making => [_toolsAccount];

    /// <inheritdoc/>
    public override ProductStack Stack(ParseResult arguments)
    {
        var toolsAccount = ToolsAccountOf(arguments, _toolsAccount);
        var folder = arguments.GetValue(_folder)!;
        var service = RehearsedService.ReadAtTarget(folder, arguments.GetValue(_target)!, instance: null);
        var stage = arguments.GetValue(_stage) ?? DeployerStage.OfTarget(service.Target.Declared);
        return new ServiceStack(folder, service, stage, toolsAccount);
    }
}

/// <summary>The role of a service's builds.</summary>
internal sealed class BuildArguments()
    : StackArguments("build", "The role of a service's builds, in the account of the deployer.", "the deployer's")
{
    private readonly Argument<string> _folder = SharedOptions.Service();
    private readonly Option<string> _target = SharedOptions.Target();
    private readonly Option<string?> _stage = new("--stage")
    {
        Description = "Stage of the deployer; else the target's name up to its first dash.",
        HelpName = "STAGE",
    };

    /// <inheritdoc/>
    public override (string Which, string New, string Profile) Example => ("examples/inventory --target dev", string.Empty, "tools");

    /// <inheritdoc/>
    public override IReadOnlyList<Symbol> Which => [_folder, _target, _stage];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Making => [];

    /// <inheritdoc/>
    public override ProductStack Stack(ParseResult arguments)
    {
        var folder = arguments.GetValue(_folder)!;
        var service = RehearsedService.ReadAtTarget(folder, arguments.GetValue(_target)!, instance: null);
        return new BuildStack(folder, service, arguments.GetValue(_stage) ?? DeployerStage.OfTarget(service.Target.Declared));
    }
}

/// <summary>A service's pipeline.</summary>
internal sealed class PipelineArguments()
    : StackArguments("pipeline", "A service's pipeline, in the account of the deployers.", "the deployers'")
{
    private readonly Argument<string> _folder = SharedOptions.Service();

    /// <inheritdoc/>
    public override (string Which, string New, string Profile) Example => ("examples/inventory", string.Empty, "tools");

    /// <inheritdoc/>
    public override IReadOnlyList<Symbol> Which => [_folder];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Making => [];

    /// <inheritdoc/>
    public override ProductStack Stack(ParseResult arguments)
    {
        var folder = arguments.GetValue(_folder)!;
        return new PipelineStack(folder, RehearsedService.ReadFile(folder));
    }
}
