using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>How the work of a step stands.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>
    /// It still runs; <paramref name="What"/> says what, for a wait that reaches its limit, and <paramref name="IsLost"/> that it goes
    /// back and can only fail. <paramref name="WaitsFor"/> is something else than the record's resource whose end an event announces.
    /// </summary>
    public sealed record Running(string What, bool IsLost = false, string? WaitsFor = null) : Outcome
    {
        /// <summary>Why it may take so long, each a line of its own in the cause of a wait that reached its limit.</summary>
        public IReadOnlyList<string> Reasons { get; init; } = [];
    }

    /// <summary>It is done. <paramref name="Action"/> says what it did.</summary>
    public sealed record Succeeded(StepAction Action) : Outcome;

    /// <summary>It failed for good.</summary>
    public sealed record Failed(DeployerException Cause) : Outcome;
}
