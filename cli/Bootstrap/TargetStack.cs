using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>What the deployer of a stage finds in an account that it deploys to: its roles, and the way of events.</summary>
/// <param name="stage">The stage.</param>
/// <param name="toolsAccount">The account of the deployer; <see langword="null"/> where the command line does not say it.</param>
/// <param name="toolsRegion">The region of the deployer; <see langword="null"/> where the command line does not say it.</param>
internal sealed class TargetStack(string stage, string? toolsAccount, string? toolsRegion) : ProductStack(NameOf(stage), stage)
{
    /// <summary>The parameter with the account of the deployer.</summary>
    public const string ToolsAccount = "ToolsAccount";

    /// <summary>The parameter with the region of the deployer.</summary>
    public const string ToolsRegion = "ToolsRegion";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["target", "--stage", Stage];

    /// <inheritdoc/>
    public override string Consequence =>
        $"The deployer of stage {Stage} finds no way into this account any more; what it has deployed runs on.";

    /// <summary>The stack's name for a stage.</summary>
    public static string NameOf(string stage) => $"deployer-target-{stage}";

    /// <inheritdoc/>
    public override async Task<StackOrder> Order(
        AwsAccess access,
        Stack? present,
        IReadOnlyDictionary<string, string> given,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var parameters = Parameters(
            given,
            (ToolsAccount, toolsAccount),
            (ToolsRegion, toolsRegion ?? (present is null ? access.Region : null))
        );
        Require(present, parameters, ToolsAccount, "a new stack needs the account of the deployer: --tools-account 222222222222");
        return new StackOrder(Name, await ProductTemplates.Read(access, "target.yaml", progress, cancellation), parameters, [NamedRoles]);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<NextStep>> Next(string program, AwsAccess access, Stack installed, StackInstallation installation) =>
        Task.FromResult<IReadOnlyList<NextStep>>([
            new NextStep(
                "Grant each service what it needs here; in the service's folder:",
                ShellWords.Join([
                    program,
                    "bootstrap",
                    "service",
                    ".",
                    "--target",
                    Stage,
                    "--tools-account",
                    Parameter(installed, ToolsAccount)!,
                    .. access.Settings.Words,
                ])
            ),
        ]);
}
