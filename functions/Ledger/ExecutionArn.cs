using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>The ARN of an execution of one of the deployer's machines.</summary>
/// <param name="Value">The ARN as Step Functions writes it.</param>
[JsonConverter(typeof(ExecutionArnConverter))]
public sealed record ExecutionArn(string Value)
{
    /// <summary>The deployment that it executes: its name, the last part of the ARN.</summary>
    public DeploymentId Deployment => new(Value[(Value.LastIndexOf(':') + 1)..]);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Writes an <see cref="ExecutionArn"/> as its text.</summary>
public sealed class ExecutionArnConverter : TextConverter<ExecutionArn>
{
    /// <inheritdoc/>
    protected override ExecutionArn Parse(string text) => new(text);

    /// <inheritdoc/>
    protected override string Format(ExecutionArn value) => value.Value;
}
