using Amazon.Runtime;
using Deployer.Functions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Cli.Places;

/// <summary>What the functions are made of, for what a command reads and checks by the same code.</summary>
internal static class FunctionServices
{
    /// <summary>
    /// The kinds of step as the functions register them, for what they report; nothing is called for that in the deployer's own account.
    /// </summary>
    /// <param name="stage">The deployer's stage.</param>
    public static StepKindRegistry Kinds(string stage) => WithoutAccount(stage).GetRequiredService<StepKindRegistry>();

    /// <summary>What helps after the errors of an execution, as the functions decide it for those who are notified.</summary>
    public static Remedies Remedies => WithoutStage.Value.GetRequiredService<Remedies>();

    private static readonly Lazy<ServiceProvider> WithoutStage = new(() => WithoutAccount("none"));

    private static ServiceProvider WithoutAccount(string stage) =>
        Over(new DeployerStage(stage, string.Empty, string.Empty).Settings(), Nowhere);

    /// <summary>A connection for what calls nothing.</summary>
    public static AwsConnection Nowhere => new(new AnonymousAWSCredentials(), "us-east-1", "http://nowhere.invalid", null);

    /// <summary>What the functions are made of, over a connection.</summary>
    public static ServiceProvider Over(Settings settings, AwsConnection connection)
    {
        var services = new ServiceCollection();
        services.AddSingleton(settings);
        services.AddSingleton(connection);
        new Startup().ConfigureServices(services);
        return services.BuildServiceProvider();
    }
}
