using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>The records of this folder as CodeDeploy's API shows them.</summary>
internal static class CodeDeployShapes
{
    internal static DeploymentInfo Info(this Deployment deployment, DeployGroup? group) =>
        new()
        {
            ApplicationName = deployment.Application,
            DeploymentGroupName = deployment.Group,
            DeploymentConfigName = group?.ConfigName,
            DeploymentId = deployment.Id,
            PreviousRevision = deployment.Previous?.Location(),
            Revision = deployment.Revision.Location(),
            Status = deployment.Status,
            ErrorInformation = deployment.ErrorCode is null
                ? null
                : new ErrorInformation { Code = deployment.ErrorCode, Message = deployment.ErrorMessage },
            CreateTime = deployment.Created.UtcDateTime,
            StartTime = deployment.Started?.UtcDateTime,
            CompleteTime = deployment.Completed?.UtcDateTime,
            DeploymentOverview = new DeploymentOverview
            {
                Pending = deployment.Count("Pending"),
                InProgress = deployment.Count("InProgress"),
                Succeeded = deployment.Count("Succeeded"),
                Failed = deployment.Count("Failed"),
                Skipped = deployment.Count("Skipped"),
                Ready = 0,
            },
            Description = deployment.Description,
            Creator = deployment.Creator,
            IgnoreApplicationStopFailures = false,
            AutoRollbackConfiguration = group?.RollsBack(),
            UpdateOutdatedInstancesOnly = false,
            RollbackInfo = deployment is { RolledBackBy: null, RollsBack: null, RollbackMessage: null }
                ? null
                : new RollbackInfo
                {
                    RollbackDeploymentId = deployment.RolledBackBy,
                    RollbackTriggeringDeploymentId = deployment.RollsBack,
                    RollbackMessage = deployment.RollbackMessage,
                },
            DeploymentStyle = InPlace(),
            InstanceTerminationWaitTimeStarted = false,
            FileExistsBehavior = FileExistsBehavior.DISALLOW,
            ComputePlatform = ComputePlatform.Server,
        };

    internal static DeploymentTarget Shape(this Target target, Deployment deployment) =>
        new()
        {
            DeploymentTargetType = DeploymentTargetType.InstanceTarget,
            InstanceTarget = new InstanceTarget
            {
                DeploymentId = deployment.Id,
                TargetId = target.InstanceId,
                TargetArn = $"arn:aws:ec2:{deployment.Region}:{deployment.Account}:instance/{target.InstanceId}",
                Status = target.Status,
                LastUpdatedAt = target.Updated.UtcDateTime,
                LifecycleEvents = [.. target.Events.Select(Shape)],
            },
        };

    internal static DeploymentGroupInfo Info(this DeployGroup group) =>
        new()
        {
            ApplicationName = group.Application,
            DeploymentGroupId = group.Id,
            DeploymentGroupName = group.Name,
            DeploymentConfigName = group.ConfigName,
            AutoScalingGroups =
            [
                .. group.ScalingGroups.Select(name => new AutoScalingGroup
                {
                    Name = name,
                    Hook = $"CodeDeploy-managed-automatic-launch-deployment-hook-{group.Name}-{group.Id}",
                }),
            ],
            ServiceRoleArn = group.ServiceRole,
            TargetRevision = group.TargetRevision?.Location(),
            AutoRollbackConfiguration = group.RollsBack(),
            DeploymentStyle = InPlace(),
            LastSuccessfulDeployment = group.LastSuccessful?.Shape(),
            LastAttemptedDeployment = group.LastAttempted?.Shape(),
            ComputePlatform = ComputePlatform.Server,
        };

    internal static GenericRevisionInfo Info(this RegisteredRevision revision, IEnumerable<DeployGroup> groups) =>
        new()
        {
            Description = revision.Description,
            DeploymentGroups = [.. groups.Where(group => group.TargetRevision == revision.Bundle).Select(group => group.Name)],
            FirstUsedTime = revision.FirstUsed?.UtcDateTime,
            LastUsedTime = revision.LastUsed?.UtcDateTime,
            RegisterTime = revision.Registered.UtcDateTime,
        };

    internal static RevisionLocation Location(this Bundle bundle) =>
        new()
        {
            RevisionType = RevisionLocationType.S3,
            S3Location = new S3Location
            {
                Bucket = bundle.Bucket,
                Key = bundle.Key,
                BundleType = bundle.BundleType,
            },
        };

    private static long Count(this Deployment deployment, string status) => deployment.Targets.Count(target => target.Status == status);

    private static LifecycleEvent Shape(TargetEvent happened) =>
        new()
        {
            LifecycleEventName = happened.Name,
            Status = happened.Status,
            StartTime = happened.Started?.UtcDateTime,
            EndTime = happened.Ended?.UtcDateTime,
            Diagnostics = happened is { Diagnostics: { } diagnostics, Status: "Failed" }
                ? new Diagnostics
                {
                    ErrorCode = diagnostics.ErrorCode,
                    ScriptName = diagnostics.ScriptName,
                    Message = diagnostics.Message,
                    LogTail = diagnostics.LogTail,
                }
                : null,
        };

    private static LastDeploymentInfo Shape(this LastDeployment last) =>
        new()
        {
            DeploymentId = last.DeploymentId,
            Status = last.Status,
            CreateTime = last.Created.UtcDateTime,
            EndTime = last.Ended.UtcDateTime,
        };

    private static AutoRollbackConfiguration RollsBack(this DeployGroup group) =>
        new() { Enabled = group.RollsBackFailures, Events = group.RollsBackFailures ? ["DEPLOYMENT_FAILURE"] : null };

    private static DeploymentStyle InPlace() =>
        new() { DeploymentType = DeploymentType.IN_PLACE, DeploymentOption = DeploymentOption.WITHOUT_TRAFFIC_CONTROL };
}
