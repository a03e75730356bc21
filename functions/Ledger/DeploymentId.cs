using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>The id of a deployment, or of a plan: the name of its execution.</summary>
/// <param name="Value">The id as it is written in records and messages.</param>
[JsonConverter(typeof(DeploymentIdConverter))]
public sealed record DeploymentId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Writes a <see cref="DeploymentId"/> as its text.</summary>
public sealed class DeploymentIdConverter : TextConverter<DeploymentId>
{
    /// <inheritdoc/>
    protected override DeploymentId Parse(string text) => new(text);

    /// <inheritdoc/>
    protected override string Format(DeploymentId value) => value.Value;
}
