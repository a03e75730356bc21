using System.Text;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Everything that goes into a stack: where nothing of it changed, there is nothing to do.</summary>
/// <param name="Stack">The stack's name.</param>
/// <param name="TemplateBody">The template's packaged text, for one of the service's own files.</param>
/// <param name="TemplateUrl">The template's address, for one that lies elsewhere or is too large for a request.</param>
/// <param name="Objects">What has to be in the deployer's bucket before the template is used.</param>
/// <param name="Parameters">The parameters that <c>deployer.yaml</c> names; others keep their values.</param>
/// <param name="Tags">The stack's tags.</param>
/// <param name="Publish">The path below which its outputs are published.</param>
public sealed record StackInputs(
    string Stack,
    string? TemplateBody,
    string? TemplateUrl,
    IReadOnlyList<PackagedObject> Objects,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Tags,
    string? Publish
)
{
    /// <summary>The largest template that CloudFormation takes in a request, in bytes (API reference, CreateChangeSet).</summary>
    public const int LargestBody = 51_200;

    /// <summary>The largest template that CloudFormation reads from S3, in bytes.</summary>
    private const int LargestTemplate = 1_000_000;

    /// <summary>The inputs of a step, once every value is known.</summary>
    /// <param name="run">The step.</param>
    /// <param name="settings">Where the deployer's bucket is.</param>
    /// <exception cref="SpecInvalidException">A value or the template is missing.</exception>
    public static StackInputs Resolve(StepRun run, Settings settings)
    {
        var step = run.Step<StackStep>();
        var template = run.Text(step.Template);
        var inputs = new StackInputs(
            run.Text(step.Stack),
            null,
            null,
            [],
            step.Parameters.ToDictionary(parameter => parameter.Key, parameter => run.Text(parameter.Value)),
            step.Tags.ToDictionary(tag => tag.Key, tag => run.Text(tag.Value)),
            step.Publish is null ? null : run.Text(step.Publish)
        );
        if (TemplateAddress.IsRemote(template))
        {
            return inputs with { TemplateUrl = template };
        }

        var packaging = new Packaging(run.Source.Folder, run.Source.Spec.Service, settings, run.Target.Region);
        var path = SourcePath(template, step);
        var packaged = packaging.Package(path);
        inputs = inputs with { File = path.Value };
        switch (Encoding.UTF8.GetByteCount(packaged.Text))
        {
            case <= LargestBody:
                return inputs with { TemplateBody = packaged.Text, Objects = packaged.Objects };
            case <= LargestTemplate:
                var remote = packaging.Remote(packaged.Text, path);
                return inputs with { TemplateUrl = remote.TemplateUrl, Objects = [.. packaged.Objects, remote] };
            case var bytes:
                throw new SpecInvalidException(
                    $"{step.Template.Position}: '{template}' has {bytes} bytes when it is packaged; CloudFormation "
                        + $"reads at most {LargestTemplate}"
                );
        }
    }

    /// <summary>The template's file in the service's folder; <see langword="null"/> for one that lies elsewhere.</summary>
    public string? File { get; private init; }

    /// <summary>What was packaged of the service's folder and has this address; <see langword="null"/> for what lies elsewhere.</summary>
    public PackagedObject? Packaged(string address) =>
        Objects.FirstOrDefault(known =>
            known.TemplateUrl == address
            // A key holds the digest of the content.
            || (address.StartsWith("s3://", StringComparison.Ordinal) && address.EndsWith($"/{known.Key}", StringComparison.Ordinal))
        );

    /// <summary>One digest of all inputs.</summary>
    public string Digest =>
        Names.Digest(
            string.Join(
                '\n',
                [
                    Stack,
                    TemplateBody ?? TemplateUrl!,
                    .. Parameters
                        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
                        .Select(parameter => $"parameter {parameter.Key}={parameter.Value}"),
                    .. Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"tag {tag.Key}={tag.Value}"),
                    $"publish {Publish}",
                ]
            )
        );

    internal static RelativePath SourcePath(string template, StackStep step) =>
        RelativePath.TryParse(template, out var path, out var problem)
            ? path
            : throw new SpecInvalidException($"{step.Template.Position}: the path '{template}' {problem}");
}
