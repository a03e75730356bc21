using Amazon.Lambda.Annotations;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions;

/// <summary>Registers what the handlers' constructors ask for.</summary>
[LambdaStartup]
public sealed class Startup
{
    /// <summary>Called once per execution environment; a host may replace registrations afterwards.</summary>
    public void ConfigureServices(IServiceCollection services)
    {
    }
}
