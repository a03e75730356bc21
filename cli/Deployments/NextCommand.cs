using System.Text.Json.Serialization;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Deployments;

/// <summary>What to do next: a reason, and a command to copy where there is one that works.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Command">The command.</param>
/// <param name="Then">What is run after it, where one command alone does not do it.</param>
internal sealed record NextStep(
    string Reason,
    string? Command = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Then = null
);

/// <summary>A service, a target and a development instance, as the command line names them.</summary>
internal sealed record DeployedService(string Folder, string Target, string? Instance)
{
    /// <summary>The words of a command line.</summary>
    public IReadOnlyList<string> Arguments =>
        Instance is null ? [Folder, "--target", Target] : [Folder, "--target", Target, "--instance", Instance];
}

/// <summary>The place of a deployment, as the command line names it.</summary>
/// <param name="Words">The options.</param>
/// <param name="IsOnAws">Whether it is on AWS.</param>
internal sealed record NextPlace(IReadOnlyList<string> Words, bool IsOnAws)
{
    /// <summary>The command that deploys there again.</summary>
    public string Deploy => IsOnAws ? "deploy" : "rehearse";

    /// <summary>The options for a command that names an execution, which says its region and stage.</summary>
    public IReadOnlyList<string> WordsForExecution => IsOnAws ? [.. Words.SkipWhile(word => word != "--profile").Take(2)] : Words;

    /// <summary>
    /// The options for a plan, which is rehearsed in new accounts where none of AWS is given: the stage is named then.
    /// </summary>
    public IReadOnlyList<string> PlanWords(DeployedService deployed) =>
        IsOnAws && Words.Count == 0 ? ["--stage", DeployerStage.OfTarget(deployed.Target)] : Words;

    /// <summary>Rehearsed accounts that are kept.</summary>
    public static NextPlace Kept(string state) => new(["--state", state], IsOnAws: false);

    /// <summary>Rehearsed accounts where a folder is named, AWS otherwise.</summary>
    public static NextPlace From(string? state, AwsSettings settings) => state is null ? new(settings.Words, IsOnAws: true) : Kept(state);
}

/// <summary>Finds the command to go on with after a deployment.</summary>
/// <param name="program">How this program is called.</param>
/// <param name="place">Where it was deployed; <see langword="null"/> when the rehearsed accounts are gone.</param>
/// <param name="deployed">What was deployed; <see langword="null"/> when only an execution was named.</param>
/// <param name="arguments">The words that followed the program's name, for what is rehearsed again in accounts that are kept.</param>
internal sealed class NextCommand(string program, NextPlace? place, DeployedService? deployed, IReadOnlyList<string>? arguments = null)
{
    /// <summary>Of an execution on AWS nobody knows the service's folder: the command is for that folder, which stands before it.</summary>
    private const string CurrentFolder = ".";

    /// <summary>A folder for accounts that are to be kept, as README and help name it.</summary>
    private const string NewState = "accounts";

    private const string Variables = "rehearsal.env";

    private static readonly NextStep NothingStarted = new("No execution was started. Correct the cause, then run the same command again.");

    /// <summary>The command that shows how an execution goes on, or what it came to.</summary>
    /// <param name="execution">The execution's ARN.</param>
    public string Watch(string execution) => ShellWords.Join([program, "watch", execution, .. place?.WordsForExecution ?? []]);

