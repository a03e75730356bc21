using System.Globalization;
using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Lambda.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>The batches of functions that need an endpoint's variables, by number.</summary>
public sealed record EndpointBatches(IReadOnlyList<int> Batches);

/// <summary>The functions behind the states <c>ResolveEndpoint</c> and <c>InjectEndpoint</c>.</summary>
public sealed class EndpointHandlers(EndpointWork work, StepRuns runs, TargetLock targetLock, Failures failures)
{
    /// <summary>Finds the DNS name and the functions.</summary>
    [LambdaFunction(ResourceName = "ResolveEndpointFunction")]
    public Task<EndpointBatches> ResolveEndpoint(TaskInput input, ILambdaContext context) => Run(input, EndpointWork.ResolveTask, work.Resolve);

    /// <summary>Brings the variables of a batch of functions to what they should be.</summary>
    [LambdaFunction(ResourceName = "InjectEndpointFunction")]
    public Task<TaskDone> InjectEndpoint(TaskInput input, ILambdaContext context) =>
        Run(input, string.Create(CultureInfo.InvariantCulture, $"inject-{input.Batch}"), run => work.Inject(run, input.Batch ?? 0));

    private async Task<T> Run<T>(TaskInput input, string task, Func<StepRun, Task<T>> act)
    {
        using var run = await failures.Recorded(input.Deployment, () => runs.Enter(input, task));
        try
        {
            await targetLock.Ensure(run.Deployment);
            var answer = await act(run);
            return answer;
        }
        catch (DeployerException exception) when (!exception.IsTransient)
        {
            await failures.Record(run, exception);
            throw;
        }
    }
}
