using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Finds exports that other stacks import and that a change set would remove or change: CloudFormation refuses both, at the end of the
/// update, and rolls it back. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
/// </summary>
/// <param name="cloudFormation">The account's CloudFormation.</param>
/// <param name="present">The stack as it runs.</param>
internal sealed class ExportsInUse(IAmazonCloudFormation cloudFormation, Stack present)
{
    /// <summary>
    /// Refuses a change set that CloudFormation would not carry out. What cannot be known before its execution is left to
    /// CloudFormation.
    /// </summary>
    /// <param name="changeSet">The change set.</param>
    /// <param name="template">Its template.</param>
    /// <param name="file">The template's name, for positions.</param>
    /// <param name="changes">Its changes.</param>
    /// <exception cref="ExportInUseException">An export that would be removed or changed is imported.</exception>
    public async Task Check(DescribeChangeSetResponse changeSet, string template, string file, IReadOnlyList<PlacedChange> changes)
    {
        var exported = (present.Outputs ?? []).Where(output => output.ExportName is not null).ToList();
        if (
            exported.Count == 0
            || TemplateExports.Read(template, file, name => ChangeSetValues.ParameterAfter(present, changeSet, name)) is not { } wanted
        )
        {
            return;
        }

        var replaced = changes
            .Where(placed => placed.Change.Replacement == Replacement.True)
            .Select(placed => placed.Resource)
            .ToHashSet(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var output in exported)
        {
            if (Loss(output, wanted, replaced) is { } loss && await Importers(output.ExportName) is { Count: > 0 } importers)
            {
                faults.Add(
                    $"stack {present.StackName} exports {output.ExportName}, which {string.Join(", ", importers)} "
                        + $"import{(importers.Count == 1 ? "s" : string.Empty)}, and {loss}"
                );
            }
        }

        if (faults.Count > 0)
        {
            throw new ExportInUseException(
                $"{string.Join('\n', faults)}\nCloudFormation refuses to remove or change an export in use: update "
                    + "the importing stacks first so that they do without it, or delete them and make them again afterwards"
            );
        }
    }

    /// <summary>What becomes of an export; <see langword="null"/> when it stays, or that is not known.</summary>
    private static string? Loss(Output output, IReadOnlyList<TemplateExport> wanted, HashSet<string> replaced)
    {
        if (wanted.FirstOrDefault(export => export.Export == output.ExportName) is not { } kept)
        {
            return wanted.Any(export => export.Export is null) ? null : "the template exports it no longer";
        }

        return kept switch
        {
            { IsConditional: true } => null,
            { Value: { } value } when value != output.OutputValue => $"{kept.Position}: the template exports another value",
            _ when kept.Refs.FirstOrDefault(replaced.Contains) is { } resource =>
                $"{kept.Position}: {resource}, of which the value is, would be replaced",
            _ => null,
        };
    }

    /// <summary>The stacks that import an export. CloudFormation says by an error that none does.</summary>
    private async Task<IReadOnlyList<string>> Importers(string export)
    {
        try
        {
            return await Pages.All(
                next => cloudFormation.ListImportsAsync(new ListImportsRequest { ExportName = export, NextToken = next }),
                answer => answer.Imports,
                answer => answer.NextToken
            );
        }
        catch (AmazonCloudFormationException exception)
            when (exception.ErrorCode == "ValidationError"
                && exception.Message.Contains("is not imported by any stack", StringComparison.Ordinal)
            )
        {
            return [];
        }
    }
}
