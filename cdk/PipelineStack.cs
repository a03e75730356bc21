using Constructs;

namespace Deployer.Cdk;

/// <summary>The pipeline of a service, from its repository through its stages: <c>templates/pipeline.yaml</c>.</summary>
internal sealed class PipelineStack(Construct scope, Configuration configuration, Service service)
    : IncludedStack(
        scope,
        $"{service.Name}-pipeline",
        configuration.Tools,
        "templates/pipeline.yaml",
        Parameters(service),
        service.PipelineParameters
    )
{
    private static readonly string[] Places = ["First", "Second", "Third"];

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

        foreach (var (index, place) in Places.Index())
        {
            var target = service.Targets.ElementAtOrDefault(index);
            parameters[$"{place}Stage"] = target?.Stage ?? string.Empty;
            parameters[$"{place}Target"] = target?.Name ?? string.Empty;
            parameters[$"{place}Approval"] = target is { Approval: true } ? "true" : "false";
        }

        return parameters;
    }
}
