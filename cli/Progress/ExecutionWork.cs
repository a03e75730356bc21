using System.Text.Json;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Progress;

/// <summary>What an execution of the deployer does, in words.</summary>
internal static class ExecutionWork
{
    /// <summary>What it does, such as <c>rolling back</c>.</summary>
    /// <param name="machine">The name of its state machine.</param>
    /// <param name="input">Its input, as it was started with; <see langword="null"/> when it is not known.</param>
    public static string Words(string machine, string? input) =>
        machine.EndsWith("-plan", StringComparison.Ordinal) ? "planning"
        : Request(input) is { } request
            ? request switch
            {
                ParsedRequest.RollBack => "rolling back",
                ParsedRequest.ChangeCapacity { Change: CapacityChange.Off } => "turning groups off",
                ParsedRequest.ChangeCapacity => "turning groups on",
                ParsedRequest.RemoveInstance => "removing the development instance",
                _ => "deploying",
            }
        : "running";

    private static ParsedRequest? Request(string? input)
    {
        try
        {
            return input is null ? null : JsonSerializer.Deserialize<DeploymentRequest>(input, JsonSerializerOptions.Web)?.Parse();
        }
        catch (Exception exception) when (exception is JsonException or SpecInvalidException)
        {
            // The execution refuses it, and says why.
            return null;
        }
    }
}
