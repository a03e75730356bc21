using System.Globalization;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Plans;
using Deployer.Cli.Progress;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Deployments;

/// <summary>
/// What a deployment came to, on one screen: the verdict; the cause once, its facts on lines of their own; each step; what runs now; and
/// the next command.
/// </summary>
/// <param name="next">The command to go on with.</param>
internal sealed class DeploymentView(NextCommand next) : IView<DeploymentReport>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(DeploymentReport report, Screen screen)
    {
        ShowVerdict(report, screen);
        ShowCause(report, screen);
        ShowPlan(report.Plan, screen);
        ShowSteps(report.Outline, report.IsRemoval, screen);
        ShowPeople(report, screen);
        LookView.Show(report.Looks, screen, Indent);
        ShowNotStruck(report.NotStruck, screen);
        ShowWhatRuns(report, screen);
        ShowNotices(report, screen);
        ShowRun(report, screen);
        ShowNext(next.After(report), screen);
    }

    private static void ShowVerdict(DeploymentReport report, Screen screen)
    {
        var (mark, tone) = report.Verdict switch
        {
            Verdict.Succeeded or Verdict.NothingToDo => ("✓", Tone.Good),
            Verdict.Running or Verdict.WaitingForApproval => ("▸", Tone.Warning),
            Verdict.Stopped or Verdict.Rejected => ("-", Tone.Warning),
            _ => ("✗", Tone.Bad),
        };
        screen.Paragraph(
            Indent,
            (mark, tone),
            (Subject(report), Tone.Strong),
            // What is removed is said to be.
            (report is { IsRemoval: true, Verdict: Verdict.Succeeded } ? string.Empty : report.Verdict.Words(), tone),
            (Times(report), Tone.Plain)
        );
    }

    private static string Subject(DeploymentReport report) =>
        report switch
        {
            { Service: null } => string.Empty,
            { IsRemoval: true, Verdict: Verdict.Succeeded } => $"{report.Service} removed from {report.Target}",
            { IsRemoval: true } => $"removal of {report.Service} from {report.Target}:",
            _ => $"{report.Service} to {report.Target}:",
        };

    private static string Times(DeploymentReport report) =>
        report.Verdict is Verdict.Running or Verdict.WaitingForApproval or Verdict.Rejected ? string.Empty
        : report.Aws is not null ? $"in {SimulatedTime.Text(report.Clock.VirtualSeconds)}"
        : $"in {SimulatedTime.Text(report.Clock.VirtualSeconds)} simulated ({report.Clock.WallSeconds:0.0} s)";

    /// <summary>
    /// The first clause of a cause says what failed; what follows it, after semicolons or on lines of its own, are facts.
    /// </summary>
    private static void ShowCause(DeploymentReport report, Screen screen)
    {
        if (report.Error is null)
        {
            return;
        }

        screen.Heading("Cause");
        screen.Line((new string(' ', Indent), Tone.Plain), (report.Error, Tone.Bad));
        foreach (var clause in CauseClauses.Split(report.Cause ?? string.Empty))
        {
            screen.Paragraph(clause, Indent, hanging: Indent);
        }
    }

    /// <summary>What would be deployed, why a person is asked, and what the approval is of; neither is wrapped, to be copied.</summary>
    private static void ShowPlan(PlanReport? plan, Screen screen)
    {
        if (plan is null)
        {
            return;
        }

        screen.Heading("Plan");
        if (plan.Document is { } document)
        {
            new PlanView(FunctionServices.Kinds(document.Target).PlanParts).ShowSteps(document, screen);
        }

        foreach (var reason in plan.NeedsApproval ?? [])
        {
            screen.Paragraph(PlanView.WhyItNeedsApproval(reason, plan.Document), Indent, hanging: Indent, Tone.Warning);
        }

        screen.Line($"{new string(' ', Indent)}plan {plan.Plan}");
        screen.Line($"{new string(' ', Indent)}digest {plan.Digest}");
        if (plan.ApprovedBy is { } approver)
        {
            screen.Paragraph($"approved by {approver}", Indent, hanging: Indent);
        }
    }

    private static void ShowSteps(IReadOnlyList<StepOutline> steps, bool isRemoval, Screen screen)
    {
        if (steps.Count == 0)
        {
            return;
        }

        screen.Heading("Steps");
        var width = steps.Max(step => step.Name.Length);
        foreach (var step in steps)
        {
            var (mark, tone, words) = State(step, isRemoval);
            var time = step.Ran is { } ran ? SimulatedTime.Text(ran.VirtualSeconds) : string.Empty;
            screen.Line(
                (new string(' ', Indent), Tone.Plain),
                ($"{mark} ", tone),
                ($"{step.Name.PadRight(width)}  {words, -11}  {time, 7}".TrimEnd(), Tone.Plain)
            );
        }
    }

    private static (string Mark, Tone Tone, string Words) State(StepOutline step, bool isRemoval) =>
        step switch
        {
            { End: StepEnd.Failed } => ("✗", Tone.Bad, "failed"),
            { End: StepEnd.Stopped } => ("-", Tone.Warning, "stopped"),
            { End: StepEnd.Succeeded, Ran: null } => ("✓", Tone.Good, "done before"),
            { End: StepEnd.Unchanged } or { End: StepEnd.Succeeded, Ran.Action: StepAction.None } => ("✓", Tone.Good, "no changes"),
            // Ions without entry points are released, by which Datomic takes the Lambdas away.
            { End: StepEnd.Succeeded, Ran.Action: StepAction.Released } when isRemoval => ("✓", Tone.Good, StepAction.Removed.Text()),
            { End: StepEnd.Succeeded, Ran: { } ran } => ("✓", Tone.Good, ran.Action.Text()),
            { Ran: not null } => ("-", Tone.Warning, "not ended"),
            _ => ("·", Tone.Faint, "not started"),
        };

    private static void ShowPeople(DeploymentReport report, Screen screen)
    {
        var acts = report.People ?? [];
        if (acts.Count == 0)
        {
            return;
        }

        screen.Heading("People");
        foreach (var act in acts)
        {
            var (mark, tone, words) = act.Outcome switch
            {
                ActOutcome.Done => ("✓", Tone.Good, string.Empty),
                ActOutcome.Refused => ("✗", Tone.Bad, $": refused: {act.Problem}"),
                ActOutcome.NotEnded => ("-", Tone.Warning, ": not ended"),
                _ => ("·", Tone.Warning, $": never happened ({act.When})"),
            };
            var time = act.VirtualSeconds is { } seconds ? $"{SimulatedTime.Text(seconds)}  " : string.Empty;
            screen.Paragraph($"{mark} {time}{act.Who}: {act.Did}{words}", Indent, hanging: Indent, tone);
        }

        // What else was deployed meanwhile: the verdict is that of the run's own deployment.
        var machine = report.Deployment is { } own ? new ExecutionArn(own).Machine : null;
        foreach (var other in report.Executions.Where(other => other.Arn != report.Deployment && other.Machine == machine))
        {
            var (mark, tone) = other.Status switch
            {
                "SUCCEEDED" => ("✓", Tone.Good),
                "RUNNING" or "ABORTED" => ("-", Tone.Warning),
                _ => ("✗", Tone.Bad),
            };
            screen.Paragraph($"{mark} deployment {new ExecutionArn(other.Arn).Deployment}: {other.Status}", Indent, hanging: Indent, tone);
        }
    }

    private static void ShowNotStruck(IReadOnlyList<FaultReport> faults, Screen screen)
    {
        if (faults.Count == 0)
        {
            return;
        }

        screen.Heading("Faults");
        foreach (var fault in faults)
        {
            screen.Paragraph($"· {fault.Fault}: did not strike; it needs {fault.Needs}", Indent, hanging: Indent, Tone.Warning);
        }
    }

    private static void ShowWhatRuns(DeploymentReport report, Screen screen)
    {
        if (report.Parts.Count == 0)
        {
            return;
        }

        // On AWS the deployer's records say it, and another deployment may have followed this one.
        screen.Heading(
            report switch
            {
                { IsRemoval: true, Verdict: Verdict.Succeeded } => "What it removed",
                { IsRemoval: true } => "What it left",
                { Aws: null } => "What runs now",
                _ => "What it deployed",
            }
        );
        foreach (var line in report.Parts.SelectMany(part => part.Lines))
        {
            screen.Paragraph(line, Indent, hanging: Indent);
        }
    }

    private static void ShowNotices(DeploymentReport report, Screen screen)
    {
        var shown = report.Notices.Where(notice => !IsInCause(notice, report.Cause)).ToList();
        var notSent = (report.Notifications ?? []).Select(notification => notification.Fault).OfType<string>().ToList();
        if (shown.Count == 0 && notSent.Count == 0 && report.SimulatedBySchema is null)
        {
            return;
        }

        screen.Heading("Notices");
        foreach (var notice in shown.Concat(notSent))
        {
            screen.Paragraph(notice, Indent, hanging: Indent, Tone.Warning);
        }

        foreach (var simulated in report.SimulatedBySchema ?? [])
        {
            screen.Paragraph($"{simulated.Stack}: {simulated}", Indent, hanging: Indent);
        }
    }

    /// <summary>Whether the cause has it on a line, as drift that is refused; what is known besides may follow in brackets.</summary>
    private static bool IsInCause(string notice, string? cause) =>
        (cause ?? string.Empty).Split('\n').Any(line => line == notice || line.StartsWith($"{notice} (", StringComparison.Ordinal));

    /// <summary>The execution's ARN is not wrapped: what is copied is whole.</summary>
    private static void ShowRun(DeploymentReport report, Screen screen)
    {
        if (report is { Aws: not null, Deployment: null })
        {
            return;
        }

        screen.Heading("This run");
        if (report.Aws is { } aws)
        {
            ShowAwsRun(aws, report, screen);
            return;
        }

        if (report.Pipeline is { } pipeline)
        {
            screen.Paragraph($"pipeline job {pipeline.Job}", Indent);
        }

        screen.Paragraph(
            $"{report.Transitions} transitions, {report.LambdaInvocations} invocations ({report.Host}); "
                + $"locks held {report.LocksHeld}, waits open {report.WaitsOpen}",
            Indent,
            hanging: Indent
        );
        foreach (var unsettled in report.Unsettled ?? [])
        {
            screen.Paragraph(unsettled, Indent, hanging: Indent, Tone.Warning);
        }

        if (report.Deployment is { } execution)
        {
            screen.Line($"{new string(' ', Indent)}execution {execution}");
        }
    }

    private static void ShowAwsRun(AwsRun aws, DeploymentReport report, Screen screen)
    {
        if (aws.EndedAt is { } ended)
        {
            var number = aws.Number is { } given ? string.Create(CultureInfo.InvariantCulture, $"deployment {given}, ") : string.Empty;
            screen.Paragraph(
                $"{number}{aws.StartedAt:u} to {ended:u}, by {aws.By ?? "an unnamed caller"}"
                    + aws.Redrives switch
                    {
                        0 => string.Empty,
                        1 => "; redriven once",
                        _ => string.Create(CultureInfo.InvariantCulture, $"; redriven {aws.Redrives} times"),
                    },
                Indent,
                hanging: Indent
            );
            var isOwn = aws.LockOwner is { } owner && new ExecutionArn(report.Deployment!).Deployment.Value == owner;
            screen.Paragraph(
                !aws.Settled || isOwn
                        ? $"its lock is not free yet: {aws.Problem ?? "its end has not reached the deployer"}; "
                            + "the sweep, every five minutes, tries again"
                    : aws.LockOwner is null ? "the lock is free"
                    : $"the lock is held by {aws.LockOwner}",
                Indent,
                hanging: Indent,
                aws.Settled && !isOwn ? Tone.Plain : Tone.Warning
            );
        }

        screen.Line($"{new string(' ', Indent)}execution {report.Deployment}");
        screen.Line($"{new string(' ', Indent)}{new ExecutionArn(report.Deployment!).ConsoleLink}");
    }

    private static void ShowNext(NextStep step, Screen screen) => new NextStepsView().Show([step], screen);
}
