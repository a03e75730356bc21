using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Checks;

/// <summary>The function behind <c>deployer doctor</c>.</summary>
public sealed class CheckHandlers(Checklist checklist)
{
    /// <summary>Runs the checks, or looks again at those that take their time.</summary>
    [LambdaFunction(ResourceName = "CheckFunction")]
    public Task<CheckAnswer> Check(CheckInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(null),
            () => checklist.Run(input!, new CheckRequest(context.AwsRequestId, context.OwnAccount()!)),
            answer => $"checked: {answer.Results.Count}, waiting for {answer.Begun.Waiting.Count}"
        );
}
