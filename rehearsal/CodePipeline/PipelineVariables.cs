using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>Fills <c>#{namespace.variable}</c> in an action's configuration.</summary>
/// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html</remarks>
internal static partial class PipelineVariables
{
    /// <exception cref="KeyNotFoundException">A variable has no value yet.</exception>
    internal static IReadOnlyDictionary<string, string> Resolve(PipelineRun run, IReadOnlyDictionary<string, string> configuration) =>
        configuration.ToDictionary(
            pair => pair.Key,
            pair => Reference().Replace(pair.Value, match => Value(run, match.Groups["space"].Value, match.Groups["name"].Value))
        );

    private static string Value(PipelineRun run, string space, string name) =>
        (space, name) == ("codepipeline", "PipelineExecutionId") ? run.Id
        : run.Variables.TryGetValue(space, out var variables) && variables.TryGetValue(name, out var value) ? value
        : throw new KeyNotFoundException(
            $"The variable #{{{space}.{name}}} has no value; "
                + (
                    variables is { Count: > 0 }
                        ? $"{space} has {string.Join(", ", variables.Keys.Order(StringComparer.Ordinal))}."
                        : $"no action has put out variables under {space}."
                )
        );

    [GeneratedRegex(@"#\{(?<space>[A-Za-z0-9@_-]+)\.(?<name>[A-Za-z0-9@_.-]+)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Reference();
}
