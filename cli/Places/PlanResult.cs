using System.Text.Json;
using Amazon.StepFunctions;
using Deployer.Cli.Output;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;

namespace Deployer.Cli.Places;

/// <summary>What an execution of the machine <c>plan</c> found.</summary>
internal static class PlanResult
{
    /// <summary>Reads the plan of an execution that has closed.</summary>
    /// <param name="tools">The deployer's account.</param>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="cancellation">Ends looking for its end.</param>
    /// <exception cref="InvalidInputException">The request or the service's files are wrong.</exception>
    /// <exception cref="DeploymentFailedException">There is no plan for another reason.</exception>
    public static async Task<ServicePlan> Read(AccountClients tools, string execution, CancellationToken cancellation = default)
    {
        var ended = await EndedExecution.Describe(tools.StepFunctions, execution, redrives: 0, cancellation);
        if (ended.Status != ExecutionStatus.SUCCEEDED)
        {
            var (error, cause) = (ended.Error ?? ended.Status.Value, Executions.Sentence(ended.Cause) ?? "no cause is recorded");
            throw error == nameof(SpecInvalidException)
                ? new InvalidInputException(error, cause)
                : new DeploymentFailedException(error, cause);
        }

        var end = JsonSerializer.Deserialize<PlanEnd>(ended.Output, JsonSerializerOptions.Web)!;
        using var document = await tools.S3.GetObjectAsync(end.Document.Bucket, end.Document.Key);
        var plan = (await JsonSerializer.DeserializeAsync<ServicePlan>(document.ResponseStream, JsonSerializerOptions.Web))!;
        return plan with { Plan = execution, Digest = end.Digest };
    }
}
