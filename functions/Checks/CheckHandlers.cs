using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Errors;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Checks;

/// <summary>The function behind <c>deployer doctor</c>.</summary>
public sealed class CheckHandlers(Checklist checklist)
{
    private const int AccountOfArn = 4;

    /// <summary>Runs the checks, or looks again at those that take their time.</summary>
    [LambdaFunction(ResourceName = "CheckFunction")]
    public Task<CheckAnswer> Check(CheckInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(null),
            () =>
                Failure.Translated(() =>
                    checklist.Run(input!, new CheckRequest(context.AwsRequestId, context.InvokedFunctionArn.Split(':')[AccountOfArn]))
                ),
            answer => $"checked: {answer.Results.Count}, waiting for {answer.Begun.Waiting.Count}"
        );
}
