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
                foreach (var (given, variables, place) in Given(root, variables: null, place: null))
                {
                    faults.AddRange(
                        UserParameters
                            .Read(given.Value, path.Value, spec, template: true)
                            .Faults.Select(fault => new Fault(given.Position, fault.Problem, fault.Expected))
                    );
                    variables?.Check(given.Value, given.Position, place, faults);
                }
            }
        }
        return new PipelineReading(faults.InOrder(), faults.NoticesInOrder());
    }

    /// <summary>The texts of UserParameters beside a FunctionName that is the deployer's, and the pipeline around them.</summary>
    private static IEnumerable<GivenParameters> Given(YamlNode node, PipelineVariables? variables, ActionPlace? place)
    {
        switch (node)
        {
            case YamlSequence sequence:
                return sequence.Items.SelectMany(item => Given(item, variables, place));
            case YamlMapping mapping
                when Texts(mapping["FunctionName"]).Any(name => name.Value.EndsWith(Function, StringComparison.Ordinal)):
                return Texts(mapping["UserParameters"]).Select(text => new GivenParameters(text, variables, place));
            case YamlMapping mapping when mapping["Stages"] is YamlSequence stages:
                var read = PipelineVariables.Read(mapping);
                return stages.Items.SelectMany((stage, number) => Given(stage, read, new ActionPlace(number, RunOrder: null)));
            case YamlMapping mapping:
                var own = place is not null && mapping["ActionTypeId"] is not null ? ActionPlace.Read(mapping, place.Stage) : place;
                return mapping.Entries.SelectMany(entry => Given(entry.Value, variables, own));
            default:
                return [];
        }
    }

    /// <summary>A text, plain, within a substitution, or in each branch of a condition.</summary>
    private static IEnumerable<YamlScalar> Texts(YamlNode? node) =>
        node is null
            ? []
            : TemplateFunction.Split(node) switch
            {
                ("If", YamlSequence { Items: [_, var yes, var no] }) => [.. Texts(yes), .. Texts(no)],
                ("Sub", YamlScalar text) => [text],
                ("Sub", YamlSequence { Items: [YamlScalar text, ..] }) => [text],
                (null, YamlScalar text) => [text],
                _ => [],
            };

    private sealed record GivenParameters(YamlScalar Text, PipelineVariables? Variables, ActionPlace? Place);
}

/// <summary>What the pipelines in a service's folder gave.</summary>
/// <param name="Faults">Everything that is wrong.</param>
/// <param name="Notices">What is no fault and should be known.</param>
public sealed record PipelineReading(IReadOnlyList<Fault> Faults, IReadOnlyList<Notice> Notices);
