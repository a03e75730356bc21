using System.Text.RegularExpressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Pipelines;

/// <summary>
/// The variables that an action of a pipeline may use. One that does not exist fails the action before it begins, without a reason in its
/// execution (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html).
/// </summary>
internal sealed partial class PipelineVariables
{
    private const string Execution = "codepipeline";
    private const string OfPipeline = "variables";

    private readonly Dictionary<string, IReadOnlyList<string>?> _variables = new(StringComparer.Ordinal);

    private PipelineVariables() { }

    /// <summary>The variables of a pipeline: the map that has its <c>Stages</c>.</summary>
    public static PipelineVariables Read(YamlNode pipeline)
    {
        var found = new PipelineVariables { _variables = { [Execution] = ["PipelineExecutionId"] } };
        found._variables[OfPipeline] = pipeline.At("Variables") is null or YamlSequence { Tag: null }
            ? [.. pipeline.Items("Variables").Select(variable => variable.Text("Name") ?? string.Empty)]
            : null;
        foreach (var action in pipeline.Items("Stages").SelectMany(stage => stage.Items("Actions")))
        {
            if (action.Text("Namespace") is { } name)
            {
                found._variables[name] =
                    action.At("ActionTypeId") is { } type && type.Text("Category") == "Source"
                        ? SourceVariables.ForProvider(type.Text("Provider") ?? string.Empty)
                        : null;
            }
        }
        return found;
    }

    /// <summary>Checks the variables in a text of an action.</summary>
    public void Check(string text, SourcePosition position, FaultList faults)
    {
        foreach (Match variable in Variable().Matches(text))
        {
            var (name, key) = (variable.Groups["namespace"].Value, variable.Groups["key"].Value);
            if (!_variables.TryGetValue(name, out var known))
            {
                faults.Add(
                    position,
                    $"no action of the pipeline has the namespace of {variable.Value}",
                    NearestName.Expectation(name, [.. _variables.Keys])
                );
            }
            else if (known?.Contains(key) == false)
            {
                faults.Add(position, $"the pipeline has no variable {variable.Value}", NearestName.Expectation(key, known));
            }
            else if (SourceVariables.FreeTexts.Contains(key))
            {
                faults.AddNotice(
                    position,
                    $"{variable.Value} is put into the JSON as it is: a quote or a line break in it makes the user parameters unreadable"
                );
            }
        }
    }

    [GeneratedRegex(@"#\{(?<namespace>[^.}]*)\.(?<key>[^}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
