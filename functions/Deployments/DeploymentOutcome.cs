using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Deployments;

/// <summary>What came of a deployment that did not fail.</summary>
[JsonConverter(typeof(DeploymentOutcomeConverter))]
public enum DeploymentOutcome
{
    /// <summary>What was asked for runs.</summary>
    Succeeded,

    /// <summary>What was asked for ran already; nothing was changed.</summary>
    NothingToDo,
}

/// <summary>The texts of <see cref="DeploymentOutcome"/> in outputs of executions, variables of pipelines and reports.</summary>
public static class DeploymentOutcomes
{
    /// <summary>The outcome as documents have it, such as <c>nothing-to-do</c>.</summary>
    public static string Text(this DeploymentOutcome outcome) => outcome == DeploymentOutcome.NothingToDo ? "nothing-to-do" : "succeeded";
}

/// <summary>Writes a <see cref="DeploymentOutcome"/> as its text.</summary>
public sealed class DeploymentOutcomeConverter : EnumConverter<DeploymentOutcome>
{
    /// <inheritdoc/>
    protected override string What => "outcome of a deployment";

    /// <inheritdoc/>
    protected override string Format(DeploymentOutcome value) => value.Text();
}
