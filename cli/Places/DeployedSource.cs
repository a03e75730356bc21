using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Cli.Places;

/// <summary>
/// The source that a deployment was of, which the deployer keeps: the file at hand may be a later one, as after a rollback or an edit
/// before a redrive.
/// </summary>
internal static class DeployedSource
{
    /// <summary>Reads the source of a deployment; who reads it disposes of it.</summary>
    /// <param name="settings">The deployer.</param>
    /// <param name="connection">The way to its account.</param>
    /// <param name="deployment">The deployment.</param>
    /// <returns>
    /// The source; <see langword="null"/> when it is not there any more, or not what was deployed, and nothing can be said by it.
    /// </returns>
    public static async Task<ServiceSource?> Read(Settings settings, AwsConnection connection, DeploymentRecord deployment)
    {
        await using var services = FunctionServices.Over(settings, connection);
        try
        {
            return await services.GetRequiredService<Sources>().Read(deployment);
        }
        catch (Exception exception) when (exception is SourceChangedException or NoSuchKeyException)
        {
            return null;
        }
    }
}
