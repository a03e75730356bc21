using Deployer.Cli.Output;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Cli.Places;

/// <summary>Refuses what <c>Begin</c> would refuse, by its own code, before anything is started.</summary>
internal static class RequestCheck
{
    /// <summary>Checks a request that names no new source; a removal only for its instance, as more of it writes to the bucket.</summary>
    /// <param name="settings">The deployer.</param>
    /// <param name="connection">The way to its account.</param>
    /// <param name="request">The request.</param>
    /// <returns>By which rule it is approved; <see langword="null"/> when nobody has to.</returns>
    /// <exception cref="InvalidInputException">The request names something that does not exist.</exception>
    public static async Task<ApprovalSpec?> Check(Settings settings, AwsConnection connection, DeploymentRequest request)
    {
        using var services = FunctionServices.Over(settings, connection);
        try
        {
            if (request.Parse() is ParsedRequest.RemoveInstance removal)
            {
                await services.GetRequiredService<InstanceRegistry>().Find(removal);
                return null;
            }

            var accepted = await services.GetRequiredService<Requests>().Accept(request.Parse());
            accepted.Source.Dispose();
            return accepted.Target.Approval;
        }
        catch (SpecInvalidException exception)
        {
            throw new InvalidInputException(exception.Error, exception.Message);
        }
    }
}
