using Deployer.Functions.Errors;

namespace Deployer.Functions.Endpoints;

/// <summary>What helps after each failure of an endpoint step.</summary>
internal static class EndpointErrors
{
    /// <summary>Each error with its remedy.</summary>
    public static IReadOnlyList<ErrorRemedy> Remedies { get; } =
    [
        // Once its owner has accepted it.
        new(nameof(EndpointUnavailableException), Remedy.Redrive),
        new(nameof(EndpointNotInjectedException), Remedy.RedriveOrCorrect),
    ];
}

/// <summary>The endpoint cannot become available as it stands.</summary>
public sealed class EndpointUnavailableException(string message) : DeployerException(message);

/// <summary>Functions could not be given the endpoint's variables.</summary>
public sealed class EndpointNotInjectedException(string message) : DeployerException(message);
