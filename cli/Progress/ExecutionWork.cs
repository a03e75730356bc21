using Deployer.Functions.Accounts;
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
        DeployerStage.IsPlanMachine(machine) ? "planning"
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
            return DeploymentRequest.FromJson(input)?.Parse();
        }
        catch (SpecInvalidException)
        {
            // The execution refuses it, and says why.
            return null;
        }
    }
}
