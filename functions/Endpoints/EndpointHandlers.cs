using System.Globalization;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Logs;
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
        Run(input, EndpointWork.ResolveTask, work.Resolve, found => $"batches: {found.Batches.Count}", context);

    /// <summary>Brings the variables of a batch of functions to what they should be.</summary>
    [LambdaFunction(ResourceName = "InjectEndpointFunction")]
    public Task<TaskDone> InjectEndpoint(TaskInput input, ILambdaContext context) =>
        Run(
            input,
            string.Create(CultureInfo.InvariantCulture, $"{EndpointWork.InjectTask}{input.Batch}"),
            run => work.Inject(run, input.Batch ?? 0),
            done => $"injected: {done.Outcome}",
            context
        );

    private Task<T> Run<T>(TaskInput input, string name, Func<StepRun, Task<T>> inject, Func<T, string> ended, ILambdaContext context)
    {
        var scope = input.LogScope(name);
        return context.Logged(
            scope,
            () =>
                task.RunLocked(
                    input,
                    name,
                    run =>
                    {
                        scope.Account = run.Target.Account;
                        return inject(run);
                    }
                ),
            ended
        );
    }
}
