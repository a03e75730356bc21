using System.Text.Json;

namespace Deployer.Cdk;

/// <summary>A stage: an instance of the deployer in the tools account, and the account that it deploys to.</summary>
/// <param name="Name">The stage, as targets in deployer.yaml are called.</param>
/// <param name="Account">The id of the target account.</param>
/// <param name="Regions">The regions that are deployed to; the first one has the roles, which are global to the account.</param>
internal sealed record Stage(string Name, string Account, IReadOnlyList<string> Regions)
{
    /// <summary>The stage whose revisions this one promotes; <see langword="null"/> for a first stage.</summary>
    public string? PromotesFrom { get; init; }

    /// <summary>ARN of the SNS topic that alarms go to.</summary>
    public string? AlarmTopic { get; init; }

    /// <summary>Further values of the parameters of the deployer, <c>template.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> DeployerParameters { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Further values of the parameters of the way into the account, <c>templates/target.yaml</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> TargetParameters { get; init; } = new Dictionary<string, JsonElement>();
}
