using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// What the role of builds needs: the one that all services share, as <c>template.yaml</c> grants it, or that of the service, as
/// <c>templates/service-build.yaml</c> does. A service without ions needs none of its own.
/// </summary>
public sealed class IonBuildPermissions(Settings settings) : IPermissionNeeds
{
    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var service = run.Source.Spec.Service;
        var own = settings.BuildRole(service);
        if (own is not null && !run.Source.Spec.Steps.OfType<IonsStep>().Any())
        {
            return [];
        }

        var (role, source) = own is null
            ? ($"deployer-{settings.Stage}-build", PermissionSource.Deployer)
            : (own[(own.LastIndexOf('/') + 1)..], PermissionSource.Build);
        var log = $"arn:aws:logs:{settings.Region}:{run.ToolsAccount}:log-group:/aws/codebuild/deployer-{settings.Stage}:log-stream:check";
        List<NeededPermission> needs =
        [
            Need("logs:CreateLogStream", log),
            Need("logs:PutLogEvents", log),
            Need("s3:GetObject", $"arn:aws:s3:::{settings.Bucket}/sources/{service}/check"),
            Need("s3:GetObjectVersion", $"arn:aws:s3:::{settings.Bucket}/sources/{service}/check"),
            Need("s3:GetBucketAcl", $"arn:aws:s3:::{settings.Bucket}"),
            Need("s3:GetBucketLocation", $"arn:aws:s3:::{settings.Bucket}"),
            Need("s3:PutObject", $"arn:aws:s3:::{settings.Bucket}/answers/{service}/check"),
            Need("sts:AssumeRole", settings.IonsRole(run.Target.Account)) with
            {
                Context = new Dictionary<string, string> { ["aws:ResourceAccount"] = run.Target.Account },
            },
        ];
        if (run.Source.Spec.Repository is { Connection: { } connection } repository)
        {
            needs.Add(Need("codeconnections:GetConnection", connection));
            needs.Add(Need("codeconnections:GetConnectionToken", connection));
            needs.Add(
                Need("codeconnections:UseConnection", connection) with
                {
                    Context = new Dictionary<string, string>
                    {
                        ["codeconnections:FullRepositoryId"] = repository.FullId,
                        ["codeconnections:ProviderPermissionsRequired"] = "read_only",
                    },
                }
            );
        }

        return needs;

        NeededPermission Need(string action, string resource) => new(run.ToolsAccount, role, action, resource, source);
    }
}
