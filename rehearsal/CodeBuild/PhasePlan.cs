using Amazon.CodeBuild;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>
/// The phases that follow from what a build's commands did. Unless the specification says otherwise, a failed INSTALL or
/// PRE_BUILD goes straight to FINALIZING, and BUILD goes on to POST_BUILD; artifacts are tried even after a failed BUILD.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html</remarks>
internal static class PhasePlan
{
    /// <summary>The code of a phase of which a command failed.</summary>
    internal const string CommandError = "COMMAND_EXECUTION_ERROR";

    /// <summary>The phases that have commands, in order.</summary>
    internal static IReadOnlyList<BuildPhaseType> CommandPhases { get; } =
    [BuildPhaseType.INSTALL, BuildPhaseType.PRE_BUILD, BuildPhaseType.BUILD, BuildPhaseType.POST_BUILD];

    /// <summary>Why a phase failed.</summary>
    internal static string Reason(Shell.PhaseResult ran) =>
        $"Error while executing command: {ran.Command.TrimEnd()}. Reason: exit status {ran.ExitCode}";

    internal static IReadOnlyList<PlannedPhase> FromOutcome(BuildOutcome outcome, SeededRandom random)
    {
        if (outcome.SourceFault is { } fault)
        {
            return
            [
                new(BuildPhaseType.DOWNLOAD_SOURCE, StatusType.FAILED, Durations.BuildSource.Draw(random), fault.Code, fault.Message),
                Finalizing(random),
            ];
        }

        var plan = new List<PlannedPhase> { new(BuildPhaseType.DOWNLOAD_SOURCE, StatusType.SUCCEEDED, Durations.BuildSource.Draw(random)) };
        foreach (var name in CommandPhases)
        {
            var ran = outcome.Commands!.Phases.SingleOrDefault(phase => phase.Phase.Name == name.Value);
            var duration = ran is null ? TimeSpan.Zero : Durations.BuildCommands.Draw(random);
            if (ran is null or { ExitCode: 0 })
            {
                plan.Add(new(name, StatusType.SUCCEEDED, duration));
                continue;
            }

            if (outcome.Commands.Killed)
            {
                plan.Add(new(name, StatusType.TIMED_OUT, duration, "BUILD_TIMED_OUT", "Build has timed out."));
                return [.. plan, Finalizing(random)];
            }

            plan.Add(new(name, StatusType.FAILED, duration, CommandError, Reason(ran)));
            if (ran.Phase.GoesOnAfterFailure)
            {
                continue;
            }

            if (name == BuildPhaseType.INSTALL || name == BuildPhaseType.PRE_BUILD)
            {
                return [.. plan, Finalizing(random)];
            }

            break;
        }

        return
        [
            .. plan,
            new(BuildPhaseType.UPLOAD_ARTIFACTS, StatusType.SUCCEEDED, Durations.BuildUpload.Draw(random)),
            Finalizing(random),
        ];
    }

    private static PlannedPhase Finalizing(SeededRandom random) =>
        new(BuildPhaseType.FINALIZING, StatusType.SUCCEEDED, Durations.BuildFinalizing.Draw(random));
}
