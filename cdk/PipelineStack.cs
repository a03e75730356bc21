using Constructs;

namespace Deployer.Cdk;

/// <summary>The pipeline of a service, from its repository through its stages: <c>templates/pipeline.yaml</c>.</summary>
internal sealed class PipelineStack(Construct scope, Configuration configuration, Service service)
    : IncludedStack(scope, $"{service.Name}-pipeline", configuration.Tools, "templates/pipeline.yaml", Parameters(service))
{
    private static readonly string[] Places = ["FirstStage", "SecondStage", "ThirdStage"];

    private static Dictionary<string, object> Parameters(Service service)
    {
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Service"] = service.Name,
            ["Name"] = string.Empty,
            ["Connection"] = service.Connection,
            ["Repository"] = service.Repository,
        };
        if (service.Branch is not null)
        {
            parameters["Branch"] = service.Branch;
        }

        foreach (var (index, name) in Places.Index())
        {
            parameters[name] = index < service.Targets.Count ? service.Targets[index].Stage : string.Empty;
        }

        return parameters;
    }
}
