using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Pipelines;

/// <summary>Finds the user parameters that templates in a service's folder give to the deployer, and checks them.</summary>
public static class PipelineTemplates
{
    /// <summary>The end of the deployer's function's name, <c>deployer-STAGE-AnswerJob</c>, by which its actions are known.</summary>
    private const string Function = "AnswerJob";

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Looks through every template; what is wrong with one otherwise is not reported here.</summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="spec">The service, or null when its file has faults.</param>
    public static PipelineReading Check(ISourceFolder folder, ServiceSpec? spec)
    {
        var faults = new FaultList();
        foreach (
            var path in folder.Files.Where(path => Endings.Any(ending => path.Value.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        )
        {
            if (
                SourceText.Read(folder, path, new FaultList(), SourceText.MaxTemplateBytes) is { } text
                && text.Contains(Function, StringComparison.Ordinal)
                && TemplateText.Read(text, path.Value, new FaultList()) is { } root
            )
            {
                foreach (var (given, variables) in Given(root, null))
                {
                    faults.AddRange(
                        UserParameters
                            .Read(given.Value, path.Value, spec, template: true)
                            .Faults.Select(fault => new Fault(given.Position, fault.Problem, fault.Expected))
                    );
                    variables?.Check(given.Value, given.Position, faults);
                }
            }
        }
        return new PipelineReading(faults.InOrder(), faults.NoticesInOrder());
    }

    /// <summary>
    /// The texts of UserParameters beside a FunctionName that is the deployer's, and the variables of the pipeline around them.
    /// </summary>
    private static IEnumerable<(YamlScalar Text, PipelineVariables? Variables)> Given(YamlNode node, PipelineVariables? variables) =>
        node switch
        {
            YamlSequence sequence => sequence.Items.SelectMany(item => Given(item, variables)),
            YamlMapping mapping
                when Text(mapping["FunctionName"])?.Value.EndsWith(Function, StringComparison.Ordinal) == true
                    && Text(mapping["UserParameters"]) is { } text => [(text, variables)],
            YamlMapping mapping => Inner(mapping, mapping["Stages"] is YamlSequence ? PipelineVariables.Read(mapping) : variables),
            _ => [],
        };

    private static IEnumerable<(YamlScalar Text, PipelineVariables? Variables)> Inner(YamlMapping mapping, PipelineVariables? variables) =>
        mapping.Entries.SelectMany(entry => Given(entry.Value, variables));

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

/// <summary>What the pipelines in a service's folder gave.</summary>
/// <param name="Faults">Everything that is wrong.</param>
/// <param name="Notices">What is no fault and should be known.</param>
public sealed record PipelineReading(IReadOnlyList<Fault> Faults, IReadOnlyList<Notice> Notices);
