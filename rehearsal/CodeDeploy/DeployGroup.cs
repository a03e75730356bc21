namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>A deployment group. Stored under "account/region/application/name".</summary>
public sealed record DeployGroup
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The group's name.</summary>
    public required string Name { get; init; }

    /// <summary>The role that CodeDeploy uses.</summary>
    public required string ServiceRole { get; init; }

    /// <summary>The Auto Scaling groups that it deploys to.</summary>
    public IReadOnlyList<string> ScalingGroups { get; init; } = [];

    /// <summary>Such as <c>CodeDeployDefault.OneAtATime</c>, the only one that is simulated.</summary>
    public string ConfigName { get; init; } = "CodeDeployDefault.OneAtATime";

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Its ARN.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Arn => $"arn:aws:codedeploy:{Region}:{Account}:deploymentgroup:{Application}/{Name}";

    /// <summary>Whether failed deployments are rolled back: enabled, with the event DEPLOYMENT_FAILURE.</summary>
    public bool RollsBackFailures { get; init; }

    /// <summary>The last deployment that succeeded.</summary>
    public LastDeployment? LastSuccessful { get; init; }

    /// <summary>The last deployment that ended in any way.</summary>
    public LastDeployment? LastAttempted { get; init; }

    /// <summary>What new instances get: the revision of the last deployment that succeeded.</summary>
    public Bundle? TargetRevision { get; init; }

    /// <summary>The deployment that runs now, unless it serves new instances only.</summary>
    public string? Active { get; init; }
}

/// <summary>How a deployment of a group ended last.</summary>
public sealed record LastDeployment(string DeploymentId, string Status, DateTimeOffset Created, DateTimeOffset Ended);