    /// <summary>The next step after a deployment that succeeded or failed.</summary>
    public NextStep After(DeploymentReport report) =>
        (report.Verdict, place) switch
        {
            (Verdict.Running, _) when report.Deployment is null => new NextStep(
                "The plan was approved, and its pipeline deploys it. 'deployer history' lists the deployment once it has begun."
            ),
            (Verdict.Running, _) => new NextStep(
                "The deployment goes on by itself. See how it goes on, and how it ends:",
                Watch(report.Deployment!)
            ),
            (Verdict.WaitingForApproval, null) => new NextStep(
                "The rehearsed accounts are gone, and the plan with them. To approve it, rehearse the same and keep the accounts:",
                ShellWords.Join([program, .. arguments ?? [], "--state", NewState])
            ),
            (Verdict.WaitingForApproval, { } there) => new NextStep(
                NextReasons.Approve + ":",
                ShellWords.Join([program, "approve", report.Plan!.Plan, .. there.WordsForExecution])
            ),
            (Verdict.Rejected, _) => new NextStep("Nothing was deployed. Another deployment makes another plan."),
            (Verdict.Stopped or Verdict.Failed, { } there) when report is { SupersededBy: { } newer, PlanningPipeline: null } => Superseded(
                report,
                newer,
                there
            ),
            (Verdict.Stopped or Verdict.Failed, null) when report is { SupersededBy: { } newer, PlanningPipeline: null } => new NextStep(
                $"{After(newer)}, and the rehearsed accounts are gone: there is nothing to go on with."
            ),
            (Verdict.Stopped, { } there) => new NextStep(
                "It was stopped, and nothing failed. " + NextReasons.RedriveStopped,
                Redrive(report, there)
            ),
            (Verdict.Failed, null) when report is { Deployment: null, Plan: null } => NothingStarted,
            (Verdict.Failed, null) => AfterFailureInAccountsThatAreGone(report),
            (Verdict.Stopped, null) => new NextStep(
                "The rehearsed accounts are gone. To go on at the task where it was stopped, rehearse the same and keep the accounts:",
                ShellWords.Join([program, .. arguments ?? [], "--state", NewState])
            ),
            (Verdict.Failed, { } there) when report is { Deployment: null, PlanningPipeline: { } pipeline } => PlanInPipeline(
                report,
                "Correct the cause. ",
                pipeline,
                there
            ),
            (Verdict.Failed, _) when report.Deployment is null => NothingStarted,
            (Verdict.Failed, { } there) => AfterFailure(report, there),
            (_, { } there) when report.FailedStage is { TakenBy: { } taker } failed => LeaveStage(failed, taker, there),
            (_, { } there) when report.FailedStage is { } failed => RetryStage(report, failed, there),
            _ when report.NeverHappened.Count + report.NotStruck.Count > 0 => new NextStep(
                "The exit code is 1: not all that the schedule or the faults name has happened, so it was not rehearsed. Correct them, and "
                    + "rehearse again."
            ),
            (_, null) => new NextStep("See what can be made to fail in a rehearsal, with --fault:", ShellWords.Join([program, "faults"])),
            (_, { } there) when deployed is not null && report.Steps.Any(step => step.Action == StepAction.Off) => new NextStep(
                "The compute groups are off, and nothing can be deployed to them. Turn them on again:",
                ShellWords.Join([program, "group", "on", .. deployed.Arguments, .. there.Words])
            ),
            _ when report.Steps.Any(step => step.Action == StepAction.Removed) => new NextStep("It was removed completely."),
            (_, { } there) when deployed is not null => new NextStep(
                "See what another deployment would change:",
                ShellWords.Join([program, "plan", .. deployed.Arguments, .. there.PlanWords(deployed)])
            ),
            _ => new NextStep("Nothing is left to do for this execution."),
        };

    /// <summary>What was deployed; <see langword="null"/> where an execution was named whose input does not say it.</summary>
    private DeployedService? Named(DeploymentReport report)
    {
        var folder = report.Folder ?? CurrentFolder;
        return deployed
            ?? (
                report.Target is not { } target ? null
                : report.Instance is { } instance ? new DeployedService(folder, target[..^(instance.Length + 1)], instance)
                : new DeployedService(folder, target, Instance: null)
            );
    }

    /// <summary>The options for a command about what was deployed; an execution that was named says which deployer it was.</summary>
    private IReadOnlyList<string> Where(DeploymentReport report, DeployedService named, NextPlace there) =>
        deployed is null && there.IsOnAws && report is { Aws.Stage: { } stage, Deployment: { } execution }
            ?
            [
                .. there.WordsForExecution,
                "--region",
                new ExecutionArn(execution).Region,
                .. stage == DeployerStage.OfTarget(named.Target) ? Array.Empty<string>() : ["--stage", stage],
            ]
            : there.Words;

    /// <summary>Where commands about what was deployed work, for the end of a sentence; nothing where they do everywhere.</summary>
    private string InFolder(DeploymentReport report) =>
        (deployed?.Folder ?? report.Folder) is null ? NextReasons.InFolder(report.Service) : string.Empty;

    /// <summary>A command about what was deployed, such as <c>deploy</c>; <see langword="null"/> where that is not known.</summary>
    private string? CommandAbout(DeploymentReport report, NextPlace there, IReadOnlyList<string> command, params IReadOnlyList<string> more)
    {
        if (Named(report) is not { } named)
        {
            return null;
        }

        // In another folder a path that is relative to this one would lead elsewhere.
        var isElsewhere = named.Folder == CurrentFolder && program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return ShellWords.Join([
            isElsewhere ? Path.GetFullPath(program) : program,
            .. command,
            .. named.Arguments,
            .. more,
            .. Where(report, named, there),
        ]);
    }

