using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary>What to do next: a reason, and a command to copy where there is one that works.</summary>
internal sealed record NextStep(string Reason, string? Command = null);

/// <summary>A service, a target and a development instance, as the command line names them.</summary>
internal sealed record DeployedService(string Folder, string Target, string? Instance)
{
    /// <summary>The words of a command line.</summary>
    public IReadOnlyList<string> Arguments =>
        Instance is null ? [Folder, "--target", Target] : [Folder, "--target", Target, "--instance", Instance];
}

/// <summary>Finds the command to go on with after a deployment.</summary>
/// <param name="program">How this program is called.</param>
/// <param name="state">Where the accounts are kept, as it was given; <see langword="null"/> when they are gone.</param>
/// <param name="deployed">What was deployed; <see langword="null"/> when only an execution was named.</param>
internal sealed class NextCommand(string program, string? state, DeployedService? deployed)
{
    /// <summary>Errors for which a redrive, which takes the same source again, would end the same way.</summary>
    private static readonly string[] NeedsCorrection =
    [
        "DatomicRuleException",
        "DependencyConflictsException",
        "ExportInUseException",
        "IonsPreflightException",
        "RevisionDiffersException",
        "RevisionNotPromotedException",
        "RevisionTakenException",
        "SpecInvalidException",
        "SupersededException",
    ];

    /// <summary>The next step after a deployment that succeeded or failed.</summary>
    public NextStep After(RehearsalReport report) =>
        (report.Verdict, state) switch
        {
            (Verdicts.Failed, null) => new NextStep(
                "The rehearsed accounts are gone. To redrive a failed execution, rehearse again with --state DIR, which keeps them."
            ),
            (Verdicts.Failed, _) when report.Deployment is null => new NextStep(
                "No execution was started. Correct the cause, then run the same command again."
            ),
            (Verdicts.Failed, _) when NeedsCorrection.Contains(report.Error) => new NextStep(
                "A redrive would deploy the same files again. Correct the cause, then run the same command again."
            ),
            (Verdicts.Failed, { } directory) => new NextStep(
                "Continue at the task that failed; finished steps are not run again:",
                ShellWords.Join([program, "redrive", report.Deployment!, "--state", directory])
            ),
            (_, null) => new NextStep("See what can be made to fail in a rehearsal, with --fault:", ShellWords.Join([program, "faults"])),
            (_, { } directory) when deployed is not null => new NextStep(
                "See what another deployment would change:",
                ShellWords.Join([program, "plan", .. deployed.Arguments, "--state", directory])
            ),
            _ => new NextStep("Nothing is left to do for this execution."),
        };
}
