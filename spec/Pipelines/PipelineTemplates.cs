using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Pipelines;

/// <summary>Finds the user parameters that templates in a service's folder give to the deployer, and checks them.</summary>
public static class PipelineTemplates
{
    /// <summary>The end of the deployer's function's name, <c>deployer-STAGE-AnswerJob</c>, by which its actions are known.</summary>
    private const string Function = "AnswerJob";

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Looks through every template; what is wrong with one otherwise is not told here.</summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="spec">The service, or null when its file has faults.</param>
    public static IReadOnlyList<Fault> Check(ISourceFolder folder, ServiceSpec? spec)
    {
        var faults = new FaultList();
        foreach (
            var path in folder.Files.Where(path => Endings.Any(ending => path.Value.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        )
        {
            if (
                SourceText.Read(folder, path, new FaultList(), SourceText.MaxTemplateBytes) is { } text
                && text.Contains(Function, StringComparison.Ordinal)
                && YamlReader.Read(text, path.Value, new FaultList(), tags: true) is { } root
            )
            {
                faults.AddRange(
                    Given(root)
                        .SelectMany(given =>
                            UserParameters
                                .Read(given.Value, path.Value, spec, template: true)
                                .Faults.Select(fault => new Fault(given.Position, fault.Problem, fault.Expected))
                        )
                );
            }
        }
        return faults.InOrder();
    }

    /// <summary>The texts of UserParameters beside a FunctionName that is the deployer's.</summary>
    private static IEnumerable<YamlScalar> Given(YamlNode node) =>
        node switch
        {
            YamlSequence sequence => sequence.Items.SelectMany(Given),
            YamlMapping mapping
                when Text(mapping["FunctionName"])?.Value.EndsWith(Function, StringComparison.Ordinal) == true
                    && Text(mapping["UserParameters"]) is { } text => [text],
            YamlMapping mapping => mapping.Entries.SelectMany(entry => Given(entry.Value)),
            _ => [],
        };

    /// <summary>A text, plain or within a substitution.</summary>
    private static YamlScalar? Text(YamlNode? node) =>
        node switch
        {
            YamlScalar scalar => scalar,
            YamlSequence { Items: [var first, ..] } => first as YamlScalar,
            YamlMapping mapping => Text(mapping["Fn::Sub"]),
            _ => null,
        };
}
