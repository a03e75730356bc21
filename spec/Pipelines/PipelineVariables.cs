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
    private readonly Dictionary<string, List<ActionPlace>> _places = new(StringComparer.Ordinal);

    private PipelineVariables() { }

    /// <summary>The variables of a pipeline: the map that has its <c>Stages</c>.</summary>
    public static PipelineVariables Read(YamlNode pipeline)
    {
        var found = new PipelineVariables { _variables = { [Execution] = ["PipelineExecutionId"] } };
        found._variables[OfPipeline] = pipeline.At("Variables") is null or YamlSequence { Tag: null }
            ? [.. pipeline.Items("Variables").Select(variable => variable.Text("Name") ?? string.Empty)]
            : null;
        foreach (var (stage, number) in pipeline.Items("Stages").Select((stage, number) => (stage, number)))
        {
            found.Add(stage, number);
        }

        return found;
    }

    /// <summary>Adds the actions of a stage, and those in the branches of a condition.</summary>
    private void Add(YamlNode node, int stage)
    {
        if (node is YamlSequence list)
        {
            foreach (var item in list.Items)
            {
                Add(item, stage);
            }
        }
        else if (node is YamlMapping map)
        {
            if (map.Text("Namespace") is { } name && map.At("ActionTypeId") is { } type)
            {
                _variables[name] =
                    type.Text("Category") == "Source" ? SourceVariables.ForProvider(type.Text("Provider") ?? string.Empty) : null;
                if (!_places.TryGetValue(name, out var places))
                {
                    _places[name] = places = [];
                }

                places.Add(ActionPlace.Read(map, stage));
                return;
            }

            foreach (var entry in map.Entries)
            {
                Add(entry.Value, stage);
            }
        }
    }

    /// <summary>Checks the variables in a text of an action.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="place">Where the action is; <see langword="null"/> where that is not known.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public void Check(string text, SourcePosition position, ActionPlace? place, FaultList faults)
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
            else if (place is not null && _places.TryGetValue(name, out var places) && !places.Exists(other => other.EndsBefore(place)))
            {
                faults.Add(
                    position,
                    $"the action of {variable.Value} does not end before this one begins",
                    "a variable of an action in a stage before, or with a lower RunOrder"
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

    [GeneratedRegex(@"#\{(?<namespace>[^.}]*)\.(?<key>[^}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Variable();
}

/// <summary>Where an action is in its pipeline, whose variables only actions after it may use.</summary>
/// <param name="Stage">The number of its stage.</param>
/// <param name="RunOrder">Its order in the stage; <see langword="null"/> where the template computes it.</param>
internal sealed record ActionPlace(int Stage, int? RunOrder)
{
    /// <summary>Reads the place of an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="stage">The number of its stage.</param>
    public static ActionPlace Read(YamlNode action, int stage) =>
        new(
            stage,
            action.At("RunOrder") is null ? 1
                : int.TryParse(action.Text("RunOrder"), out var order) ? order
                : null
        );

    /// <summary>Whether it may have ended when another action begins.</summary>
    public bool EndsBefore(ActionPlace other) =>
        Stage < other.Stage || (Stage == other.Stage && (RunOrder is null || other.RunOrder is null || RunOrder < other.RunOrder));
}