    /// <summary>A step whose command is about what was deployed.</summary>
    private NextStep About(DeploymentReport report, NextPlace there, string reason, params IReadOnlyList<string> command) =>
        CommandAbout(report, there, command) is { } known
            ? new NextStep($"{reason}{InFolder(report)}:", known)
            : new NextStep($"{reason}.");

    private string Redrive(DeploymentReport report, NextPlace there) =>
        ShellWords.Join([program, "redrive", report.Deployment!, .. there.WordsForExecution]);

    /// <summary>In rehearsed accounts the same request is made by the AWS CLI, of what serves them.</summary>
    private NextStep RetryStage(DeploymentReport report, FailedStage failed, NextPlace there)
    {
        var reason = NextReasons.RetryStage(failed.Pipeline, failed.Stage);
        var region = there.IsOnAws && report.Deployment is { } execution ? new ExecutionArn(execution).Region : null;
        return failed.Retry(region) is not { } retry ? new NextStep(reason + ".")
            : there.IsOnAws ? new NextStep(reason + ":", ShellWords.Join([.. retry, .. there.WordsForExecution]))
            : Serve(report, there, $"{reason}. ", ShellWords.Join(retry), string.Empty);
    }

    /// <summary>
    /// Another execution has come to the stage, so that the failed one cannot be retried. A rollback's plan has looked at what was there
    /// before the redrive: whoever approves it is refused.
    /// </summary>
    private NextStep LeaveStage(FailedStage failed, StageTaker taker, NextPlace there)
    {
        var reason =
            $"The stage {failed.Stage} of the pipeline {failed.Pipeline} cannot be retried: "
            + (taker.IsRollback ? "it is rolled back by the execution " : "it has the newer execution ")
            + $"{taker.Execution} since";
        return (taker.IsRollback, taker.Plan) switch
        {
            (true, { } plan) => new NextStep(
                $"{reason}, whose plan waits and has looked at what was there before the redrive. Reject it; the next execution of the "
                    + "pipeline turns the stage green:",
                ShellWords.Join([program, "reject", plan, .. there.WordsForExecution])
            ),
            (true, null) => new NextStep($"{reason}. The next execution of the pipeline turns it green."),
            _ => new NextStep($"{reason}, and shows how that one ends. Nothing is left to do for this execution."),
        };
    }

    /// <summary>Rehearsed accounts in which somebody does something by hand, with the variables that serving them writes.</summary>
    private NextStep Serve(DeploymentReport report, NextPlace there, string reason, string command, string how) =>
        Named(report) is { } named
            ? new NextStep(
                $"{reason}Serve the rehearsed accounts, and once {Variables} is written run the second command{how}:",
                $"{ShellWords.Join([program, "serve", named.Folder, .. there.Words])} > {Variables} &",
                $". ./{Variables} && {command}"
            )
            : new NextStep($"{reason}Serve the rehearsed accounts, and run there{how}:", command);

    /// <summary>A redrive would be refused: another deployment is what goes on from there.</summary>
    private NextStep Superseded(DeploymentReport report, NewerDeployment newer, NextPlace there) =>
        Again(report, there, $"{After(newer)}: a redrive would end with {nameof(SupersededException)}. See what it changed");

    /// <summary>That a newer deployment came after it, and how that one stands.</summary>
    private static string After(NewerDeployment newer)
    {
        var name = newer.Deployment is { } arn ? $"{new ExecutionArn(arn).Deployment} (number {newer.Number})" : $"number {newer.Number}";
        var status = newer.Status switch
        {
            "SUCCEEDED" => " and has succeeded",
            "RUNNING" => " and still runs",
            null => string.Empty,
            "ABORTED" => " and was stopped",
            _ => " and has failed",
        };
        return $"The newer deployment {name} came after it{status}";
    }

    /// <summary>What a pipeline has deployed, it deploys again: by hand it would be of other files, beside the pipeline.</summary>
    private NextStep Again(DeploymentReport report, NextPlace there, string reason) =>
        there.IsOnAws && report.DeployingPipeline is { } pipeline
            ? new NextStep($"{reason}, then have the pipeline {pipeline} deploy its newest commit:", StartPipeline(report, pipeline, there))
            : About(report, there, $"{reason}, then deploy again", there.Deploy);

