using System.Text.Json.Nodes;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>The example rehearsed with faults, and redriven without them.</summary>
public abstract class FailedRehearsal(params string[] faults) : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();

    public CommandResult Failed { get; private set; } = null!;

    public CommandResult Redriven { get; private set; } = null!;

    /// <summary>
    /// The cause of the failed execution, as its history has it; where a function has thrown it, the message of Lambda's document.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-exceptions.html</remarks>
    public string? ExecutionCause { get; private set; }

    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Failed = await CommandLine.Rehearse([
            .. faults.SelectMany(fault => new[] { "--fault", fault }),
            "--seed",
            "1",
            "--state",
            _state.Path,
        ]);
        Redriven = await CommandLine.InProcess("redrive", Failed.Report.Deployment!, "--state", _state.Path);
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        Secrets = await accounts.Secrets();
        ExecutionCause = (await accounts.History(Failed.Report.Deployment!))
            .Select(happened => happened.ExecutionFailedEventDetails?.Cause)
            .OfType<string>()
            .Select(cause => cause.StartsWith('{') ? JsonNode.Parse(cause)!["errorMessage"]!.GetValue<string>() : cause)
            .First();
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }
}
