using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>The role of a service's builds, in the account and region of the deployer.</summary>
/// <param name="folder">The service's folder, as the command line names it.</param>
/// <param name="service">The service and its target.</param>
/// <param name="stage">The stage.</param>
internal sealed class BuildStack(string folder, ServiceAtTarget service, string stage)
    : ProductStack($"deployer-{service.Spec.Service}-{stage}-build", stage)
{
    private const string Targets = "Targets";
    private const string Connection = "Connection";
    private const string Repository = "Repository";

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length</summary>
    private const int LongestName = 64;

    /// <summary>What the deployer's project has, and the builds' role has to be able to read.</summary>
    private static readonly string[] OfDeployer = ["GitKey", "GitSecret"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["build", folder, "--target", service.Target.Name, "--stage", Stage];

    /// <inheritdoc/>
    public override string Consequence(Stack present) =>
        $"The deployer of stage {Stage} can build no ions of {service.Spec.Service} any more; what runs stays.";

    /// <inheritdoc/>
    public override async Task<StackOrder> Order(
        AwsAccess access,
        Stack? present,
        IReadOnlyDictionary<string, string> given,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var role = $"deployer-{Stage}-build-{service.Spec.Service}";
        if (role.Length > LongestName)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"the role of the builds would be called {role}, and a name of IAM has at most {LongestName} characters; "
                    + "expected a shorter name of the service"
            );
        }

        using var installation = new StackInstallation(access);
        var deployer =
            await installation.Find($"deployer-{Stage}")
            ?? throw new InvalidInputException(
                "WrongAccount",
                $"account {access.Account} has no stack deployer-{Stage} in {access.Region}; "
                    + $"expected --profile and --region of the deployer of stage {Stage}"
            );
        // Another target of the service and stage keeps its account.
        string[] accounts = [.. Listed(Parameter(present, Targets)), service.Target.Account];
        var repository = service.Spec.Repository;
        var parameters = Parameters(
            given,
            [
                ("Service", service.Spec.Service),
                (Targets, string.Join(',', accounts.Distinct(StringComparer.Ordinal))),
                (Connection, repository?.Connection ?? string.Empty),
                (Repository, repository?.FullId ?? string.Empty),
                .. OfDeployer.Select(name => (name, Parameter(deployer, name))),
            ]
        );
        return new StackOrder(
            Name,
            await ProductTemplates.Read(access, "service-build.yaml", progress, cancellation),
            parameters,
            [NamedRoles]
        );
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<NextStep>> Next(string program, AwsAccess access, Stack installed, StackInstallation installation) =>
        Task.FromResult<IReadOnlyList<NextStep>>([
            new NextStep(
                "See what a first deployment would change:",
                ShellWords.Join([program, "plan", folder, "--target", service.Target.Name, .. access.Settings.Words, "--stage", Stage])
            ),
        ]);

    private static string[] Listed(string? accounts) =>
        (accounts ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
