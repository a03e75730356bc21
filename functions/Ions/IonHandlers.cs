using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The functions behind the states <c>PushIons</c> and <c>DeployIons</c>.</summary>
public sealed class IonHandlers(PushWork push, DeployWork deploy, WaitingTask waiting)
{
    /// <summary>Has ion-dev push the revision.</summary>
    [LambdaFunction(ResourceName = "PushIonsFunction")]
    public Task<TaskDone> PushIons(TaskInput input, ILambdaContext context) => waiting.Enter(push, input, context);

    /// <summary>Has ion-dev deploy the revision and waits until it is live.</summary>
    [LambdaFunction(ResourceName = "DeployIonsFunction")]
    public Task<TaskDone> DeployIons(TaskInput input, ILambdaContext context) => waiting.Enter(deploy, input, context);
}
