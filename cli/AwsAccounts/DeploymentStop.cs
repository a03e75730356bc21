using System.Diagnostics;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.AwsAccounts;

/// <summary>
/// Stops a deployment, and waits until nothing waits for it any more: the lock is free, and its end was reported to a pipeline.
/// </summary>
/// <param name="access">The deployer's account.</param>
/// <param name="tools">Clients of it.</param>
/// <param name="stage">The deployer's stage.</param>
/// <param name="progress">Where progress is shown.</param>
internal sealed class DeploymentStop(AwsAccess access, AccountClients tools, string stage, IProgressView progress)
{
    /// <summary>Longer than the sweep's interval, which frees the lock when the event of the end is lost.</summary>
    private static readonly TimeSpan TimeToSettle = TimeSpan.FromMinutes(6);

    /// <summary>CodePipeline calls an invoke action's function again within a minute or so.</summary>
    private static readonly TimeSpan TimeToReport = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Whether the execution was stopped, whatever is waited for then.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Stops an execution that runs.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="reason">Why, for whoever reads it later.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <exception cref="InvalidInputException">It has ended already.</exception>
    public async Task Stop(string execution, string? reason, CancellationToken cancellation)
    {
        var before = await tools.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = execution },
            cancellation
        );
        if (before.Status != Amazon.StepFunctions.ExecutionStatus.RUNNING)
        {
            throw new InvalidInputException(
                "ExecutionEnded",
                $"the execution has ended already, as {before.Status}; 'deployer watch' shows what it came to"
            );
        }

        cancellation.ThrowIfCancellationRequested();
        // Not to be interrupted: whether it was stopped would not be known.
        await tools.StepFunctions.StopExecutionAsync(
            new StopExecutionRequest
            {
                ExecutionArn = execution,
                Error = "DeploymentStopped",
                Cause = $"stopped by {access.Asker("stop")}{(reason is null ? string.Empty : $": {reason}")}",
            },
            CancellationToken.None
        );
        HasStopped = true;
        progress.Report(new ProgressEvent.WorkEnded("stopped; what CloudFormation, CodeDeploy and builds do goes on to its end"));
        progress.Report(new ProgressEvent.WorkBegan("waiting until the lock is free"));
        var settled = await new AwsReports(tools, stage, tools.Deployer(stage).Settings()).Settled(
            new ExecutionArn(execution),
            before.RedriveCount ?? 0,
            TimeToSettle,
            cancellation
        );
        progress.Report(new ProgressEvent.WorkEnded(settled ? "the lock is free" : "the lock is not free yet"));
        await WaitForPipelines(execution, before.Input, cancellation);
    }

    /// <summary>
    /// The pipeline that asked, as its action's parameters say; where they say nothing, the names that templates/pipeline.yaml gives.
    /// </summary>
    internal static IReadOnlyList<string> Pipelines(DeploymentRequest request) =>
        request.Pipeline is { Length: > 0 } named
            ? [named]
            : [$"{request.Service}-pipeline", $"{request.Service}-pipeline-{request.Target}", $"{request.Service}-{request.Target}"];

    /// <summary>Waits until the action of a pipeline that stands for the execution has failed; says when that cannot be seen.</summary>
    private async Task WaitForPipelines(string execution, string input, CancellationToken cancellation)
    {
        if (DeploymentRequest.FromJson(input) is not { } request || AwsAccess.IsOfCommandLine(request.By))
        {
            return;
        }

        var clock = Stopwatch.StartNew();
        using var pipelines = access.Connection.Open(
            (credentials, config) => new AmazonCodePipelineClient(credentials, config),
            new AmazonCodePipelineConfig()
        );
        var names = Pipelines(request);
        while (true)
        {
            var actions = new List<ActionExecutionDetail>();
            foreach (var name in names)
            {
                actions.AddRange(await Actions(pipelines, name, execution, cancellation));
            }

            if (actions.Count == 0)
            {
                progress.Report(
                    new ProgressEvent.WorkEnded(
                        $"no pipeline named {string.Join(" or ", names)} waits for it; the deployer reports the end to any other"
                    )
                );
                return;
            }

            if (actions.TrueForAll(action => action.Status != ActionExecutionStatus.InProgress))
            {
                progress.Report(new ProgressEvent.WorkEnded("the end was reported to the pipeline"));
                return;
            }

            if (clock.Elapsed > TimeToReport)
            {
                progress.Report(new ProgressEvent.WorkEnded("the pipeline has not asked yet; the end is reported when it does"));
                return;
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private static async Task<IEnumerable<ActionExecutionDetail>> Actions(
        AmazonCodePipelineClient pipelines,
        string name,
        string execution,
        CancellationToken cancellation
    )
    {
        try
        {
            var page = await pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = name }, cancellation);
            return (page.ActionExecutionDetails ?? []).Where(action => action.Output?.ExecutionResult?.ExternalExecutionId == execution);
        }
        catch (PipelineNotFoundException)
        {
            return [];
        }
    }
}
