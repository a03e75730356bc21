using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Datomic;
using Deployer.Spec.Expressions;
using Deployer.Spec.Rules;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>What somebody has to know about a change set that is ready, before it is executed: what a plan prints beside it.</summary>
/// <param name="Notices">A sentence each: Datomic's critical notices of every release in between, runtimes that Lambda gives up.</param>
public sealed record StackReview(IReadOnlyList<string> Notices)
{
    /// <summary>Reviews a change set by its templates, wherever they came from, and by the stack as it runs.</summary>
    /// <param name="run">The step.</param>
    /// <param name="changeSet">The change set.</param>
    /// <param name="changes">Its changes, those of nested stacks among them.</param>
    /// <exception cref="DatomicRuleException">A rule of Datomic does not hold.</exception>
    /// <exception cref="SpecInvalidException">Lambda does not take the runtime of a function any more, a name would be needed twice at
    /// once, or an output would not be there that another step needs.</exception>
    /// <exception cref="StackFailedException">A nested stack that would be updated was deleted.</exception>
    /// <exception cref="ExportInUseException">An export that would be removed or changed is imported.</exception>
    public static async Task<StackReview> Check(StepRun run, DescribeChangeSetResponse changeSet, IReadOnlyList<PlacedChange> changes)
    {
        var cloudFormation = run.Account.CloudFormation;
        var step = run.Step<StackStep>();
        var reviewed = await ReviewedTemplate.Read(cloudFormation, changeSet);
        var template = reviewed.Original;
        var stack = await cloudFormation.Find(changeSet.StackId);
        var present = stack?.StackStatus.Found == StackFound.Update ? stack : null;
        await CheckOutputs(run, reviewed, name => ChangeSetValues.ParameterAfter(present, changeSet, name));
        var facts = TemplateFacts.Read(template, run.Text(step.Template));
        var release = DatomicTemplate.TryParse(run.Text(step.Template), out var known) ? known.Release : facts.Release;
        var upgrade = new DatomicUpgrade(step, present);
        upgrade.Check(release, step.Parameters.ToDictionary(parameter => parameter.Key, parameter => run.Text(parameter.Value)));
        CheckTransactor(run, template, name => ChangeSetValues.ParameterAfter(present, changeSet, name));
        if (present is not null)
        {
            await NestedStacks.CheckPresent(cloudFormation, present.StackName, changes);
            await new ExportsInUse(cloudFormation, present).Check(changeSet, template, run.Text(step.Template), changes);
        }

        var nested = await NestedTemplate.All(cloudFormation, changes);
        await StackNames.Check(run, present, reviewed, nested, changes);
        IReadOnlyList<FunctionRuntime> runtimes =
        [
            .. facts.Runtimes,
            .. nested.SelectMany(stack => TemplateFacts.Read(stack.Template.Original, stack.File).Runtimes),
        ];
        return new StackReview([.. upgrade.Notices(release), .. Runtimes(changeSet.StackName, runtimes)]);
    }

    /// <summary>A transactor that could not start with the step's values and those that the stack keeps is refused.</summary>
    private static void CheckTransactor(StepRun run, string template, Func<string, string?> value)
    {
        var step = run.Step<StackStep>();
        var faults = TransactorTemplateRules.Faults(run.Source.Spec, step, run.Target, template, run.Text(step.Template), value);
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }

    /// <summary>
    /// Refuses a template without an output that another step needs: that step would only fail after this one had changed the stack. The
    /// folder does not show it of a template at an address, nor of what a macro makes, nor where a condition goes by a value that the stack
    /// keeps.
    /// </summary>
    private static async Task CheckOutputs(StepRun run, ReviewedTemplate reviewed, Func<string, string?> value)
    {
        var needed = Needed(run);
        if (needed.Count == 0)
        {
            return;
        }

        var stack = reviewed.ChangeSet.StackName;
        if (
            await reviewed.Processed() is not { } template
            || TemplateInterface.Read(template, stack, _ => null) is not { } made
            || made.Outputs.Any(output => output.StartsWith("Fn::", StringComparison.Ordinal))
        )
        {
            return;
        }

        var absent = TemplateOutputs.Absent(template, value);
        var faults = new List<string>();
        foreach (var (output, users) in needed)
        {
            if (absent.TryGetValue(output, out var condition))
            {
                faults.AddRange(
                    users.Select(user =>
                        $"{user} needs the output {output} of stack {stack}, which it would not have: with the "
                        + $"parameters that it would have then, the condition '{condition}' of the output does not hold"
                    )
                );
            }
            else if (!made.Outputs.Contains(output))
            {
                faults.AddRange(
                    users.Select(user =>
                        $"{user} needs the output {output} of stack {stack}, which its template would not have; "
                        + "it would have "
                        + (made.Outputs.Count == 0 ? "no outputs" : CauseText.List([.. made.Outputs.Order(StringComparer.Ordinal)]))
                    )
                );
            }
        }

        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }

    /// <summary>
    /// The outputs of the step that others need, of this deployment and of those that were released before, with where they need them.
    /// </summary>
    private static SortedDictionary<string, List<string>> Needed(StepRun run)
    {
        var steps = run.Source.Graph(run.Deployment).Steps.Select(step => step.Name).Union(run.Released.Keys).ToHashSet();
        var needed = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var step in run.Source.Spec.Steps.Where(step => steps.Contains(step.Name)))
        {
            foreach (var expression in step.Expressions)
            {
                foreach (var output in expression.References.OfType<StepOutput>().Where(output => output.Step == run.Name))
                {
                    if (!needed.TryGetValue(output.Output, out var users))
                    {
                        needed.Add(output.Output, users = []);
                    }

                    users.Add($"{expression.Position}: step '{step.Name}'");
                }
            }
        }

        return needed;
    }

    private static IEnumerable<string> Runtimes(string stack, IReadOnlyList<FunctionRuntime> runtimes)
    {
        var retired = runtimes.Where(function => LambdaRuntimes.IsRetired(function.Runtime)).ToList();
        if (retired.Count > 0)
        {
            throw new SpecInvalidException(
                string.Join(
                    '\n',
                    retired.Select(function =>
                        $"{function.Position}: the runtime {function.Runtime} of {function.LogicalId} in stack "
                        + $"{stack} is retired: Lambda neither creates nor updates such functions"
                    )
                )
            );
        }

        return runtimes
            .Where(function => LambdaRuntimes.IsDeprecated(function.Runtime))
            .Select(function =>
                $"{function.Position}: the runtime {function.Runtime} of {function.LogicalId} in stack {stack} is "
                + "deprecated: Lambda will neither create nor update such functions"
            );
    }
}
