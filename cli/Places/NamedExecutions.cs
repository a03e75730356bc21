using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>Executions that a person names.</summary>
internal sealed class NamedExecutions(AccountClients tools)
{
    /// <summary>The development instance that an execution was started for; <see langword="null"/> for none.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <exception cref="InvalidInputException">That is no ARN of an execution.</exception>
    public async Task<string?> InstanceOf(string execution)
    {
        DescribeExecutionResponse described;
        try
        {
            described = await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
        }
        catch (ExecutionDoesNotExistException)
        {
            // The redrive says so.
            return null;
        }
        catch (AmazonStepFunctionsException exception) when (IsOfTheExecution(exception))
        {
            throw new InvalidInputException(exception.ErrorCode, exception.Message);
        }

        return DeploymentRequest.FromJson(described.Input)?.Instance;
    }

    /// <summary>Whether an execution has not closed.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public async Task<bool> IsRunning(string execution)
    {
        try
        {
            var described = await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
            return described.Status == ExecutionStatus.RUNNING;
        }
        catch (AmazonStepFunctionsException exception) when (IsOfTheExecution(exception))
        {
            throw new InvalidInputException(exception.ErrorCode, exception.Message);
        }
    }

    /// <summary>Runs a failed execution on from the task that failed.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <exception cref="InvalidInputException">There is none, or it cannot be redriven.</exception>
    public async Task Redrive(string execution)
    {
        try
        {
            await tools.StepFunctions.RedriveExecutionAsync(new RedriveExecutionRequest { ExecutionArn = execution });
        }
        catch (AmazonStepFunctionsException exception) when (IsOfTheExecution(exception))
        {
            throw new InvalidInputException(exception.ErrorCode, exception.Message);
        }
    }

    /// <summary>
    /// Whether something is wrong with the execution that a person named, and not with the service or the program.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html#API_DescribeExecution_Errors and
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html#API_RedriveExecution_Errors
    /// </remarks>
    private static bool IsOfTheExecution(AmazonStepFunctionsException exception) =>
        exception
            is ExecutionDoesNotExistException
                or ExecutionNotRedrivableException
                or ExecutionLimitExceededException
                or InvalidArnException
                or ValidationException;
}
