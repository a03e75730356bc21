using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Compares what goes into a stack, and the stack itself, with what the last deployment left.</summary>
public sealed class StackComparison(Settings settings)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>Whether the stack is as the last deployment left it and this one wants nothing else.</summary>
    public async Task<Comparison> Compare(StepRun run)
    {
        if (run.UnknownReferences() is { Count: > 0 } unknown)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        var inputs = StackInputs.Resolve(run, settings);
        if (run.Released.GetValueOrDefault(run.Name) is not { } released)
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
            null => new Comparison.Changes($"stack {inputs.Stack} does not exist any more"),
            _ when stack.StackStatus.Found == StackFound.Wait => new Comparison.NotReadable(
                new NotYetException($"stack {inputs.Stack} is {stack.StackStatus}")
            ),
            _ when stack.StackStatus.Ended != StackEnd.Succeeded => new Comparison.Changes($"stack {inputs.Stack} is {stack.StackStatus}"),
            _ when stack.LastChange() != released.LastChanged => new Comparison.Changes(
                $"stack {inputs.Stack} was updated since the last deployment"
            ),
            _ => await CompareExternal(run, inputs, stack, released.Kept<ReleasedStack>().External ?? None),
        };
    }

    /// <summary>What CloudFormation has read from elsewhere: the same text stands for another value when that has changed.</summary>
    private static async Task<Comparison> CompareExternal(
        StepRun run,
        StackInputs inputs,
        Stack stack,
        IReadOnlyDictionary<string, string> used
    )
    {
        var external = await ExternalInputs.Read(run, inputs, stack);
        return external.Differences(used).ToList() is { Count: > 0 } differences
                ? new Comparison.Changes([
                    .. differences.Select(what => $"{what} is not what stack {inputs.Stack} used in the last deployment"),
                ])
            : external.Unknown.Count > 0 ? new Comparison.NotComparable(external.Unknown)
            : new Comparison.NoChanges();
    }
}
