using System.Text;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Everything that goes into a stack: where nothing of it changed, there is nothing to do.</summary>
/// <param name="Stack">The stack's name.</param>
/// <param name="TemplateBody">The template's text, for one of the service's own files.</param>
/// <param name="TemplateUrl">The template's address, for one that lies elsewhere.</param>
/// <param name="Parameters">The parameters that <c>deployer.yaml</c> names; others keep their values.</param>
/// <param name="Tags">The stack's tags.</param>
public sealed record StackInputs(
    string Stack,
    string? TemplateBody,
    string? TemplateUrl,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The largest template that CloudFormation takes in a request, in bytes (API reference, CreateChangeSet).</summary>
    public const int LargestBody = 51_200;

    /// <summary>The inputs of a step, once every value is known.</summary>
    /// <exception cref="SpecInvalidException">A value or the template is missing.</exception>
    public static StackInputs Of(StepRun run)
    {
        var step = run.Step<StackStep>();
        var template = run.Text(step.Template);
        var remote = template.StartsWith("https://", StringComparison.Ordinal);
        string? body = null;
        if (!remote)
        {
            var bytes = run.Source.Folder.Read(SourcePath(template, step))
                ?? throw new SpecInvalidException($"{step.Template.Position}: there is no file '{template}'");
            body = Encoding.UTF8.GetString(bytes);
            if (bytes.Length > LargestBody)
            {
                throw new SpecInvalidException($"{step.Template.Position}: '{template}' has {bytes.Length} bytes; at most {LargestBody} are supported");
            }
        }

        return new StackInputs(
            run.Text(step.Stack),
            body,
            remote ? template : null,
            step.Parameters.ToDictionary(parameter => parameter.Key, parameter => run.Text(parameter.Value)),
            step.Tags.ToDictionary(tag => tag.Key, tag => run.Text(tag.Value)));
    }

    /// <summary>Whether a value of the step comes from an output that is not known.</summary>
    public static bool AreKnown(StepRun run) => run.Step<StackStep>().Expressions.All(expression => run.Evaluate(expression).Value is not null);

    /// <summary>One digest of all inputs.</summary>
    public string Digest => Names.Digest(string.Join('\n',
    [
        Stack,
        TemplateBody ?? TemplateUrl!,
        .. Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal).Select(parameter => $"parameter {parameter.Key}={parameter.Value}"),
        .. Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"tag {tag.Key}={tag.Value}"),
    ]));

    private static RelativePath SourcePath(string template, StackStep step) =>
        RelativePath.TryParse(template, out var path, out var problem) ? path : throw new SpecInvalidException($"{step.Template.Position}: the path '{template}' {problem}");
}
