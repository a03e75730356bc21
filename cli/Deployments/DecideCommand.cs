using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary>A command by which a person decides about a plan.</summary>
internal abstract class DecideCommand : DeploymentCommand<IPlace>
{
    private readonly Argument<string> _plan = new("PLAN")
    {
        Description = "ARN of the plan, as 'deployer deploy' and 'deployer plan' show it.",
    };
    private readonly Option<string?> _digest = new("--digest")
    {
        Description = "The digest that you have seen; another one is refused.",
        HelpName = "DIGEST",
    };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };
    private readonly Option<bool> _detach = SharedOptions.Detach();
    private readonly Option<string?> _state = SharedOptions.Rehearsed();
    private readonly bool _approves;

    /// <summary>Takes the arguments.</summary>
    protected DecideCommand(Terminal terminal, string name, string description, bool approves)
        : base(terminal, name, description, $"{name} arn:aws:states:us-east-1:222222222222:execution:deployer-prod-plan:NAME")
    {
        _approves = approves;
        Add(_plan);
        Add(_digest);
        Add(_reason);
        Aws.OfExecution.ToList().ForEach(Add);
        if (approves)
        {
            Add(_detach);
        }

        Add(_state);
        if (approves)
        {
            Add(Faults);
            Add(FaultFile);
            Add(Schedule);
        }

        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected override bool IsOnAws(ParseResult arguments) => arguments.GetValue(_state) is null;

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var plan = DeployerExecution.ParsePlan(arguments.GetValue(_plan)!);
        return IsOnAws(arguments)
            ? await AwsPlace.OpenFor(plan, Aws.Settings(arguments), _approves && arguments.GetValue(_detach), progress, cancellation)
            : await RehearsedPlace.OpenFor(plan.Arn, Settings(arguments, arguments.GetValue(_state)), progress);
    }

    /// <inheritdoc/>
    protected override Task<RehearsalReport> Act(IPlace place, ParseResult arguments) =>
        place.Decide(arguments.GetValue(_plan)!, new PlanDecision(_approves, arguments.GetValue(_digest), arguments.GetValue(_reason)));

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(arguments.GetValue(_state), Aws.Settings(arguments)), deployed: null);
}

/// <summary><c>deployer approve</c>: a plan that waits is approved, and deployed.</summary>
internal sealed class ApproveCommand(Terminal terminal)
    : DecideCommand(
        terminal,
        "approve",
        "Approves a plan, and deploys exactly it; what has changed since it was made is refused.",
        approves: true
    );

/// <summary><c>deployer reject</c>: a plan that waits is rejected.</summary>
internal sealed class RejectCommand(Terminal terminal)
    : DecideCommand(terminal, "reject", "Rejects a plan that waits for approval, so that nobody can approve it.", approves: false);
