using System.Security.Cryptography;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;
using Deployer.Functions.Stacks;

namespace Deployer.Cli.Bootstrap;

/// <summary>A template to install.</summary>
/// <param name="Stack">The stack's name.</param>
/// <param name="Body">The template; <see langword="null"/> when it lies in S3.</param>
/// <param name="Url">Where it lies in S3, for one that is larger than a request may hold.</param>
/// <param name="Parameters">The parameters that are given; others keep their value, or have their default.</param>
/// <param name="Capabilities">What CloudFormation wants to be allowed.</param>
internal sealed record StackOrder(
    string Stack,
    string? Body,
    string? Url,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<string> Capabilities
);

/// <summary>Makes or updates one stack of the product: a change set first, then what a person confirms.</summary>
/// <param name="access">The account.</param>
/// <param name="progress">Where progress is shown.</param>
internal sealed class StackInstallation(AwsAccess access, IProgressView progress) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly AmazonCloudFormationClient _cloudFormation = access.Connection.Open(
        (credentials, config) => new AmazonCloudFormationClient(credentials, config),
        new AmazonCloudFormationConfig()
    );

    /// <summary>The stack, or <see langword="null"/> when there is none.</summary>
    public Task<Stack?> Find(string nameOrId) => _cloudFormation.Find(nameOrId);

    /// <summary>What would change; <see langword="null"/> when nothing would.</summary>
    /// <exception cref="InvalidInputException">CloudFormation refuses the template, a parameter, or the stack's status.</exception>
    public async Task<PreparedChange?> Prepare(StackOrder order, CancellationToken cancellation)
    {
        var present = await Find(order.Stack);
        var isNew = present is null || present.StackStatus == StackStatus.REVIEW_IN_PROGRESS;
        progress.Report(new ProgressEvent.WorkBegan($"finding out what changes in stack {order.Stack}"));
        try
        {
            var created = await _cloudFormation.CreateChangeSetAsync(
                new CreateChangeSetRequest
                {
                    StackName = order.Stack,
                    ChangeSetName = $"deployer-{RandomNumberGenerator.GetHexString(32, lowercase: true)}",
                    ChangeSetType = isNew ? ChangeSetType.CREATE : ChangeSetType.UPDATE,
                    TemplateBody = order.Body,
                    TemplateURL = order.Url,
                    Capabilities = [.. order.Capabilities],
                    Parameters = await Parameters(order, isNew ? null : present, cancellation),
                },
                cancellation
            );
            return await Described(created, isNew, cancellation);
        }
        catch (AmazonCloudFormationException refused) when (refused.ErrorCode is "ValidationError" or "InsufficientCapabilitiesException")
        {
            throw new InvalidInputException("StackRefused", $"CloudFormation refuses stack {order.Stack}: {refused.Message}", refused);
        }
    }

    /// <summary>Removes a change set that nobody wants, and the empty stack that it made.</summary>
    public async Task Discard(PreparedChange change)
    {
        await _cloudFormation.DeleteChangeSetAsync(new DeleteChangeSetRequest { ChangeSetName = change.ChangeSet });
        if (change.IsNew)
        {
            await _cloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = change.Stack });
        }
    }

    /// <summary>Executes a change and waits for its end.</summary>
    /// <exception cref="DeploymentFailedException">It failed; the first resource that did is named.</exception>
    public async Task<Stack> Execute(PreparedChange change, CancellationToken cancellation)
    {
        var began = await Newest(change.Stack, cancellation);
        await _cloudFormation.ExecuteChangeSetAsync(new ExecuteChangeSetRequest { ChangeSetName = change.ChangeSet }, cancellation);
        var stack = await Ended(change.Stack, cancellation);
        if (stack.StackStatus == StackStatus.CREATE_COMPLETE || stack.StackStatus == StackStatus.UPDATE_COMPLETE)
        {
            return stack;
        }

        throw new DeploymentFailedException(
            "StackFailed",
            $"stack {stack.StackName} ended as {stack.StackStatus}: {await FirstFailure(change.Stack, began, cancellation)}"
        );
    }

    /// <summary>Deletes a stack, waits for its end, and gives what stays.</summary>
    /// <exception cref="DeploymentFailedException">It failed; the first resource that did is named.</exception>
    public async Task<IReadOnlyList<KeptResource>> Delete(Stack stack, CancellationToken cancellation)
    {
        var began = await Newest(stack.StackId, cancellation);
        await _cloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = stack.StackId }, cancellation);
        var ended = await Ended(stack.StackId, cancellation);
        if (ended.StackStatus != StackStatus.DELETE_COMPLETE)
        {
            throw new DeploymentFailedException(
                "StackFailed",
                $"stack {stack.StackName} ended as {ended.StackStatus}: {await FirstFailure(stack.StackId, began, cancellation)}"
            );
        }

        return
        [
            .. (await Events(stack.StackId, began, cancellation))
                .Where(happened => happened.ResourceStatus == ResourceStatus.DELETE_SKIPPED)
                .Select(happened => new KeptResource(happened.LogicalResourceId, happened.ResourceType, happened.PhysicalResourceId)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _cloudFormation.Dispose();

    /// <summary>Each parameter of the template: as given, else as the stack has it; what is left has its default.</summary>
    private async Task<List<Parameter>> Parameters(StackOrder order, Stack? present, CancellationToken cancellation)
    {
        var summary = await _cloudFormation.GetTemplateSummaryAsync(
            new GetTemplateSummaryRequest { TemplateBody = order.Body, TemplateURL = order.Url },
            cancellation
        );
        var declared = (summary.Parameters ?? []).Select(parameter => parameter.ParameterKey).ToHashSet(StringComparer.Ordinal);
        if (order.Parameters.Keys.FirstOrDefault(name => !declared.Contains(name)) is { } unknown)
        {
            throw new InvalidInputException(
                "ParameterUnknown",
                $"the template of stack {order.Stack} has no parameter '{unknown}'; "
                    + $"expected one of {string.Join(", ", declared.Order(StringComparer.Ordinal))}"
            );
        }

        var kept = (present?.Parameters ?? []).Select(parameter => parameter.ParameterKey).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. order.Parameters.Select(given => new Parameter { ParameterKey = given.Key, ParameterValue = given.Value }),
            .. declared
                .Where(name => kept.Contains(name) && !order.Parameters.ContainsKey(name))
                .Select(name => new Parameter { ParameterKey = name, UsePreviousValue = true }),
        ];
    }

    private async Task<PreparedChange?> Described(CreateChangeSetResponse created, bool isNew, CancellationToken cancellation)
    {
        var changes = new List<ResourceChange>();
        string? token = null;
        while (true)
        {
            var page = await _cloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { ChangeSetName = created.Id, NextToken = token },
                cancellation
            );
            if (page.Status == ChangeSetStatus.FAILED)
            {
                await Discard(new PreparedChange(created.StackId, created.Id, isNew, []));
                // No status of its own:
                // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-changesets.html
                return
                    page.StatusReason?.Contains("didn't contain changes", StringComparison.Ordinal) == true
                    || page.StatusReason?.Contains("No updates are to be performed", StringComparison.Ordinal) == true
                    ? null
                    : throw new InvalidInputException("StackRefused", $"CloudFormation refuses the change: {page.StatusReason}");
            }

            if (page.Status != ChangeSetStatus.CREATE_COMPLETE)
            {
                await Task.Delay(Interval, cancellation);
                continue;
            }

            changes.AddRange((page.Changes ?? []).Select(change => change.ResourceChange).OfType<ResourceChange>());
            token = page.NextToken;
            if (string.IsNullOrEmpty(token))
            {
                return new PreparedChange(
                    created.StackId,
                    created.Id,
                    isNew,
                    [
                        .. changes.Select(change => new PreparedResource(
                            change.Action.Value,
                            change.LogicalResourceId,
                            change.ResourceType,
                            change.Replacement?.Value is "True" or "Conditional"
                        )),
                    ]
                );
            }
        }
    }

    private async Task<Stack> Ended(string stack, CancellationToken cancellation)
    {
        var shown = string.Empty;
        while (true)
        {
            await Task.Delay(Interval, cancellation);
            var present = await Find(stack) ?? throw new DeploymentFailedException("StackFailed", $"stack {stack} is gone");
            if (present.StackStatus.Value != shown)
            {
                shown = present.StackStatus.Value;
                progress.Report(new ProgressEvent.WorkEnded($"stack {present.StackName}: {shown}"));
            }

            if (!present.StackStatus.Value.EndsWith("_IN_PROGRESS", StringComparison.Ordinal))
            {
                return present;
            }
        }
    }

    private async Task<string?> Newest(string stack, CancellationToken cancellation) =>
        (await _cloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack }, cancellation))
            .StackEvents?.FirstOrDefault()
            ?.EventId;

    /// <summary>The events after one, in their order.</summary>
    private async Task<IReadOnlyList<StackEvent>> Events(string stack, string? after, CancellationToken cancellation)
    {
        var found = new List<StackEvent>();
        string? token = null;
        do
        {
            var page = await _cloudFormation.DescribeStackEventsAsync(
                new DescribeStackEventsRequest { StackName = stack, NextToken = token },
                cancellation
            );
            var fresh = (page.StackEvents ?? []).TakeWhile(happened => happened.EventId != after).ToList();
            found.AddRange(fresh);
            token = fresh.Count == page.StackEvents?.Count ? page.NextToken : null;
        } while (!string.IsNullOrEmpty(token));
        found.Reverse();
        return found;
    }

    private async Task<string> FirstFailure(string stack, string? after, CancellationToken cancellation) =>
        (await Events(stack, after, cancellation)).FirstOrDefault(happened =>
            happened.ResourceStatus.Value.EndsWith("_FAILED", StringComparison.Ordinal)
        )
            is { } failed
            ? $"{failed.LogicalResourceId} ({failed.ResourceType}): {failed.ResourceStatusReason}"
            : "CloudFormation has recorded no cause";
}

/// <summary>A change set that can be executed.</summary>
/// <param name="Stack">The stack's id.</param>
/// <param name="ChangeSet">The change set's id.</param>
/// <param name="IsNew">Whether the stack is made by it.</param>
/// <param name="Resources">What changes.</param>
internal sealed record PreparedChange(string Stack, string ChangeSet, bool IsNew, IReadOnlyList<PreparedResource> Resources);

/// <summary>A resource that changes.</summary>
internal sealed record PreparedResource(string Action, string Name, string Type, bool IsReplaced);

/// <summary>A resource that its template keeps when the stack is deleted.</summary>
internal sealed record KeptResource(string Name, string Type, string Id);
