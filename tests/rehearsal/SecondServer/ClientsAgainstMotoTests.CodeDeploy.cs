using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;

namespace Deployer.Rehearsal.Tests.SecondServer;

/// <summary>CodeDeploy's applications, groups and deployments.</summary>
public sealed partial class ClientsAgainstMotoTests
{
    [Fact]
    public Task Deployments() =>
        Compare(async steps =>
        {
            using var deploy = new AmazonCodeDeployClient(steps.Credentials, steps.Configure(new AmazonCodeDeployConfig()));
            await Role(steps, "deploying", "codedeploy");
            await steps.Note(
                "create application",
                () =>
                    deploy.CreateApplicationAsync(
                        new CreateApplicationRequest { ApplicationName = "datomic", ComputePlatform = ComputePlatform.Server }
                    ),
                answer => Guid.TryParse(answer.ApplicationId, out _)
            );
            await steps.Note(
                "create application again",
                () =>
                    deploy.CreateApplicationAsync(
                        new CreateApplicationRequest { ApplicationName = "datomic", ComputePlatform = ComputePlatform.Server }
                    ),
                _ => "created"
            );
            await steps.Note(
                "get application",
                () => deploy.GetApplicationAsync(new GetApplicationRequest { ApplicationName = "datomic" }),
                answer =>
                    $"{answer.Application.ApplicationName} {answer.Application.ComputePlatform} "
                    + $"{answer.Application.CreateTime > DateTime.UnixEpoch}"
            );
            await steps.Note(
                "get no application",
                () => deploy.GetApplicationAsync(new GetApplicationRequest { ApplicationName = "nowhere" }),
                _ => "got"
            );
            await steps.Note(
                "list applications",
                () => deploy.ListApplicationsAsync(new ListApplicationsRequest()),
                answer => string.Join(", ", answer.Applications)
            );

            var group = new CreateDeploymentGroupRequest
            {
                ApplicationName = "datomic",
                DeploymentGroupName = "inventory-dev",
                ServiceRoleArn = $"arn:aws:iam::{ServerSteps.Account}:role/deploying",
                AutoRollbackConfiguration = new AutoRollbackConfiguration { Enabled = true, Events = ["DEPLOYMENT_FAILURE"] },
            };
            await steps.Note(
                "create group",
                () => deploy.CreateDeploymentGroupAsync(group),
                answer => Guid.TryParse(answer.DeploymentGroupId, out _)
            );
            await steps.Note("create group again", () => deploy.CreateDeploymentGroupAsync(group), _ => "created");
            await steps.Note(
                "get group",
                () =>
                    deploy.GetDeploymentGroupAsync(
                        new GetDeploymentGroupRequest { ApplicationName = "datomic", DeploymentGroupName = "inventory-dev" }
                    ),
                answer =>
                    $"{answer.DeploymentGroupInfo.ApplicationName} {answer.DeploymentGroupInfo.DeploymentGroupName} "
                    + $"{answer.DeploymentGroupInfo.DeploymentConfigName} {answer.DeploymentGroupInfo.ServiceRoleArn} "
                    + $"{answer.DeploymentGroupInfo.ComputePlatform} {answer.DeploymentGroupInfo.AutoRollbackConfiguration.Enabled} "
                    + $"{string.Join(", ", answer.DeploymentGroupInfo.AutoRollbackConfiguration.Events)} "
                    + $"{answer.DeploymentGroupInfo.AutoScalingGroups?.Count ?? 0}"
            );
            await steps.Note(
                "get no group",
                () =>
                    deploy.GetDeploymentGroupAsync(
                        new GetDeploymentGroupRequest { ApplicationName = "datomic", DeploymentGroupName = "nowhere" }
                    ),
                _ => "got"
            );
            await steps.Note(
                "get group of no application",
                () =>
                    deploy.GetDeploymentGroupAsync(
                        new GetDeploymentGroupRequest { ApplicationName = "nowhere", DeploymentGroupName = "inventory-dev" }
                    ),
                _ => "got"
            );
            await steps.Note(
                "list groups",
                () => deploy.ListDeploymentGroupsAsync(new ListDeploymentGroupsRequest { ApplicationName = "datomic" }),
                answer => $"{answer.ApplicationName} {string.Join(", ", answer.DeploymentGroups)}"
            );

            var deployment = (
                await steps.Note(
                    "deploy",
                    () =>
                        deploy.CreateDeploymentAsync(
                            new CreateDeploymentRequest
                            {
                                ApplicationName = "datomic",
                                DeploymentGroupName = "inventory-dev",
                                Description = "größer",
                                Revision = new RevisionLocation
                                {
                                    RevisionType = RevisionLocationType.S3,
                                    S3Location = new S3Location
                                    {
                                        Bucket = "code",
                                        Key = "datomic/apps/inventory/stable/1.zip",
                                        BundleType = BundleType.Zip,
                                    },
                                },
                            }
                        ),
                    answer => answer.DeploymentId is { Length: > 0 }
                )
            )!.DeploymentId;
            await steps.Note(
                "id of the deployment",
                () => Task.FromResult(deployment),
                id => id.StartsWith("d-", StringComparison.Ordinal)
            );
            await steps.Note(
                "get deployment",
                () => deploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = deployment }),
                answer =>
                    $"{answer.DeploymentInfo.DeploymentId == deployment} {answer.DeploymentInfo.ApplicationName} "
                    + $"{answer.DeploymentInfo.DeploymentGroupName} {answer.DeploymentInfo.DeploymentConfigName} "
                    + $"{answer.DeploymentInfo.Description} "
                    + $"{answer.DeploymentInfo.Creator} {answer.DeploymentInfo.ComputePlatform} "
                    + $"{answer.DeploymentInfo.Revision.RevisionType} {answer.DeploymentInfo.Revision.S3Location.Bucket}/"
                    + $"{answer.DeploymentInfo.Revision.S3Location.Key} {answer.DeploymentInfo.Revision.S3Location.BundleType}"
            );
            await steps.Note(
                "batch of deployments",
                () => deploy.BatchGetDeploymentsAsync(new BatchGetDeploymentsRequest { DeploymentIds = [deployment] }),
                answer => string.Join(", ", answer.DeploymentsInfo.Select(found => found.DeploymentId == deployment))
            );
            await steps.Note(
                "list deployments",
                () =>
                    deploy.ListDeploymentsAsync(
                        new ListDeploymentsRequest { ApplicationName = "datomic", DeploymentGroupName = "inventory-dev" }
                    ),
                answer => string.Join(", ", answer.Deployments.Select(id => id == deployment))
            );
            await steps.Note(
                "get no deployment",
                () => deploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = "d-000000000" }),
                _ => "got"
            );
            await steps.Note(
                "deploy to no group",
                () =>
                    deploy.CreateDeploymentAsync(
                        new CreateDeploymentRequest { ApplicationName = "datomic", DeploymentGroupName = "nowhere" }
                    ),
                _ => "deployed"
            );
        });
}
