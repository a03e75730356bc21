using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Datomic;
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
    /// <exception cref="SpecInvalidException">Lambda does not take the runtime of a function any more, or a name would be needed twice
    /// at once.</exception>
    /// <exception cref="StackFailedException">A nested stack that would be updated was deleted.</exception>
    /// <exception cref="ExportInUseException">An export that would be removed or changed is imported.</exception>
    public static async Task<StackReview> Check(StepRun run, DescribeChangeSetResponse changeSet, IReadOnlyList<PlacedChange> changes)
    {
        var cloudFormation = run.Account.CloudFormation;
        var step = run.Step<StackStep>();
        var template = await Template(cloudFormation, changeSet.StackId, changeSet.ChangeSetId);
        var facts = TemplateFacts.Read(template, run.Text(step.Template));
        var stack = await cloudFormation.Find(changeSet.StackId);
        var present = stack?.StackStatus.Found == StackFound.Update ? stack : null;
        var release = DatomicTemplate.TryParse(run.Text(step.Template), out var known) ? known.Release : facts.Release;
        var upgrade = new DatomicUpgrade(step, present);
        upgrade.Check(release, step.Parameters.ToDictionary(parameter => parameter.Key, parameter => run.Text(parameter.Value)));
        CheckTransactor(run, template, name => ChangeSetValues.ParameterAfter(present, changeSet, name));
        if (present is not null)
        {
            await NestedStacks.CheckPresent(cloudFormation, present.StackName, changes);
            CustomNamedReplacements.Check(
                present.StackName,
                CustomNames.Read(template, run.Text(step.Template), name => ChangeSetValues.ParameterAfter(present, changeSet, name)),
                changes
            );
            await new ExportsInUse(cloudFormation, present).Check(changeSet, template, run.Text(step.Template), changes);
        }

        IReadOnlyList<FunctionRuntime> runtimes = [.. facts.Runtimes, .. await Nested(cloudFormation, changes)];
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
    /// The runtimes in the templates of the nested stacks that would be made or changed, which a change set of their own holds.
    /// </summary>
    private static async Task<IReadOnlyList<FunctionRuntime>> Nested(
        IAmazonCloudFormation cloudFormation,
        IReadOnlyList<PlacedChange> changes
    )
    {
        var runtimes = new List<FunctionRuntime>();
        foreach (var placed in changes.Where(placed => placed.Change.ChangeSetId is { Length: > 0 }))
        {
            var nested = await cloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { ChangeSetName = placed.Change.ChangeSetId }
            );
            runtimes.AddRange(
                TemplateFacts
                    .Read(await Template(cloudFormation, nested.StackId, nested.ChangeSetId), $"nested stack {placed.Resource}")
                    .Runtimes
            );
        }

        return runtimes;
    }

    private static async Task<string> Template(IAmazonCloudFormation cloudFormation, string stack, string changeSet) =>
        (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = stack, ChangeSetName = changeSet })).TemplateBody;

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
