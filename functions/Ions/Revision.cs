using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// The name of what is pushed: the commit, when the build can clone it in full and nothing comes from a local folder (ion-dev then
/// calls the push reproducible), else a uname that nothing else has ever had.
/// </summary>
public static class Revision
{
    private const int CommitLength = 40;
    private const int MillisecondsLength = 13;

    /// <summary>ion-dev's keyword for a commit.</summary>
    public const string Commit = ":rev";

    /// <summary>ion-dev's keyword for a free name.</summary>
    public const string Uname = ":uname";

    /// <summary>Whether the build can clone the commit.</summary>
    public static bool CanBeCloned(StepRun run) =>
        run.Source.Spec.Repository is not null
        && run.Deployment.Revision is { Length: CommitLength } revision
        && revision.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// The key and value that ion-dev is given. A uname begins with the content's digest, is the deployment's and the step's own,
    /// and leaves room for the execution's name, <c>GROUP-UNAME-MILLISECONDS</c>.
    /// </summary>
    public static (string Key, string Name) Resolve(StepRun run) =>
        CanBeCloned(run) && IonFiles.Application(run).Deps.IsReproducible
            ? (Commit, run.Deployment.Revision!)
            : (
                Uname,
                Names.Limit(
                    $"{IonInputs.Content(run)[..12]}-{run.Name}-{run.Deployment.Deployment}",
                    Names.ExecutionLength - MillisecondsLength - run.Text(run.Step<IonsStep>().Group).Length - 2
                )
            );
}
