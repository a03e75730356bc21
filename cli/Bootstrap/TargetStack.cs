using Amazon.CloudFormation.Model;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
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

    /// <summary>The parameter that says whether the stack makes the roles, whose names are global to the account.</summary>
    private const string Roles = "Roles";

    private const string NoRoles = "No";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["target", "--stage", Stage];

    /// <inheritdoc/>
    public override string Consequence(Stack present) =>
        Parameter(present, Roles) == NoRoles
            ? $"The deployer of stage {Stage} no longer receives events from this region; its roles, which another region has, stay."
            : $"The deployer of stage {Stage} can no longer enter this account, in any region; what it has deployed keeps running.";

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
        var isFurther = present is null && !given.ContainsKey(Roles) && await HasRoles(access, cancellation);
        var parameters = Parameters(
            given,
            (ToolsAccount, toolsAccount),
            (ToolsRegion, toolsRegion ?? (present is null && !isFurther ? access.Region : null)),
            (Roles, isFurther ? NoRoles : null)
        );
        Require(present, parameters, ToolsAccount, "a new stack needs the account of the deployer: --tools-account 222222222222");
        Require(
            present,
            parameters,
            ToolsRegion,
            $"account {access.Account} has the roles of stage {Stage} from another region, and the stack of a further region needs the "
                + "region of the deployer: --tools-region us-east-1"
        );
        return new StackOrder(Name, await ProductTemplates.Read(access, "target.yaml", progress, cancellation), parameters, [NamedRoles]);
    }

    /// <summary>Whether the stack of another region has made the roles: their names are global to an account.</summary>
    private async Task<bool> HasRoles(AwsAccess access, CancellationToken cancellation)
    {
        using var iam = access.Connection.Open(
            (credentials, config) => new AmazonIdentityManagementServiceClient(credentials, config),
            new AmazonIdentityManagementServiceConfig()
        );
        try
        {
            var role = new ListAttachedRolePoliciesRequest { RoleName = $"deployer-{Stage}-target" };
            await iam.ListAttachedRolePoliciesAsync(role, cancellation);
            return true;
        }
        catch (NoSuchEntityException)
        {
            return false;
        }
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
