using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>What the deployer of a stage may do in a target's account for one service.</summary>
/// <param name="folder">The service's folder, as the command line names it.</param>
/// <param name="service">The service and its target.</param>
/// <param name="stage">The stage.</param>
/// <param name="toolsAccount">The account of the deployer; <see langword="null"/> where the command line does not say it.</param>
internal sealed class ServiceStack(string folder, ServiceAtTarget service, string stage, string? toolsAccount)
    : ProductStack(NameOf(service.Spec.Service, stage), stage)
{
    private const string System = "System";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["service", folder, "--target", service.Target.Name, "--stage", Stage];

    /// <summary>The stack's name for a service and a stage.</summary>
    public static string NameOf(string service, string stage) => $"deployer-{service}-{stage}";

    /// <inheritdoc/>
    public override string Consequence(Stack present) =>
        $"The deployer of stage {Stage} may do nothing for {service.Spec.Service} here any more; what runs stays.";

    /// <inheritdoc/>
    public override void CheckAccount(AwsAccess access)
    {
        var target = service.Target;
        if (target.Account != access.Account || target.Region != access.Region)
        {
            throw new InvalidInputException(
                "WrongAccount",
                $"target '{target.Name}' is account {target.Account}, {target.Region}, and the credentials are of account "
                    + $"{access.Account}, {access.Region}; expected --profile and --region of the target's"
            );
        }
    }

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
            ("Service", service.Spec.Service),
            (TargetStack.ToolsAccount, toolsAccount),
            (System, service.Target.Values.GetValueOrDefault("system")),
            ("SystemStacks", service.Spec.Steps.Any(step => step.DeploysSystem) ? "yes" : "no"),
            ("Drift", service.Target.Drift is null ? "no" : "yes")
        );
        Require(
            present,
            parameters,
            TargetStack.ToolsAccount,
            "a new stack needs the account of the deployer: --tools-account 222222222222"
        );
        Require(
            present,
            parameters,
            System,
            $"target '{service.Target.Name}' has no value 'system'; expected --parameter System=NAME, the Datomic system"
        );
        return new StackOrder(
            Name,
            await ProductTemplates.Read(access, "service-access.yaml", progress, cancellation),
            parameters,
            [NamedRoles]
        );
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<NextStep>> Next(
        string program,
        AwsAccess access,
        Stack installed,
        StackInstallation installation
    )
    {
        var account = Parameter(installed, TargetStack.ToolsAccount)!;
        var profile = AccountProfiles.Words(account, access);
        // The deployer's region is a parameter of the way into this account, which was made before.
        var region = Parameter(await installation.Find(TargetStack.NameOf(Stage)), TargetStack.ToolsRegion);
        var hasIons = service.Spec.Steps.Any(step => step.DeploysIons);
        return
        [
            .. hasIons
                ?
                [
                    new NextStep(
                        $"Give its builds their role, {AccountProfiles.Reason(account, profile)}:",
                        ShellWords.Join([
                            program,
                            "bootstrap",
                            "build",
                            folder,
                            "--target",
                            service.Target.Name,
                            .. profile,
                            .. region is null ? Array.Empty<string>() : ["--region", region],
                            "--stage",
                            Stage,
                        ])
                    ),
                ]
                : Array.Empty<NextStep>(),
            new NextStep(
                $"See what a first deployment would change, {AccountProfiles.Reason(account, profile)}:",
                ShellWords.Join([
                    program,
                    "plan",
                    folder,
                    "--target",
                    service.Target.Name,
                    .. profile,
                    .. region is null ? Array.Empty<string>() : ["--region", region],
                    "--stage",
                    Stage,
                ])
            ),
        ];
    }
}