    /// <summary>
    /// To turn the group on, or to redrive, would end the same way: somebody has to say how many instances there are to be.
    /// </summary>
    private NextStep SetCapacity(DeploymentReport report, NextPlace there)
    {
        const string Reason = "The group was turned off outside the deployer, and its former number of instances is not recorded. ";
        const string Numbers = "--min-size N --desired-capacity N";
        if (report.RemedySubject is not { } group)
        {
            return new NextStep(
                Reason + "Set its capacity with your own numbers, in the target's account, then redrive:",
                Redrive(report, there)
            );
        }

        var set = $"aws autoscaling update-auto-scaling-group --auto-scaling-group-name {ShellWords.Join([group])} {Numbers}";
        return there.IsOnAws
            ? new NextStep(Reason + "Set its capacity with your own numbers, in the target's account, then redrive:", set)
            : Serve(report, there, Reason, set, " with your own numbers; then end what serves, and redrive");
    }

    /// <summary>A redrive looks for drift again, and accepts none.</summary>
    private NextStep PutBack(DeploymentReport report, NextPlace there)
    {
        var folder = InFolder(report);
        return new NextStep(
            (
                CommandAbout(report, there, ["deploy"]) is not { } deploy ? "A deployment with --accept-drift"
                : folder.Length == 0 ? $"'{deploy} --accept-drift'"
                : $"'{deploy} --accept-drift'{folder},"
            ) + " writes over what was changed by hand. Or put it back, then continue; finished steps are not run again:",
            Redrive(report, there)
        );
    }

    private NextStep RollBack(DeploymentReport report, NextPlace there)
    {
        const string What = NextReasons.Unhealthy;
        var redrive = Redrive(report, there);
        var subject = report.RemedySubject;
        var rollback = CommandAbout(report, there, ["rollback"], "--to", subject ?? "REVISION");
        if (rollback is null)
        {
            return new NextStep($"{What}'deployer rollback' brings back what was deployed before. To look at it again:", redrive);
        }

        return (subject, deployed) switch
        {
            (null, _) => new NextStep(
                $"{What}'{CommandAbout(report, there, ["history"])}' lists the revisions that '{rollback}' brings back{InFolder(report)}. "
                    + "To look at it again:",
                redrive
            ),
            (_, null) => new NextStep(
                $"{What}'{rollback}' brings back what was deployed before{InFolder(report)}. To look at it again:",
                redrive
            ),
            _ => new NextStep($"{What}Bring back what was deployed before; to look at it again instead, '{redrive}':", rollback),
        };
    }

    /// <summary>
    /// The plans of a pipeline are made by the pipeline: what is deployed by hand beside it would be of other files, and supersede them.
    /// </summary>
    private NextStep PlanInPipeline(DeploymentReport report, string before, string pipeline, NextPlace there)
    {
        var reason = before + NextReasons.PlanInPipeline(pipeline);
        return there.IsOnAws
            ? new NextStep(reason + ":", StartPipeline(report, pipeline, there))
            : About(report, there, reason, there.Deploy);
    }

    /// <summary>
    /// The pipeline is in the deployer's region, which the ARN of its executions names;
    /// https://docs.aws.amazon.com/cli/latest/reference/codepipeline/start-pipeline-execution.html
    /// </summary>
    private static string StartPipeline(DeploymentReport report, string pipeline, NextPlace there) =>
        ShellWords.Join([
            "aws",
            "codepipeline",
            "start-pipeline-execution",
            "--name",
            pipeline,
            .. (report.Deployment ?? report.Plan?.Plan) is { } execution
                ? ["--region", new ExecutionArn(execution).Region]
                : Array.Empty<string>(),
            .. there.WordsForExecution,
        ]);

    /// <summary>The same files would fail again. Of an execution that was named, the same command would only look at it again.</summary>
    private NextStep Correct(DeploymentReport report, NextPlace there)
    {
        const string Reason = "A redrive would deploy the same files again. Correct the cause, then ";
        return deployed is not null ? new NextStep(Reason + "run the same command again.")
            : report.DeployingPipeline is { } pipeline && there.IsOnAws
                ? new NextStep($"{Reason}have the pipeline {pipeline} deploy the corrected commit.")
            : About(report, there, Reason + "deploy again", there.Deploy);
    }

