using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;

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
/// <param name="arguments">The words that followed the program's name.</param>
internal sealed class NextCommand(string program, string? state, DeployedService? deployed, IReadOnlyList<string> arguments)
{
    /// <summary>A folder for accounts that are to be kept, as README and help name it.</summary>
    private const string NewState = "accounts";

    /// <summary>The next step after a deployment that succeeded or failed.</summary>
    public NextStep After(RehearsalReport report) =>
        (report.Verdict, state) switch
        {
            (Verdicts.Failed, null) => new NextStep(
                "The rehearsed accounts are gone. To go on at the task that failed, rehearse the same and keep the accounts:",
                ShellWords.Join([program, .. arguments, "--state", NewState])
            ),
            (Verdicts.Failed, _) when report.Deployment is null => new NextStep(
                "No execution was started. Correct the cause, then run the same command again."
            ),
            (Verdicts.Failed, { } directory) => AfterFailure(report, directory),
            (_, null) => new NextStep("See what can be made to fail in a rehearsal, with --fault:", ShellWords.Join([program, "faults"])),
            (_, { } directory) when deployed is not null => new NextStep(
                "See what another deployment would change:",
                ShellWords.Join([program, "plan", .. deployed.Arguments, "--state", directory])
            ),
            _ => new NextStep("Nothing is left to do for this execution."),
        };

    private NextStep AfterFailure(RehearsalReport report, string directory)
    {
        var redrive = ShellWords.Join([program, "redrive", report.Deployment!, "--state", directory]);
        return Remedies.After(report.Error) switch
        {
            Remedy.Correct => new NextStep(
                "A redrive would deploy the same files again. Correct the cause, then run the same command again."
            ),
            Remedy.Deploy => new NextStep(
                "A redrive would end the same way: what is done is not done again. See what changed, then deploy again"
                    + (deployed is null ? "." : ":"),
                deployed is null ? null : ShellWords.Join([program, "rehearse", .. deployed.Arguments, "--state", directory])
            ),
            Remedy.TurnOn => new NextStep(
                "The compute group is off. Turn it on, then deploy again" + (deployed is null ? "." : ":"),
                deployed is null ? null : ShellWords.Join([program, "group", "on", .. deployed.Arguments, "--state", directory])
            ),
            Remedy.RedriveOrCorrect => new NextStep(
                "If the cause is in the service's files, correct them and deploy again. Otherwise continue at the task that failed; "
                    + "finished steps are not run again:",
                redrive
            ),
            _ => new NextStep("Continue at the task that failed; finished steps are not run again:", redrive),
        };
    }
}
