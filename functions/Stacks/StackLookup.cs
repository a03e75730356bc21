using System.Globalization;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Finding stacks. By name a missing stack is distinguished from other bad requests; by id a deleted one is still seen.</summary>
public static class StackLookup
{
    /// <summary>The stack of this name or id, or <see langword="null"/> when there is none.</summary>
    public static async Task<Stack?> Find(this IAmazonCloudFormation cloudFormation, string nameOrId)
    {
        try
        {
            var answer = await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = nameOrId });
            return answer.Stacks?.SingleOrDefault();
        }
        catch (AmazonCloudFormationException exception)
            when (exception.ErrorCode == "ValidationError" && exception.Message.Contains("does not exist", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Has a step wait for a stack, and looks at it once more, so that an event in between is not missed.</summary>
    /// <returns>The stack as it is then; a deleted one is still seen.</returns>
    public static async Task<Stack?> WaitAndLookAgain(this StepRun run, Stack stack)
    {
        await run.WaitFor(stack.StackId);
        return await run.Account.CloudFormation.Find(stack.StackId);
    }

    /// <summary>Notes that a look at a stack or its change set was without success.</summary>
    /// <returns>How long ago the first one was: a look that was tried again at once is no later one.</returns>
    internal static async Task<TimeSpan> UnseenFor(this StepRun run)
    {
        await run.Save(run.Record.Keep<StackProgress>(kept => kept with { UnseenSince = kept.UnseenSince ?? run.Account.EnteredAt }));
        return run.Since(run.Record.Kept<StackProgress>().UnseenSince);
    }

    /// <summary>A request whose refusal is a failure of the stack in CloudFormation's own words.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="template">The address of the template that CloudFormation reads; <see langword="null"/> for none.</param>
    /// <exception cref="StackFailedException">The request is not valid for the stack or its template.</exception>
    public static async Task<T> ReportRefusal<T>(this Task<T> request, string stack, string? template = null)
    {
        try
        {
            return await request;
        }
        catch (AmazonCloudFormationException exception)
            when (exception is InsufficientCapabilitiesException || exception.ErrorCode == "ValidationError")
        {
            throw new StackFailedException($"stack {stack}: {StackReasons.Complete(exception.Message, template)}")
            {
                MissingInputs = MissingInputs.In(exception.Message),
            };
        }
    }

    /// <summary>What a stack still holds, deleted resources left out: each with its type and physical id.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id.</param>
    public static async Task<IReadOnlyList<string>> HeldResources(this IAmazonCloudFormation cloudFormation, string stack) =>
        [
            .. (await cloudFormation.Resources(stack)).Select(resource =>
                $"{resource.LogicalResourceId} ({resource.ResourceType} {resource.PhysicalResourceId})"
            ),
        ];

    /// <summary>The resources that a stack holds, deleted ones and those that were never made left out.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id.</param>
    public static async Task<IReadOnlyList<StackResourceSummary>> Resources(this IAmazonCloudFormation cloudFormation, string stack)
    {
        return await Pages.All(
            next => cloudFormation.ListStackResourcesAsync(new ListStackResourcesRequest { StackName = stack, NextToken = next }),
            answer =>
                answer.StackResourceSummaries?.Where(resource =>
                    resource.ResourceStatus != ResourceStatus.DELETE_COMPLETE && resource.PhysicalResourceId is { Length: > 0 }
                ),
            answer => answer.NextToken
        );
    }

    /// <summary>What all stacks of the account and region export.</summary>
    public static async Task<IReadOnlyList<Export>> Exports(this IAmazonCloudFormation cloudFormation)
    {
        return await Pages.All(
            next => cloudFormation.ListExportsAsync(new ListExportsRequest { NextToken = next }),
            answer => answer.Exports,
            answer => answer.NextToken
        );
    }

    /// <summary>When the stack was last created or updated, in a form that can be compared.</summary>
    public static string LastChange(this Stack stack) =>
        (stack.LastUpdatedTime ?? stack.CreationTime)?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>The stack's outputs by key.</summary>
    public static IReadOnlyDictionary<string, string> OutputValues(this Stack stack) =>
        (stack.Outputs ?? []).ToDictionary(output => output.OutputKey, output => output.OutputValue);
}
