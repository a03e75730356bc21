using System.Diagnostics;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;

namespace Deployer.Cli.Places;

/// <summary>An execution whose end was seen in its history.</summary>
internal static class EndedExecution
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How Step Functions describes it. A description may be older than its history: one that still runs, is not known, or has not been
    /// redriven as often, is looked for again.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html: "eventually consistent"
    /// </remarks>
    /// <param name="stepFunctions">The deployer's account.</param>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="redrives">How often it had been redriven then.</param>
    /// <param name="cancellation">Ends looking.</param>
    /// <exception cref="InvalidInputException">It is not described so within a minute: what it came to is not known.</exception>
    public static async Task<DescribeExecutionResponse> Describe(
        IAmazonStepFunctions stepFunctions,
        string execution,
        int redrives,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (
                await Find(stepFunctions, execution, cancellation) is { } described
                && described.Status != ExecutionStatus.RUNNING
                && (described.RedriveCount ?? 0) >= redrives
            )
            {
                return described;
            }

            if (clock.Elapsed >= Patience)
            {
                throw new InvalidInputException(
                    "EndUnknown",
                    $"Step Functions does not describe the end of {execution}, which its history has; 'deployer watch {execution}' shows "
                        + "what it came to"
                );
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private static async Task<DescribeExecutionResponse?> Find(
        IAmazonStepFunctions stepFunctions,
        string execution,
        CancellationToken cancellation
    )
    {
        try
        {
            return await stepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution }, cancellation);
        }
        catch (ExecutionDoesNotExistException)
        {
            return null;
        }
    }
}
