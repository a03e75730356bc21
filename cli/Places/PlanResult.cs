using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;

namespace Deployer.Cli.Places;

/// <summary>What an execution of the machine <c>plan</c> found.</summary>
internal static class PlanResult
{
    /// <summary>Reads the plan of an execution that has closed.</summary>
    /// <exception cref="InvalidInputException">The request or the service's files are wrong.</exception>
    /// <exception cref="DeploymentFailedException">There is no plan for another reason.</exception>
    public static async Task<ServicePlan> Read(AccountClients tools, string execution)
    {
        var ended = await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
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
