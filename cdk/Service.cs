using System.Text.Json;

namespace Deployer.Cdk;

/// <summary>A service.</summary>
/// <param name="Name">Its name in deployer.yaml.</param>
/// <param name="Repository">Its repository as the host names it, such as <c>acme/inventory</c>.</param>
/// <param name="Connection">ARN of the connection that reads the repository.</param>
/// <param name="Targets">Where it is deployed to, in the order of its pipeline; three at most.</param>
internal sealed record Service(string Name, string Repository, string Connection, IReadOnlyList<ServiceTarget> Targets)
{
    /// <summary>The branch that the pipeline deploys.</summary>
    public string? Branch { get; init; }

    /// <summary>Further values of the parameters of the role of its builds, <c>templates/service-build.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> BuildParameters { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Further values of the parameters of its pipeline, <c>templates/pipeline.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> PipelineParameters { get; init; } = new Dictionary<string, JsonElement>();
}
