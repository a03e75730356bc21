using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// What a plan looks at of a stack. Values are not: CloudFormation masks those of <c>NoEcho</c> parameters, so that another one looks the
/// same. Any update of the stack has changed it instead, whatever it has changed, and so has a new version of what it reads from elsewhere.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html (NoEcho),
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html (LastUpdatedTime)
/// </remarks>
internal static class StackFacts
{
    private const string DoesNotExist = "does not exist";

    /// <summary>The stack, its nested stacks and what it reads from elsewhere, as they are.</summary>
    /// <param name="run">The step.</param>
    /// <param name="settings">Where the deployer's bucket is.</param>
    public static async Task<IReadOnlyList<LiveFact>> Read(StepRun run, Settings settings)
    {
        if (run.Evaluate(run.Step<StackStep>().Stack).Value is not { } name)
        {
            return [];
        }

        var cloudFormation = run.Account.CloudFormation;
        var stack = await cloudFormation.Find(name);
        List<LiveFact> facts = [new(Thing(name), State(stack))];
        if (stack is null || stack.StackStatus.Found != StackFound.Update)
        {
            return facts;
        }

        var released = run.LastRelease?.Kept<ReleasedStack>();
        foreach (
            var (path, nested) in (released?.Nested ?? new Dictionary<string, ReleasedNestedStack>()).OrderBy(
                nested => nested.Key,
                StringComparer.Ordinal
            )
        )
        {
            facts.Add(new($"nested stack {path} of stack {name}", State(await cloudFormation.Find(nested.Id))));
        }

        if (run.UnknownReferences().Count == 0)
        {
            var external = await ExternalInputs.Read(run, StackInputs.Resolve(run, settings), stack);
            facts.AddRange(external.Values.Select(value => new LiveFact($"{value.Key}, which stack {name} uses", value.Value)));
        }

        return facts;
    }

    /// <summary>
    /// Refuses to change a stack which somebody else has updated since the plan of the deployment was made, also while the deployment ran
    /// or after it had failed. Nothing is refused where the deployment has no plan.
    /// </summary>
    /// <param name="run">The step, whose change set is ready.</param>
    /// <param name="planned">What the plan showed of the step; <see langword="null"/> for a deployment without one.</param>
    /// <param name="id">The stack.</param>
    /// <exception cref="PlanChangedException">It was; the message names the operation.</exception>
    public static async Task RefuseIfUpdatedByOthers(StepRun run, StepPlan? planned, string id)
    {
        var cloudFormation = run.Account.CloudFormation;
        if (
            planned is null
            || await cloudFormation.Find(id) is not { } stack
            || planned.LookedAt.FirstOrDefault(fact => fact.Thing == Thing(stack.StackName)) is not { } before
            || State(stack) is var now && (now == before.State || now == DoesNotExist)
        )
        {
            return;
        }

        // What is about to be changed was changed by the last operation: of this deployment, where an earlier attempt has failed.
        var last = (await cloudFormation.Events(id)).LastOrDefault(happened =>
            happened.PhysicalResourceId == id && happened.ResourceStatus.Value != StackStatus.REVIEW_IN_PROGRESS.Value
        );
        if (
            last?.ClientRequestToken is { } token
            && Names.IsTokenOf(token, run.Deployment.Deployment.Value, run.Record.Step, run.Record.Task, run.Record.Attempt)
        )
        {
            return;
        }

        var by = last?.ClientRequestToken is { } other ? $"operation {other}" : "an operation without a client request token";
        throw new PlanChangedException(
            $"step {run.Name}: stack {stack.StackName} was updated by others since plan {run.Deployment.Plan} was made, by {by}"
                + $", and nothing of it was changed; plan again\nwhen it was planned {before.State}, now {now}"
        );
    }

    private static string Thing(string stack) => $"stack {stack}";

    /// <summary>
    /// When the stack was last changed, and its status. A stack that only has a change set to review does not exist yet, and one that is
    /// being deleted, as the empty one of a plan is for a moment, no longer exists.
    /// </summary>
    private static string State(Stack? stack) =>
        stack is null || stack.StackStatus == StackStatus.REVIEW_IN_PROGRESS || stack.StackStatus == StackStatus.DELETE_IN_PROGRESS
            ? DoesNotExist
            : $"{stack.StackStatus}, last changed {stack.LastChange()}";
}
