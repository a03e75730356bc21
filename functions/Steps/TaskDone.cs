using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>The answer of a task that hands nothing on.</summary>
/// <param name="Outcome">How its work stands.</param>
public sealed record TaskDone(TaskOutcome Outcome);

/// <summary>How the work of a task stands when its function ends.</summary>
[JsonConverter(typeof(TaskOutcomeConverter))]
public enum TaskOutcome
{
    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It still runs; the token is answered when it has ended.</summary>
    Running,

    /// <summary>It has not begun: another deployment holds the lock, and the token is answered once this one does.</summary>
    Waiting,

    /// <summary>It failed before, and the token has been answered so.</summary>
    Failed,
}

/// <summary>Writes a <see cref="TaskOutcome"/> as its text.</summary>
public sealed class TaskOutcomeConverter : EnumConverter<TaskOutcome>
{
    /// <inheritdoc/>
    protected override string What => "outcome of a task";

    /// <inheritdoc/>
    protected override string Format(TaskOutcome value) => value.ToString().ToLowerInvariant();
}
