using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Services;

/// <summary>The function behind the state <c>DeployService</c>.</summary>
public sealed class ServiceHandlers(ServiceWork work, WaitingTask waiting)
{
    /// <summary>Has ECS deploy a new revision of a task definition and waits until it runs.</summary>
    [LambdaFunction(ResourceName = "DeployServiceFunction")]
    public Task<TaskDone> DeployService(TaskInput input, ILambdaContext context) => waiting.Enter(work, input, context);
}
