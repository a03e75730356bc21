using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Compares what goes into a stack, the stack itself and its nested stacks with what the last deployment left.</summary>
public sealed class StackComparison(Settings settings)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();
    private static readonly IReadOnlyDictionary<string, ReleasedNestedStack> NoNested = new Dictionary<string, ReleasedNestedStack>();

    /// <summary>Whether the stack is as the last deployment left it and this one wants nothing else.</summary>
    /// <param name="run">The step.</param>
    /// <param name="progress">Which nested stacks were compared before.</param>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        if (run.UnknownReferences() is { Count: > 0 } unknown)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        var inputs = StackInputs.Resolve(run, settings);
        if (run.LastRelease is not { } released)
        {
            return new Comparison.Changes($"stack {inputs.Stack} was not deployed by this deployer yet");
        }

        if (inputs.Digest != released.Inputs)
        {
            return new Comparison.Changes($"the template, parameters or tags of stack {inputs.Stack} are not those of the last deployment");
        }

        var stack = await run.Account.CloudFormation.Find(released.Resource);
        return stack switch
        {
            null => new Comparison.Changes($"stack {inputs.Stack} no longer exists"),
            _ when stack.StackStatus.Found == StackFound.Wait => new Comparison.NotReadable(
                new NotYetException($"stack {inputs.Stack} is {stack.StackStatus}")
            ),
            _ when !IsComparable(stack.StackStatus) => new Comparison.Changes($"stack {inputs.Stack} is {stack.StackStatus}"),
            _ when stack.LastChange() != released.LastChanged => new Comparison.Changes(
                $"stack {inputs.Stack} was updated since the last deployment"
            ),
            _ => await NestedStacks.Compare(
                run.Account.CloudFormation,
                inputs.Stack,
                released.Kept<ReleasedStack>().Nested ?? NoNested,
                progress
            )
                is not Comparison.NoChanges
                    and var nested
                ? nested
                : await CompareOutside(run, inputs, stack, released),
        };
    }

    /// <summary>
    /// Whether a stack has what its last deployment gave it, unless it was updated since: an update that was rolled back left it as it was
    /// before, and the moment of its last change says whether that was looked at.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html</remarks>
    private static bool IsComparable(StackStatus status) =>
        status.Ended == StackEnd.Succeeded || status == StackStatus.UPDATE_ROLLBACK_COMPLETE;

    /// <summary>
    /// What CloudFormation has read from elsewhere, since the same text stands for another value when that has changed; and what was
    /// published of the stack.
    /// </summary>
    private static async Task<Comparison> CompareOutside(StepRun run, StackInputs inputs, Stack stack, ReleasedStep released)
    {
        var external = await ExternalInputs.Read(run, inputs, stack);
        var used = released.Kept<ReleasedStack>().External ?? None;
        var notComparable = external.NotComparable(used);
        var published = await PublishedOutputs.Differing(run, released.Outputs);
        List<string> differences =
        [
            .. external.Differences(used).Select(what => $"{what} is not what stack {inputs.Stack} used in the last deployment"),
            .. published.Keys.Select(name => $"the parameter {name} does not hold the output of stack {inputs.Stack}"),
        ];
        return differences.Count > 0 ? new Comparison.Changes(differences)
            : notComparable.Count > 0 ? new Comparison.NotComparable(notComparable)
            : new Comparison.NoChanges();
    }
}
