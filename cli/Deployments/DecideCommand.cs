using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary>A command by which a person decides about a plan.</summary>
internal abstract class DecideCommand : KeptExecutionCommand
{
    private readonly Option<string?> _digest = new("--digest")
    {
        Description = "The digest that you have seen; another one is refused.",
        HelpName = "DIGEST",
    };
    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why, for the record: one line of 512 characters at most.",
        HelpName = "TEXT",
    };

    /// <summary>Takes the arguments.</summary>
    protected DecideCommand(Terminal terminal, string name, string description, bool approves)
        : base(terminal, name, description, $"{name} arn:aws:states:us-east-1:222222222222:execution:deployer-prod-plan:NAME")
    {
        Runs = approves;
        AddArguments(_digest, _reason);
    }

    /// <inheritdoc/>
    protected sealed override Argument<string> Execution { get; } =
        new("PLAN") { Description = "ARN or id of the plan, as 'deployer deploy' and 'deployer plan' show it." };

    /// <summary>Whether it approves: what is approved is deployed.</summary>
    protected sealed override bool Runs { get; }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<Option> Reaching => Aws.All;

    /// <inheritdoc/>
    protected sealed override DeployerExecution Parse(string arn) => DeployerExecution.ParsePlan(arn);

    /// <inheritdoc/>
    protected sealed override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        if (PlanDecision.ProblemOf(arguments.GetValue(_reason)) is { } problem)
        {
            throw new InvalidInputException("OptionsInvalid", $"{_reason.Name} {problem}");
        }

        var plan = arguments.GetValue(Execution)!;
        return !DeployerExecution.IsId(plan) ? await base.Open(arguments, progress, cancellation)
            : IsOnAws(arguments) ? await AwsPlace.OpenForPlan(plan, Aws.Settings(arguments), IsDetached(arguments), progress, cancellation)
            : await RehearsedPlaces.OpenForPlan(plan, RehearsedSettings(arguments), progress);
    }

    /// <summary>Of <c>reject</c> a plan that is rejected is a success; of what was to deploy it, a failure.</summary>
    protected sealed override int ExitCodeOf(DeploymentReport report) =>
        !Runs && report.Verdict == Verdict.Rejected ? ExitCodes.Success : base.ExitCodeOf(report);

    /// <summary>The decision may be made, and stands then.</summary>
    /// <inheritdoc/>
    private protected sealed override InterruptedException BeforeExecution(
        ParseResult arguments,
        string kept,
        IReadOnlyList<string> underway,
        CancellationToken cancellation
    ) => Interrupted(arguments, NextPlace.Kept(kept), [.. underway.Select(execution => Redrive(execution, kept))], cancellation, underway);

    /// <inheritdoc/>
    private protected sealed override InterruptedException BeforeExecutionOnAws(ParseResult arguments, CancellationToken cancellation) =>
        Interrupted(arguments, NextPlace.From(null, Aws.Settings(arguments)), [], cancellation, []);

    private InterruptedException Interrupted(
        ParseResult arguments,
        NextPlace there,
        IReadOnlyList<string> redrives,
        CancellationToken cancellation,
        IReadOnlyList<string> underway
    ) =>
        new(
            $"interrupted; whether the plan was {(Runs ? "approved" : "rejected")} already is not known here. To {Name} it, or to see that "
                + $"it was{(underway.Count == 0 ? ":" : $", and to continue {Names(underway)}, which had begun before:")}",
            cancellation,
            [
                ShellWords.Join([
                    ProgramName.Find(),
                    Name,
                    arguments.GetValue(Execution)!,
                    .. arguments.GetValue(_digest) is { } digest ? [_digest.Name, digest] : Array.Empty<string>(),
                    .. arguments.GetValue(_reason) is { } reason ? [_reason.Name, reason] : Array.Empty<string>(),
                    .. there.WordsForExecution,
                ]),
                .. redrives,
            ]
        );

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(IPlace place, ParseResult arguments) =>
        place.Decide(arguments.GetValue(Execution)!, new PlanDecision(Runs, arguments.GetValue(_digest), arguments.GetValue(_reason)));
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
