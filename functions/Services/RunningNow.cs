using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Services;

/// <summary>What runs, in the failures of requests that AWS did not answer or refused while tasks were replaced.</summary>
internal static class RunningNow
{
    /// <summary>Does work whose failure says what runs.</summary>
    /// <param name="run">The step.</param>
    /// <param name="runs">What runs, as it was last seen.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> AddToFailures<T>(StepRun run, Func<string> runs, Func<Task<T>> work)
    {
        DeployerException failure;
        try
        {
            return await work();
        }
        catch (Exception exception)
        {
            failure = Failure.Translate(exception, run.Secrets);
        }

        throw failure switch
        {
            AwsUnavailableException => new AwsUnavailableException($"{failure.Message}; {runs()}"),
            AwsRefusedException => new AwsRefusedException($"{failure.Message}; {runs()}"),
            _ => failure,
        };
    }
}
