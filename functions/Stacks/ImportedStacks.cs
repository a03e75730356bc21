using Amazon.CloudFormation;
using Deployer.Functions.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>The stacks whose exports the template of a stack imports.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
/// </remarks>
internal static class ImportedStacks
{
    private const string Import = "ImportValue";

    /// <summary>
    /// Finds them, as far as the names of the exports are known without CloudFormation: of nested templates those are not whose names are
    /// made of parameters.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What goes into its stack.</param>
    /// <param name="released">The stack's id.</param>
    /// <returns>Their names, as they are watched.</returns>
    public static async Task<IReadOnlyList<string>> Find(StepRun run, StackInputs inputs, string released)
    {
        var texts = new List<(string Name, string Text)>();
        if (inputs.TemplateBody is { } body)
        {
            texts.Add((inputs.Stack, body));
        }

        texts.AddRange(inputs.Objects.Where(known => known.TemplateUrl is not null).Select(known => (known.TemplateUrl!, known.Text())));
        if (inputs.TemplateUrl is { } url && texts.TrueForAll(text => text.Name != url))
        {
            texts.Add((url, await ExternalInputs.Content(run.Account.S3, url, []) ?? string.Empty));
        }

        texts.RemoveAll(text => !text.Text.Contains(Import, StringComparison.Ordinal));
        if (texts.Count == 0)
        {
            return [];
        }

        var root = inputs.TemplateUrl ?? inputs.Stack;
        var present = await run.Account.CloudFormation.Find(released);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            var isNested = name != root;
            names.UnionWith(TemplateInterface.Read(text, name, parameter => Value(parameter, isNested))?.Imports ?? new HashSet<string>());
        }

        try
        {
            return names.Count == 0 ? [] : await Exporting(run.Account.CloudFormation, names);
        }
        catch (AmazonCloudFormationException exception) when (exception.ErrorCode == "AccessDenied")
        {
            // A target of a version before does not let its role list exports, and what is only to be watched fails no deployment:
            // 'deployer doctor' names the permission.
            return [];
        }

        string? Value(string name, bool isNested) =>
            ExternalInputs.PseudoParameter(run, name)
            ?? (
                isNested ? null
                : name == "AWS::StackName" ? inputs.Stack
                : inputs.Parameters.GetValueOrDefault(name)
                    ?? present?.Parameters?.Find(parameter => parameter.ParameterKey == name)?.ParameterValue
            );
    }

    private static async Task<IReadOnlyList<string>> Exporting(IAmazonCloudFormation cloudFormation, HashSet<string> names)
    {
        var stacks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var export in await cloudFormation.Exports())
        {
            if (names.Contains(export.Name))
            {
                stacks.Add(OwningStacks.Watched(export.ExportingStackId));
            }
        }

        return [.. stacks];
    }
}
