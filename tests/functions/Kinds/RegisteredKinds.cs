using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>The kinds of step as the product registers them.</summary>
internal static class RegisteredKinds
{
    /// <summary>Those of the product alone.</summary>
    /// <param name="aws">What their work reaches.</param>
    /// <param name="settings">The settings; some without a meaning when left out.</param>
    public static StepKindRegistry BuiltIn(IAws aws, Settings? settings = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(
            settings ?? new Settings("dev", string.Empty, string.Empty, string.Empty, string.Empty, new HashSet<string>())
        );
        new Startup().ConfigureServices(services);
        services.AddSingleton(aws);
        return services.BuildServiceProvider().GetRequiredService<StepKindRegistry>();
    }
}
