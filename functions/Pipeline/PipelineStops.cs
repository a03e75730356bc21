using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Pipeline;

/// <summary>
/// Ends the wait of deployments whose pipeline's execution was stopped: whoever stops it does not want its deployment to begin hours later,
/// once another one has freed the lock. One that has the lock already goes on to its end: half of a deployment is worse than either.
/// </summary>
public sealed class PipelineStops(LedgerTable ledger, TargetLock targetLock, Executions executions)
{
    /// <summary>The source of a pipeline's events.</summary>
    private const string Source = "aws.codepipeline";

    /// <summary>Whether an event is one of a pipeline that was stopped.</summary>
    public static bool Concerns(SettledEvent input) => Read(input) is not null;

    /// <summary>Ends the wait of the deployments that the stopped execution of the pipeline has asked for.</summary>
    /// <param name="input">The event.</param>
    /// <returns>The deployments whose wait was ended.</returns>
    /// <exception cref="NotYetException">
    /// One has neither the lock nor a place in the line yet. Lambda hands the event on again after one and after two more minutes,
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html.
    /// </exception>
    public async Task<IReadOnlyList<DeploymentId>> EndWaits(SettledEvent input)
    {
        var ended = new List<DeploymentId>();
        if (Read(input) is not { } stopped)
        {
            return ended;
        }

        var early = new List<DeploymentId>();
        foreach (var open in await ledger.Query(OpenDeployment.All))
        {
            if (
                await ledger.Read(DeploymentRecord.Key(open.Deployment)) is not { Closed: false } deployment
                || (deployment.Pipeline, deployment.PipelineExecution) != (stopped.Pipeline, stopped.Execution)
            )
            {
                continue;
            }

            var cause =
                $"the execution {stopped.Execution} of the pipeline {stopped.Pipeline} was stopped while the deployment waited for another "
                + $"one of {deployment.Service} to {deployment.Target}; nothing was changed";
            if (await targetLock.LeaveLine(deployment, nameof(PipelineStoppedException), cause))
            {
                ended.Add(open.Deployment);
            }
            else if (!await targetLock.IsOwnedBy(deployment) && !(await executions.Standing(open.Execution)).HasEnded())
            {
                early.Add(open.Deployment);
            }
        }

        return early.Count == 0
            ? ended
            : throw new NotYetException(
                $"the pipeline {stopped.Pipeline} was stopped, and the deployment {string.Join(", ", early)} begins only now"
            );
    }

    private static PipelineStateDetail? Read(SettledEvent input) =>
        input.Source == Source
        && EventSource.Detail(input.Detail, PipelineStopDocuments.Default.PipelineStateDetail)
            is { Pipeline: not null, Execution: not null, State: "STOPPING" or "STOPPED" } stopped
            ? stopped
            : null;
}

/// <summary>The detail of "CodePipeline Pipeline Execution State Change", as far as it is read.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html; an execution that is stopped is
/// first stopping, a very short time where its actions are abandoned
/// (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html).
/// </remarks>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Execution">The execution's id.</param>
/// <param name="State">Its state, in capital letters.</param>
internal sealed record PipelineStateDetail(
    [property: JsonPropertyName("pipeline")] string? Pipeline,
    [property: JsonPropertyName("execution-id")] string? Execution,
    [property: JsonPropertyName("state")] string? State
);

/// <summary>How the detail is read.</summary>
[JsonSerializable(typeof(PipelineStateDetail))]
internal sealed partial class PipelineStopDocuments : JsonSerializerContext;
