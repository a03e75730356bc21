using System.Globalization;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>The batches of functions that need an endpoint's variables, by number.</summary>
public sealed record EndpointBatches(IReadOnlyList<int> Batches);

/// <summary>The functions behind the states <c>ResolveEndpoint</c> and <c>InjectEndpoint</c>.</summary>
public sealed class EndpointHandlers(EndpointWork work, StepTask task)
{
    /// <summary>Finds the DNS name and the functions.</summary>
    [LambdaFunction(ResourceName = "ResolveEndpointFunction")]
    public Task<EndpointBatches> ResolveEndpoint(TaskInput input, ILambdaContext context) =>
        task.RunLocked(input, EndpointWork.ResolveTask, work.Resolve);

    /// <summary>Brings the variables of a batch of functions to what they should be.</summary>
    [LambdaFunction(ResourceName = "InjectEndpointFunction")]
    public Task<TaskDone> InjectEndpoint(TaskInput input, ILambdaContext context) =>
        task.RunLocked(
            input,
            string.Create(CultureInfo.InvariantCulture, $"{EndpointWork.InjectTask}{input.Batch}"),
            run => work.Inject(run, input.Batch ?? 0)
        );
}
