using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Starts builds that run ion-dev.</summary>
internal sealed class IonBuildStart(IAws aws, Settings settings)
{
    /// <summary>The variable by which a build is found again.</summary>
    public const string TokenVariable = "DEPLOYER_TOKEN";

    private const int FullClone = 0;

    /// <summary>Starts a build, or finds the one that was started under its token within five minutes.</summary>
    /// <param name="order">What is built.</param>
    /// <returns>The build's id.</returns>
    /// <exception cref="IonsPreflightException">
    /// The builds of the service have no role, or their source is nowhere that CodeBuild clones from.
    /// </exception>
    public async Task<string> Begin(IonBuildOrder order)
    {
        var repository = order.Clones ? order.Source.Spec.Repository! : null;
        var service = order.Source.Spec.Service;
        var role = settings.BuildRole(service);
        var request = new StartBuildRequest
        {
            ProjectName = settings.BuildProject,
            ServiceRoleOverride = role,
            IdempotencyToken = order.Token,
            SourceTypeOverride = repository is null ? SourceType.S3 : Host(repository.Url),
            SourceLocationOverride = repository?.Url ?? $"{settings.Bucket}/{Sources.Key(service, order.Source.Digest)}",
            SourceVersion = repository is null ? null : order.Revision,
            SourceAuthOverride = repository?.Connection is { } connection
                ? new SourceAuth { Type = SourceAuthType.CODECONNECTIONS, Resource = connection }
                : null,
            GitCloneDepthOverride = repository is null ? null : FullClone,
            ArtifactsOverride = new ProjectArtifacts
            {
                Type = ArtifactsType.S3,
                Location = settings.Bucket,
                Path = Answers(service),
                Name = order.Token,
                NamespaceType = ArtifactNamespace.NONE,
                Packaging = ArtifactPackaging.NONE,
                OverrideArtifactName = false,
            },
            EnvironmentVariablesOverride =
            [
                Variable(TokenVariable, order.Token),
                Variable("DEPLOYER_OPERATION", order.Operation.Text()),
                Variable("DEPLOYER_ARGUMENT", order.Argument),
                Variable(
                    "DEPLOYER_ION_DEV",
                    order.Step.IonDev ?? IonFiles.Application(order.Source, order.Step).Deps.IonDevVersion ?? IonDevReleases.Default
                ),
                Variable("DEPLOYER_FOLDER", order.Step.Folder.ToString()),
                Variable("DEPLOYER_ROLE", settings.IonsRole(order.Target.Account)),
                Variable("DEPLOYER_SESSION", order.Session),
                Variable("DEPLOYER_TARGET_REGION", order.Target.Region),
            ],
        };
        try
        {
            return (await aws.CodeBuild.StartBuildAsync(request)).Build.Id;
        }
        catch (InvalidInputException exception) when (role is not null && exception.Message.Contains(role, StringComparison.Ordinal))
        {
            throw new IonsPreflightException(
                $"builds of {service} have no role {role[(role.LastIndexOf('/') + 1)..]}: {exception.Message}; "
                    + $"make it: deployer bootstrap build SERVICE --target {order.Target.Declared} --stage {settings.Stage}"
            );
        }
    }

    /// <summary>Where the answers of a service's builds lie; their role writes there and nowhere else.</summary>
    public static string Answers(string service) => $"answers/{service}";

    private static SourceType Host(string url) => GitHost.TypeOf(url) ?? throw new IonsPreflightException(GitHost.Refusal(url));

    private static EnvironmentVariable Variable(string name, string value) =>
        new()
        {
            Name = name,
            Value = value,
            Type = EnvironmentVariableType.PLAINTEXT,
        };
}

/// <summary>What a build does.</summary>
/// <param name="Token">The token under which it is asked for once.</param>
/// <param name="Session">The name of its session in the target's account.</param>
/// <param name="Source">The service.</param>
/// <param name="Step">The step whose folder is built.</param>
/// <param name="Target">The target.</param>
/// <param name="Operation">ion-dev's operation.</param>
/// <param name="Argument">The EDN map that ion-dev is given.</param>
/// <param name="Clones">Whether it clones the commit; else it gets the source as it was handed in.</param>
/// <param name="Revision">The commit; <see langword="null"/> for the main branch.</param>
internal sealed record IonBuildOrder(
    string Token,
    string Session,
    ServiceSource Source,
    IonsStep Step,
    TargetSpec Target,
    IonDevOperation Operation,
    string Argument,
    bool Clones,
    string? Revision
);
