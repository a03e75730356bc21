using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;

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

    /// <summary>
    /// Whether an execution is another try of what a pipeline's action had started before, since its stage was retried: by the inputs of
    /// both.
    /// </summary>
    /// <param name="first">The input of the first one.</param>
    /// <param name="again">The input of the other one.</param>
    public static bool IsTriedAgain(string? first, string? again) =>
        DeploymentRequest.FromJson(first) is { } before
        && DeploymentRequest.FromJson(again) is { } after
        && (before.PipelineExecution is not null || before.By == PipelineHandlers.By)
        && (before.Service, before.Target, before.Instance, before.Revision, before.By, before.Pipeline, before.PipelineExecution)
            == (after.Service, after.Target, after.Instance, after.Revision, after.By, after.Pipeline, after.PipelineExecution);

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
