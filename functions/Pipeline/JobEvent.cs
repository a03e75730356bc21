using System.Text.Json.Serialization;

namespace Deployer.Functions.Pipeline;

/// <summary>
/// The event of a CodePipeline invoke action (user guide, "AWS Lambda invoke action"). It holds credentials: it is never logged.
/// Whoever may invoke the function can send anything, so that each part may be missing.
/// </summary>
public sealed record JobEvent([property: JsonPropertyName("CodePipeline.job")] Job? Job);

/// <summary>One job: one call of the function. Its id changes with each continuation.</summary>
public sealed record Job(string? Id, string? AccountId, JobData? Data);

/// <summary>The data of a job.</summary>
public sealed record JobData(
    JobActionConfiguration? ActionConfiguration,
    IReadOnlyList<JobArtifact?>? InputArtifacts = null,
    JobCredentials? ArtifactCredentials = null,
    string? ContinuationToken = null,
    IReadOnlyList<JobArtifact?>? OutputArtifacts = null
);

/// <summary>The action's configuration.</summary>
public sealed record JobActionConfiguration(JobConfiguration? Configuration);

/// <summary>The function's name and the parameters that the pipeline gives it.</summary>
public sealed record JobConfiguration(
    [property: JsonPropertyName("FunctionName")] string? FunctionName,
    [property: JsonPropertyName("UserParameters")] string? UserParameters = null
);

/// <summary>An artifact in S3.</summary>
public sealed record JobArtifact(string? Name, JobArtifactLocation? Location, string? Revision = null);

/// <summary>Where an artifact is.</summary>
public sealed record JobArtifactLocation(string? Type, JobS3Location? S3Location = null);

/// <summary>Bucket and key.</summary>
public sealed record JobS3Location(string? BucketName, string? ObjectKey);

/// <summary>Credentials that reach the pipeline's artifacts.</summary>
public sealed record JobCredentials(string? AccessKeyId, string? SecretAccessKey, string? SessionToken)
{
    /// <summary>Nothing of it: a record's text would hold the secrets.</summary>
    public override string ToString() => nameof(JobCredentials);
}
