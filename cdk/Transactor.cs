using System.Text.Json;

namespace Deployer.Cdk;

/// <summary>A Datomic Pro transactor on Fargate.</summary>
/// <param name="Name">Its name, and that of its table; its services are <c>NAME-a</c> and <c>NAME-b</c>.</param>
/// <param name="Stage">The stage in whose account it runs.</param>
/// <param name="Cluster">The name of its ECS cluster.</param>
/// <param name="Vpc">The id of its VPC.</param>
/// <param name="Subnets">Two subnets, in different zones.</param>
/// <param name="Repository">ARN of the ECR repository with its image.</param>
/// <param name="Image">The image by its digest.</param>
internal sealed record Transactor(
    string Name,
    string Stage,
    string Cluster,
    string Vpc,
    IReadOnlyList<string> Subnets,
    string Repository,
    string Image
)
{
    /// <summary>A region of the stage; its first one when left out.</summary>
    public string? Region { get; init; }

    /// <summary><c>pair</c> or <c>single</c>; a pair when left out.</summary>
    public string? Mode { get; init; }

    /// <summary>Further values of the parameters of <c>templates/transactor.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = new Dictionary<string, JsonElement>();
}
