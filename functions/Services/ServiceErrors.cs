using Deployer.Functions.Errors;

namespace Deployer.Functions.Services;

/// <summary>What helps after each failure of a service step.</summary>
internal static class ServiceErrors
{
    /// <summary>Each error with its remedy.</summary>
    public static IReadOnlyList<ErrorRemedy> Remedies { get; } =
    [
        new(nameof(ServiceRefusedException), Remedy.Correct),
        // Once the image has been pushed.
        new(nameof(ImageMissingException), Remedy.RedriveOrCorrect),
        new(nameof(ServiceDeploymentFailedException), Remedy.RedriveOrCorrect),
        new(nameof(ServiceRolledBackException), Remedy.RedriveOrCorrect),
    ];
}

/// <summary>An ECS service cannot be deployed as it stands: it is missing or deleted, or another controller deploys it.</summary>
public sealed class ServiceRefusedException(string message) : DeployerException(message);

/// <summary>There is no such image, or its tag cannot be resolved to a digest; nothing was changed.</summary>
public sealed class ImageMissingException(string message) : DeployerException(message);

/// <summary>The tasks of an ECS service's new deployment did not come to serve; the message says why, and what runs now.</summary>
public sealed class ServiceDeploymentFailedException(string message) : DeployerException(message);

/// <summary>ECS went back to the revision before; the message says why, and what runs now.</summary>
public sealed class ServiceRolledBackException(string message) : DeployerException(message);
