using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// A build as a deployment has it, up to ion-dev: it clones the repository, installs the Clojure CLI, fetches ion-dev and its dependencies
/// and assumes the role that pushes, and then prints the description of the CLI (<c>clojure -Sdescribe</c>) instead of pushing.
/// </summary>
public sealed class IonBuildCheck(IonBuilds builds, Settings settings) : IWaitingCheck
{
    private const int Minutes = 60;

    /// <inheritdoc/>
    public string Name => "build";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <summary>The project's time-outs, queue included (<c>template.yaml</c>), end it before.</summary>
    public int Patience => 55 * Minutes;

    /// <inheritdoc/>
    public async Task<string?> Begin(CheckRun run) =>
        run.Source.Spec.Steps.OfType<IonsStep>().FirstOrDefault() is { } step ? await builds.StartCheck(run, step, Token(run)) : null;

    /// <inheritdoc/>
    public async Task<CheckResult?> ReadBegun(CheckRun run, string begun, bool isGivenUp) =>
        await builds.ReadCheck(run.Source.Spec.Service, begun, Token(run)) switch
        {
            { Unfinished: { } phase } when !isGivenUp => null,
            { Unfinished: { } phase } => CheckResult.Problem(
                Name,
                $"build {begun} is still in phase {phase}",
                "look at its log in the console of CodeBuild"
            ),
            { Failure: { } failure, Phase: var phase } => CheckResult.Problem(Name, failure, Remedy(phase, run)),
            { Answer: var answer } => CheckResult.Ok(
                Name,
                $"build {begun} printed the description of the Clojure CLI {Version(answer!)}, fetched ion-dev and assumed the ions role"
            ),
        };

    private static string Token(CheckRun run) => Names.Limit($"check-{run.Id}", 100);

    private string Remedy(string? phase, CheckRun run) =>
        phase switch
        {
            "DOWNLOAD_SOURCE" => "check the repository's address in deployer.yaml, and its connection",
            "INSTALL" => "check the deployer's parameters BuildImage, ClojureVersion and ClojureSha256, and that builds reach github.com",
            "PRE_BUILD" => "check that the folder is in the repository, that builds reach Maven's repositories, and the parameter GitKey",
            "BUILD" => $"update the ions role of the target's account: deployer bootstrap target --stage {settings.Stage} --tools-account "
                + run.ToolsAccount,
            _ => "look at its log in the console of CodeBuild",
        };

    /// <summary>The version in the description, an EDN map: https://clojure.org/reference/clojure_cli (<c>-Sdescribe</c>).</summary>
    private static string Version(string description)
    {
        const string Key = ":version \"";
        var start = description.IndexOf(Key, StringComparison.Ordinal);
        return start < 0 ? "of no known version" : description[(start + Key.Length)..].Split('"')[0];
    }
}
