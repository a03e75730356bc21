using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>The ARN of an execution of one of the deployer's machines.</summary>
/// <param name="Value">The ARN as Step Functions writes it.</param>
[JsonConverter(typeof(ExecutionArnConverter))]
public sealed record ExecutionArn(string Value)
{
    /// <summary>The deployment that it executes: its name, the last part of the ARN.</summary>
    public DeploymentId Deployment => new(Value[(Value.LastIndexOf(':') + 1)..]);

    /// <summary>Its region; empty when the text is no ARN, as may be in an event.</summary>
    public string Region => Part(3);

    /// <summary>The name of its state machine; empty when the text is no ARN.</summary>
    public string Machine => Part(6);

    /// <summary>The execution's page in the console of Step Functions.</summary>
    public string ConsoleLink => $"https://{Region}.console.aws.amazon.com/states/home?region={Region}#/v2/executions/details/{Value}";

    /// <inheritdoc/>
    public override string ToString() => Value;

    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html:
    // arn:PARTITION:states:REGION:ACCOUNT:execution:MACHINE:NAME
    private string Part(int index) => Value.Split(':') is { Length: > 7 } parts ? parts[index] : string.Empty;
}

/// <summary>Writes an <see cref="ExecutionArn"/> as its text.</summary>
public sealed class ExecutionArnConverter : TextConverter<ExecutionArn>
{
    /// <inheritdoc/>
    protected override ExecutionArn Parse(string text) => new(text);

    /// <inheritdoc/>
    protected override string Format(ExecutionArn value) => value.Value;
}
