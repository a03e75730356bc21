using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Datomic;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>What somebody has to know about a change set that is ready, before it is executed: what a plan prints beside it.</summary>
/// <param name="Notices">A sentence each: Datomic's critical notices of every release in between, runtimes that Lambda gives up.</param>
public sealed record StackReview(IReadOnlyList<string> Notices)
{
    /// <summary>Reviews a change set by its template, wherever that came from, and by the stack as it runs.</summary>
    /// <exception cref="DatomicRuleException">A rule of Datomic does not hold.</exception>
    /// <exception cref="SpecInvalidException">Lambda does not take the runtime of a function any more.</exception>
    public static async Task<StackReview> Of(StepRun run, DescribeChangeSetResponse changeSet)
    {
        var cloudFormation = run.Account.CloudFormation;
        var step = run.Step<StackStep>();
        var template = await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = changeSet.StackId, ChangeSetName = changeSet.ChangeSetId });
        var facts = TemplateFacts.Read(template.TemplateBody, run.Text(step.Template));
        var stack = await cloudFormation.Find(changeSet.StackId);
        var release = DatomicTemplate.TryParse(run.Text(step.Template), out var known) ? known.Release : facts.Release;
        var upgrade = new DatomicUpgrade(step, stack?.StackStatus.Found == StackFound.Update ? stack : null);
        upgrade.Check(release, step.Parameters.ToDictionary(parameter => parameter.Key, parameter => run.Text(parameter.Value)));
        return new StackReview([.. upgrade.Notices(release), .. Runtimes(changeSet.StackName, facts)]);
    }

    private static IEnumerable<string> Runtimes(string stack, TemplateFacts template)
    {
        var retired = template.Runtimes.Where(function => LambdaRuntimes.IsRetired(function.Runtime)).ToList();
        if (retired.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', retired.Select(function =>
                $"{function.Position}: the runtime {function.Runtime} of {function.LogicalId} in stack {stack} is retired: Lambda neither creates nor updates such functions")));
        }

        return template.Runtimes.Where(function => LambdaRuntimes.IsDeprecated(function.Runtime)).Select(function =>
            $"{function.Position}: the runtime {function.Runtime} of {function.LogicalId} in stack {stack} is deprecated: Lambda will neither create nor update such functions");
    }
}
