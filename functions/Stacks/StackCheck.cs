using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Expressions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// The stacks of a service as they run, held against the file: their status, their parameters, the exports that their templates import,
/// and the outputs that other steps use.
/// </summary>
public sealed class StackCheck : ICheck
{
    private const string UpdateFile = "correct deployer.yaml or the template";

    /// <inheritdoc/>
    public string Name => "stack";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var results = new List<CheckResult>();
        var exports = new Lazy<Task<IReadOnlySet<string>>>(() => Exports(run.Account));
        foreach (var step in StepGraph.Build(run.Source.Spec).Waves.SelectMany(wave => wave).OfType<StackStep>())
        {
            try
            {
                results.AddRange(await CheckStep(run, step, exports));
            }
            catch (Exception exception)
            {
                // One stack that may not be read hides no other.
                results.Add(CheckResult.NotChecked($"{Name} {step.Name}", exception));
            }
        }

        return results;
    }

    private async Task<IReadOnlyList<CheckResult>> CheckStep(CheckRun run, StackStep step, Lazy<Task<IReadOnlySet<string>>> exports)
    {
        var check = $"{Name} {step.Name}";
        if (run.Text(step.Stack) is not { } name)
        {
            return [CheckResult.Notice(check, "its name is known once the steps before it have run")];
        }

        var stack = await run.Account.CloudFormation.Find(name);
        if (stack is not null)
        {
            run.Note(step.Name, stack.OutputValues());
        }

        var template = await Template(run, step, stack);
        List<CheckResult> results = [.. Faults(run, step, check, stack, template)];
        if (template is not null)
        {
            results.AddRange(
                template
                    .Imports.Except(await exports.Value)
                    .Order(StringComparer.Ordinal)
                    .Select(export =>
                        CheckResult.Problem(
                            check,
                            $"the template of {name} imports {export}, and no stack of {run.Target.Account}, "
                                + $"{run.Target.Region} exports it",
                            "update the stack that is to export it, or correct the name in the template or in its parameters"
                        )
                    )
            );
        }

        return results.Count > 0 ? results
            : stack is null ? [CheckResult.Ok(check, $"there is no stack {name} yet; a deployment makes it")]
            : [CheckResult.Ok(check, $"stack {name}: {stack.StackStatus}")];
    }

    private static IEnumerable<CheckResult> Faults(CheckRun run, StackStep step, string check, Stack? stack, TemplateInterface? template)
    {
        if (stack is not null && Standing(check, stack) is { } standing)
        {
            yield return standing;
        }

        if (template is null)
        {
            yield return CheckResult.Notice(check, "its template cannot be read before a deployment packages it");
            yield break;
        }

        var kept = (stack?.Parameters ?? []).Select(parameter => parameter.ParameterKey).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in step.Parameters.Keys.Where(given => !template.Parameters.Contains(given)).Order(StringComparer.Ordinal))
        {
            yield return CheckResult.Problem(check, $"its template has no parameter {unknown}, which the file gives", UpdateFile);
        }

        foreach (
            var missing in template
                .Required.Where(name => !step.Parameters.ContainsKey(name) && !kept.Contains(name))
                .Order(StringComparer.Ordinal)
        )
        {
            yield return CheckResult.Problem(
                check,
                $"its template needs the parameter {missing}, which neither the file gives nor a running stack has",
                UpdateFile
            );
        }

        var running = stack?.OutputValues();
        foreach (var output in Used(run, step).Where(output => running?.ContainsKey(output) != true && !template.Outputs.Contains(output)))
        {
            yield return CheckResult.Problem(check, $"other steps use its output {output}, which its template does not have", UpdateFile);
        }
    }

    /// <summary>What a stack's status means for a deployment; <see langword="null"/> for one that can be made or updated.</summary>
    internal static CheckResult? Standing(string check, Stack stack)
    {
        var why = stack.StackStatusReason is { Length: > 0 } reason ? $": {reason}" : string.Empty;
        var status = $"stack {stack.StackName} is {stack.StackStatus}{why}";
        return stack.StackStatus.Found switch
        {
            StackFound.Update or StackFound.Create => null,
            StackFound.Wait => CheckResult.Notice(check, $"{status}; a deployment waits for its end"),
            StackFound.Refuse => CheckResult.Problem(check, status, "look at its events, and bring it to an end by hand"),
            _ => CheckResult.Notice(check, $"{status}; a deployment brings it back first"),
        };
    }

    /// <summary>The outputs of a step that other steps use.</summary>
    private static IEnumerable<string> Used(CheckRun run, StackStep step) =>
        run
            .Source.Spec.Steps.SelectMany(other => other.Expressions)
            .SelectMany(expression => expression.References)
            .OfType<StepOutput>()
            .Where(output => output.Step == step.Name)
            .Select(output => output.Output)
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static async Task<TemplateInterface?> Template(CheckRun run, StackStep step, Stack? stack)
    {
        if (run.Text(step.Template) is not { } template)
        {
            return null;
        }

        var text = TemplateAddress.IsRemote(template)
            ? await ExternalInputs.Content(run.Account.S3, template, [])
            : Local(run, StackInputs.SourcePath(template, step));
        return text is null ? null : TemplateInterface.Read(text, template, Value);

        string? Value(string name) =>
            name switch
            {
                "AWS::Region" => run.Target.Region,
                "AWS::AccountId" => run.Target.Account,
                "AWS::StackName" => run.Text(step.Stack),
                _ => step.Parameters.TryGetValue(name, out var given)
                    ? run.Text(given)
                    : stack?.Parameters?.Find(parameter => parameter.ParameterKey == name)?.ParameterValue,
            };
    }

    private static string? Local(CheckRun run, RelativePath path) =>
        run.Source.Folder.Read(path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;

    private static async Task<IReadOnlySet<string>> Exports(TargetAccount account) =>
        (await account.CloudFormation.Exports()).Select(export => export.Name).ToHashSet(StringComparer.Ordinal);
}
