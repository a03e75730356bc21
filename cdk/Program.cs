using Amazon.CDK;

namespace Deployer.Cdk;

/// <summary>The CDK app that installs the deployer: <c>cdk deploy --all</c> in this folder.</summary>
public static class Program
{
    private const int InvalidInput = 2;

    /// <summary>Synthesises the stacks of the configuration that the context names.</summary>
    /// <returns>0, or 2 when the configuration is not as expected.</returns>
    public static int Main()
    {
        try
        {
            var app = new App();
            AddStacks(app, Configuration.Read((string?)app.Node.TryGetContext("configuration") ?? "deployer.json"));
            app.Synth();
            return 0;
        }
        catch (ConfigurationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return InvalidInput;
        }
    }

    /// <summary>Adds every stack of a configuration.</summary>
    internal static void AddStacks(App app, Configuration configuration)
    {
        var tools = new Dictionary<string, Stack>(StringComparer.Ordinal);
        var roles = new Dictionary<string, Stack>(StringComparer.Ordinal);
        foreach (var stage in configuration.Stages)
        {
            tools[stage.Name] = new ToolsStack(app, configuration, stage);
            roles[stage.Name] = new TargetStack(app, configuration, stage, stage.Regions[0]);
            foreach (var region in stage.Regions.Skip(1))
            {
                new TargetStack(app, configuration, stage, region).AddDependency(roles[stage.Name]);
            }
        }

        foreach (var transactor in configuration.Transactors)
        {
            _ = new TransactorStack(app, configuration, transactor);
        }

        foreach (var service in configuration.Services)
        {
            // A pipeline calls the functions of its stages, and what a deployer may touch is given to its roles.
            var pipeline = new PipelineStack(app, configuration, service);
            foreach (var target in service.Targets)
            {
                new ServiceAccessStack(app, configuration, service, target).AddDependency(roles[target.Stage]);
            }

            foreach (var stage in service.Targets.Select(configuration.StageOf).Distinct())
            {
                // Before the deployer has builds take their own roles, these are there, and the account lets them in.
                var build = new ServiceBuildStack(app, configuration, service, stage);
                build.AddDependency(roles[stage.Name]);
                tools[stage.Name].AddDependency(build);
                pipeline.AddDependency(tools[stage.Name]);
            }
        }
    }
}
