namespace Deployer.Cdk;

/// <summary>Where a service is deployed to.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="System">The Datomic system there.</param>
internal sealed record ServiceTarget(string Stage, string System)
{
    /// <summary>A region of the stage; its first one when left out.</summary>
    public string? Region { get; init; }

    /// <summary>The CodeDeploy application, where it is not called as the service.</summary>
    public string? Application { get; init; }

    /// <summary>Names of the functions that take the endpoint, with a * at the end.</summary>
    public string? ConsumerFunctions { get; init; }
}
