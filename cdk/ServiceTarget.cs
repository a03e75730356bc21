using System.Text.Json;

namespace Deployer.Cdk;

/// <summary>Where a service is deployed to.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="System">The Datomic system there.</param>
internal sealed record ServiceTarget(string Stage, string System)
{
    /// <summary>The target's name in deployer.yaml; that of the stage when left out, else one that begins with it and a dash.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a person approves each deployment of the pipeline, as its target in deployer.yaml asks.</summary>
    public bool Approval { get; init; }

    /// <summary>A region of the stage; its first one when left out.</summary>
    public string? Region { get; init; }

    /// <summary>The CodeDeploy application, where it is not called as the service.</summary>
    public string? Application { get; init; }

    /// <summary>Names of the functions that take the endpoint, with a * at the end.</summary>
    public string? ConsumerFunctions { get; init; }

    /// <summary>Further values of the parameters of what the deployer may touch, <c>templates/service-access.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> AccessParameters { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The target's name in deployer.yaml.</summary>
    internal string Target => Name ?? Stage;
}
