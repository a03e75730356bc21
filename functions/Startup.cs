using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Accounts;
using Deployer.Functions.Capacity;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Plans;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

[assembly: LambdaSerializer(typeof(Deployer.Functions.PayloadSerializer))]
[assembly: LambdaGlobalProperties(GenerateMain = true)]

namespace Deployer.Functions;

/// <summary>Registers what the functions are made of. A host may replace the settings and the way to AWS.</summary>
[LambdaStartup]
public sealed class Startup
{
    /// <summary>The services of every function.</summary>
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton(_ => Settings.From(Environment.GetEnvironmentVariable));
        services.AddSingleton(_ => AwsConnection.FromEnvironment(Environment.GetEnvironmentVariable));
        services.AddSingleton<IAws, Aws>();
        services.AddSingleton<LedgerTable>();
        services.AddSingleton<Sources>();
        services.AddSingleton<InstanceRegistry>();
        services.AddSingleton<RemovalWaves>();
        services.AddSingleton<Requests>();
        services.AddSingleton<Executions>();
        services.AddSingleton<Settling>();
        services.AddSingleton<TargetLock>();
        services.AddSingleton<Failures>();
        services.AddSingleton<StepRuns>();
        services.AddSingleton<StepTask>();
        services.AddSingleton<WaitingTask>();
        services.AddSingleton<StackWork>();
        services.AddSingleton<StackRemoval>();
        services.AddSingleton<IonBuilds>();
        services.AddSingleton<Revisions>();
        services.AddSingleton<ReleasedLibraries>();
        services.AddSingleton<PushWork>();
        services.AddSingleton<DeployWork>();
        services.AddSingleton<EndpointWork>();
        services.AddSingleton<CapacityWork>();
        services.AddSingleton<Begin>();
        services.AddSingleton<WaveOrder>();
        services.AddSingleton<Finish>();
        services.AddSingleton<StackPlanner>();
        services.AddSingleton<StepPlanner>();
        services.AddSingleton<ServicePlanner>();
    }
}