    /// <summary>To keep the accounts helps where something is to be done in them.</summary>
    private NextStep AfterFailureInAccountsThatAreGone(DeploymentReport report)
    {
        var there = NextPlace.Kept(NewState);
        var remedy = FunctionServices.Remedies.After(report.Error);
        return remedy switch
        {
            Remedy.Correct => Correct(report, there),
            Remedy.ReleaseBefore => ReleaseBefore(report, there, ", in accounts that are kept", $" with '--state {NewState}'"),
            _ => new NextStep(
                "The rehearsed accounts are gone. To go on "
                    + (remedy is Remedy.Redrive or Remedy.RedriveOrCorrect or Remedy.LookAgain ? "at the task that failed" : "from there")
                    + ", rehearse the same and keep the accounts:",
                ShellWords.Join([program, .. arguments ?? [], "--state", NewState])
            ),
        };
    }

    /// <summary>A redrive, or the same command, would be refused again until the stage before has released the same files.</summary>
    /// <param name="report">The deployment.</param>
    /// <param name="there">Where it was.</param>
    /// <param name="where">Where to release, for the end of a clause.</param>
    /// <param name="how">What is besides at the end of the same command.</param>
    private NextStep ReleaseBefore(DeploymentReport report, NextPlace there, string where = "", string how = "")
    {
        var pipeline = there.IsOnAws ? report.DeployingPipeline : null;
        var again =
            pipeline is not null ? $"have the pipeline {pipeline} deploy it"
            : deployed is not null ? $"run the same command again{how}"
            : "deploy again";
        if (report.TargetToReleaseFirst is not { } first)
        {
            return new NextStep($"A redrive would end the same way. Release the same files in the stage before, then {again}.");
        }

        var reason = $"A redrive would end the same way. Release the same files to {first} first{where}, then {again}";
        // The stage that was named is that of the target that has to wait.
        var earlier = there with
        {
            Words = [.. there.Words.TakeWhile(word => word != "--stage"), .. there.Words.SkipWhile(word => word != "--stage").Skip(2)],
        };
        var other = new NextCommand(program, earlier, deployed is null ? null : deployed with { Target = first, Instance = null });
        return pipeline is not null
            ? new NextStep(reason + ".")
            : other.About(report with { Target = first, Instance = null, Aws = null }, earlier, reason, there.Deploy);
    }

    /// <summary>A rollback is asked for again: a deployment would deploy the files at hand.</summary>
    private NextStep TurnOn(DeploymentReport report, NextPlace there)
    {
        const string Reason = "The compute group is off. Turn it on, then ";
        var pipeline = there.IsOnAws ? report.DeployingPipeline : null;
        return (pipeline, report.RollbackTo) switch
        {
            (not null, _) => About(report, there, $"{Reason}have the pipeline {pipeline} deploy again", "group", "on") with
            {
                Then = StartPipeline(report, pipeline, there),
            },
            (_, { } revision) => About(report, there, Reason + "go back again", "group", "on") with
            {
                Then = CommandAbout(report, there, ["rollback"], "--to", revision),
            },
            _ => About(report, there, Reason + "deploy again", "group", "on") with { Then = CommandAbout(report, there, [there.Deploy]) },
        };
    }

    private static string NoWayOn(DeploymentReport report) => report.Plan is null ? "It needs a plan" : "It cannot go on by this plan";

    private NextStep AfterFailure(DeploymentReport report, NextPlace there)
    {
        var redrive = Redrive(report, there);
        return FunctionServices.Remedies.After(report.Error) switch
        {
            Remedy.Plan when report.PlanningPipeline is { } pipeline => PlanInPipeline(report, $"{NoWayOn(report)}. ", pipeline, there),
            Remedy.Deploy when report is { Error: nameof(SupersededException), PlanningPipeline: { } pipeline } => PlanInPipeline(
                report,
                "It is superseded. ",
                pipeline,
                there
            ),
            Remedy.Correct => Correct(report, there),
            Remedy.ReleaseBefore => ReleaseBefore(report, there),
            Remedy.Deploy => Again(report, there, "A redrive would end the same way: what is done is not done again. See what changed"),
            Remedy.Plan => About(
                report,
                there,
                $"{NoWayOn(report)}. 'deployer deploy' makes one of what there is now, which somebody approves",
                "deploy"
            ),
            Remedy.TurnOn => TurnOn(report, there),
            Remedy.SetCapacity => SetCapacity(report, there),
            Remedy.RevertOrAcceptDrift => PutBack(report, there),
            Remedy.Rollback => RollBack(report, there),
            Remedy.LookAgain => new NextStep(NextReasons.LookAgain, redrive),
            Remedy.RedriveOrCorrect => new NextStep(NextReasons.RedriveOrCorrect, redrive),
            _ => new NextStep(NextReasons.Redrive, redrive),
        };
    }
}
