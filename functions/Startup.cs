using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Checks;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Plans;
using Deployer.Functions.Services;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Transactors;
using Deployer.Spec.Kinds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

[assembly: LambdaSerializer(typeof(Deployer.Functions.PayloadSerializer))]
[assembly: LambdaGlobalProperties(GenerateMain = true)]

namespace Deployer.Functions;

/// <summary>Registers what the functions are made of. A host may bring the settings, the way to AWS and further kinds of step.</summary>
[LambdaStartup]
public sealed class Startup
{
    /// <summary>The services of every function.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing: the function cannot be initialised.</exception>
    public void ConfigureServices(IServiceCollection services)
    {
        // Read here and not when they are first asked for: what is missing ends the initialisation instead of every invocation.
        if (!services.Any(service => service.ServiceType == typeof(Settings)))
        {
            services.AddSingleton(Settings.From(Environment.GetEnvironmentVariable));
            services.AddSingleton(AwsConnection.FromEnvironment(Environment.GetEnvironmentVariable));
        }

        services.AddSingleton<IAws, Aws>();
        services.AddSingleton<LedgerTable>();
        services.AddSingleton<Sources>();
        services.AddSingleton<InstanceRegistry>();
        services.AddSingleton<RemovalWaves>();
        services.AddSingleton<CapacityWaves>();
        services.AddSingleton<Requests>();
        services.AddSingleton<Executions>();
        services.AddSingleton<Notifier>();
        services.AddSingleton<Remedies>();
        services.AddSingleton<Settling>();
        services.AddSingleton<TargetLock>();
        services.AddSingleton<Failures>();
        services.AddSingleton<StepRuns>();
        services.AddSingleton<StepTask>();
        services.AddSingleton<WaitingTask>();
        services.AddSingleton<PlannedChanges>();
        services.AddSingleton<PlanApprovals>();
        services.AddSingleton<SupersededPlans>();
        services.AddSingleton<PlanFreshness>();
        services.AddSingleton<DriftLooks>();
        services.AddSingleton<DriftCheck>();
        services.AddSingleton<ChangeWatch>();
        services.AddSingleton<ChangeNotes>();
        services.AddSingleton<TargetComparison>();
        services.AddSingleton<NewerPlans>();
        services.AddSingleton<ChangeLooks>();
        services.AddSingleton<Begin>();
        services.AddSingleton<WaveOrder>();
        services.AddSingleton<Proof>();
        services.AddSingleton<Finish>();
        services.TryAddSingleton(StepKinds.BuiltIn);
        services.AddStacks();
        services.AddIons();
        services.AddEndpoints();
        services.AddEcsServices();
        services.AddTransactors();
        services.AddChecks();
        services.AddSingleton<StepKindRegistry>();
        services.AddSingleton<StepPlanner>();
        services.AddSingleton<ServicePlanner>();
        services.AddSingleton<PipelineApproval>();
        services.AddSingleton<PipelinePlan>();
        services.AddSingleton<PipelineProgress>();
        services.AddSingleton<PipelineStops>();
    }
}
