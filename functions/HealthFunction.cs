using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

namespace Deployer.Functions;

/// <summary>Tells that the executable starts and answers.</summary>
public sealed class HealthFunction
{
    /// <summary>Answers with what it was asked.</summary>
    [LambdaFunction]
    public Task<Health> CheckHealth(Health input, ILambdaContext context)
    {
        context.Logger.LogInformation("healthy");
        return Task.FromResult(input);
    }
}
