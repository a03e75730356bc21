using System.Text;
using System.Text.Json;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Init;

/// <summary>What a person says of a service.</summary>
internal sealed record ServiceAnswers(
    string Service,
    string Target,
    string Account,
    string Region,
    string System,
    string? Repository,
    string? Connection
);

/// <summary>The first deployer.yaml of a service.</summary>
internal static class ServiceFile
{
    /// <summary>The template of a new query group, as the example has it.</summary>
    private const string NewGroup = "https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json";

    /// <summary>The files to write: path and text.</summary>
    /// <param name="answers">What a person says.</param>
    /// <param name="running">The group that runs; <see langword="null"/> for a new one.</param>
    /// <param name="ions">The folder with ions; <see langword="null"/> for none.</param>
    public static IEnumerable<(string Path, string Text)> Write(ServiceAnswers answers, RunningGroup? running, string? ions)
    {
        var template = NewGroup;
        if (running is not null)
        {
            template = running.Template.TrimStart().StartsWith('{') ? "stacks/group.json" : "stacks/group.yaml";
            yield return (template, running.Template);
        }

        var text = new StringBuilder();
        text.Append($"service: {answers.Service}\n");
        if (answers.Repository is { } repository)
        {
            var connection = answers.Connection is { } arn ? $", connection: {Quoted(arn)}" : string.Empty;
            text.Append($"repository: {{ url: {Quoted(repository)}{connection} }}\n");
        }

        text.Append("targets:\n");
        text.Append($"  {answers.Target}:\n");
        text.Append($"    account: {Quoted(answers.Account)}\n");
        text.Append($"    region: {answers.Region}\n");
        text.Append($"    values: {{ system: {Quoted(answers.System)} }}\n");
        text.Append("steps:\n");
        text.Append("  group:\n");
        text.Append($"    stack: {Quoted(StackName(answers, running))}\n");
        text.Append("    kind: datomic-query-group\n");
        text.Append($"    template: {template}\n");
        text.Append("    parameters:\n");
        foreach (var (name, value) in Parameters(answers, running))
        {
            text.Append($"      {name}: {Quoted(value)}\n");
        }

        if (ions is not null)
        {
            text.Append("  ions:\n");
            text.Append($"    ions: {Quoted(ions)}\n");
            text.Append("    group: ${steps.group.outputs.CodeDeployDeploymentGroup}\n");
            text.Append("    after: [ group ]\n");
        }

        yield return (SpecFile.Name, text.ToString());
    }

    /// <summary>The running stack's name, with the target's in it as the expression that further targets have.</summary>
    private static string StackName(ServiceAnswers answers, RunningGroup? running) =>
        running is null ? $"{answers.Service}-${{target}}"
        : running.Stack.EndsWith($"-{answers.Target}", StringComparison.Ordinal) ? $"{running.Stack[..^answers.Target.Length]}${{target}}"
        : running.Stack;

    private static IEnumerable<(string Name, string Value)> Parameters(ServiceAnswers answers, RunningGroup? running) =>
        running is null
            ? [("SystemName", "${system}"), ("ApplicationName", answers.Service), ("Ions", "Yes")]
            : running
                .Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                .Select(parameter => (parameter.Key, parameter.Key == "SystemName" ? "${system}" : parameter.Value));

    /// <summary>A text of JSON is one of YAML, too.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
