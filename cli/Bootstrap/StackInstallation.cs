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
/// <param name="Template">The template.</param>
/// <param name="Parameters">The parameters that are given; others keep their value, or have their default.</param>
/// <param name="Capabilities">What CloudFormation wants to be allowed.</param>
internal sealed record StackOrder(
    string Stack,
    PlacedTemplate Template,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<string> Capabilities
);

/// <summary>A change set that can be executed.</summary>
/// <param name="Stack">The stack's id.</param>
/// <param name="ChangeSet">The change set's id.</param>
/// <param name="IsNew">Whether the stack is made by it.</param>
/// <param name="Resources">What changes.</param>
internal sealed record PreparedChange(string Stack, string ChangeSet, bool IsNew, IReadOnlyList<StackChange> Resources);

/// <summary>A stack after its operation.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Cause">Why the operation failed; <see langword="null"/> when it succeeded.</param>
internal sealed record InstalledStack(Stack Stack, string? Cause)
{
    /// <summary>Whether the stack was never made, and what is left of it has to be deleted.</summary>
    public bool IsLeft => Stack.StackStatus.Found == StackFound.Remove;
}

/// <summary>A stack after its deletion.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Kept">The events of the resources that stay.</param>
/// <param name="Cause">Why the deletion failed; <see langword="null"/> when it succeeded.</param>
internal sealed record DeletedStack(Stack Stack, IReadOnlyList<StackEvent> Kept, string? Cause);

/// <summary>Makes, updates or deletes one stack of the product: a change set first, then what a person confirms.</summary>
internal sealed class StackInstallation : IDisposable
{
    /// <summary>
    /// How often what was just made is looked for before it counts as gone: what is read may be older. It is not documented, and seen:
    /// https://github.com/aws/aws-cdk-cli/issues/1802.
    /// </summary>
    private const int Looks = 30;

    private readonly TimeSpan _interval;

    /// <summary>Installs in an account.</summary>
    /// <param name="access">The account.</param>
    public StackInstallation(AwsAccess access)
        : this(
            access.Connection.Open(
                (credentials, config) => new AmazonCloudFormationClient(credentials, config),
                new AmazonCloudFormationConfig()
            ),
            TimeSpan.FromSeconds(2)
        ) { }

    /// <summary>Installs by a client, which is closed with this.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="interval">The time between two looks.</param>
    internal StackInstallation(IAmazonCloudFormation cloudFormation, TimeSpan interval) =>
        (CloudFormation, _interval) = (cloudFormation, interval);

    private IAmazonCloudFormation CloudFormation { get; }

    /// <summary>The stack, or <see langword="null"/> when there is none.</summary>
    public Task<Stack?> Find(string nameOrId) => CloudFormation.Find(nameOrId);

    /// <summary>What would change; <see langword="null"/> when nothing would.</summary>
    /// <exception cref="InvalidInputException">CloudFormation refuses the template, a parameter, or the stack's status.</exception>
    public async Task<PreparedChange?> Prepare(StackOrder order, IProgressView progress, CancellationToken cancellation)
    {
        var present = await Find(order.Stack);
        var isNew = present is null || present.StackStatus == StackStatus.REVIEW_IN_PROGRESS;
        progress.Report(new ProgressEvent.WorkBegan($"finding out what changes in stack {order.Stack}"));
        try
        {
            var created = await CloudFormation
                .CreateChangeSetAsync(
                    new CreateChangeSetRequest
                    {
                        StackName = order.Stack,
                        ChangeSetName = NewToken(),
                        ChangeSetType = isNew ? ChangeSetType.CREATE : ChangeSetType.UPDATE,
                        TemplateBody = order.Template.Body,
                        TemplateURL = order.Template.Url,
                        Capabilities = [.. order.Capabilities],
                        Parameters = await Parameters(order, isNew ? null : present, cancellation),
                    },
                    cancellation
                )
                .ReportRefusal(order.Stack);
            return await Prepared(created, isNew, cancellation);
        }
        catch (StackFailedException refused)
        {
            throw new InvalidInputException("StackRefused", $"CloudFormation refuses {refused.Message}", refused);
        }
    }

    /// <summary>Removes a change set that nobody wants, and the empty stack that it made.</summary>
    public async Task Discard(PreparedChange change)
    {
        await CloudFormation.DeleteChangeSetAsync(new DeleteChangeSetRequest { ChangeSetName = change.ChangeSet });
        if (change.IsNew)
        {
            await CloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = change.Stack });
        }
    }

    /// <summary>Executes a change and waits for its end.</summary>
    public async Task<InstalledStack> Execute(PreparedChange change, IProgressView progress, CancellationToken cancellation)
    {
        var token = NewToken();
        cancellation.ThrowIfCancellationRequested();
        // Not to be interrupted: whether it has begun would not be known.
        try
        {
            await CloudFormation.ExecuteChangeSetAsync(
                new ExecuteChangeSetRequest { ChangeSetName = change.ChangeSet, ClientRequestToken = token }
            );
        }
        catch (Exception exception) when (exception is ChangeSetNotFoundException or InvalidChangeSetStatusException)
        {
            // The SDK asks again where an answer was lost, and the execution of ours removes the change set, too.
            if (!await HasBegun(change.Stack, token, cancellation))
            {
                throw Gone(change.Stack);
            }
        }

        var stack = await Ended(change.Stack, token, progress, cancellation);
        return new InstalledStack(
            stack,
            stack.StackStatus.Ended == StackEnd.Succeeded ? null : await StackCause.Explain(CloudFormation, stack, token)
        );
    }

    /// <summary>Deletes a stack, waits for its end, and gives what stays.</summary>
    public async Task<DeletedStack> Delete(Stack stack, IProgressView progress, CancellationToken cancellation)
    {
        var token = NewToken();
        cancellation.ThrowIfCancellationRequested();
        await CloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = stack.StackId, ClientRequestToken = token });
        var ended = await Ended(stack.StackId, token, progress, cancellation);
        return ended.StackStatus == StackStatus.DELETE_COMPLETE
            ? new DeletedStack(
                ended,
                [
                    .. (await CloudFormation.Events(stack.StackId)).Where(happened =>
                        happened.ClientRequestToken == token && happened.ResourceStatus == ResourceStatus.DELETE_SKIPPED
                    ),
                ],
                null
            )
            : new DeletedStack(ended, [], await StackCause.Explain(CloudFormation, ended, token));
    }

    /// <inheritdoc/>
    public void Dispose() => CloudFormation.Dispose();

    /// <summary>A name for a change set, or a request token, that nobody else has.</summary>
    private static string NewToken() => $"deployer-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>Each parameter of the template: as given, else as the stack has it; what is left has its default.</summary>
    private async Task<List<Parameter>> Parameters(StackOrder order, Stack? present, CancellationToken cancellation)
    {
        var summary = await CloudFormation
            .GetTemplateSummaryAsync(
                new GetTemplateSummaryRequest { TemplateBody = order.Template.Body, TemplateURL = order.Template.Url },
                cancellation
            )
            .ReportRefusal(order.Stack);
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

    /// <summary>A change set once it is made; <see langword="null"/> when it has nothing to change, and is gone then.</summary>
    private async Task<PreparedChange?> Prepared(CreateChangeSetResponse created, bool isNew, CancellationToken cancellation)
    {
        var changeSet = await Describe(created, cancellation);
        while (changeSet.Status == ChangeSetStatus.CREATE_PENDING || changeSet.Status == ChangeSetStatus.CREATE_IN_PROGRESS)
        {
            await Task.Delay(_interval, cancellation);
            changeSet = await Describe(created, cancellation);
        }

        if (changeSet.Status == ChangeSetStatus.CREATE_COMPLETE)
        {
            var changes = await ChangeSetChanges.Read(CloudFormation, stack: null, created.Id);
            return new PreparedChange(created.StackId, created.Id, isNew, StackChanges.Describe(changes));
        }

        var isNothing = changeSet.Status == ChangeSetStatus.FAILED && ChangeSetReasons.IsNothingToDo(changeSet.StatusReason);
        var failure = isNothing ? null : await ChangeSetReasons.Failure(CloudFormation, changeSet);
        await Discard(new PreparedChange(created.StackId, created.Id, isNew, []));
        return failure is null ? null : throw failure;
    }

    private async Task<DescribeChangeSetResponse> Describe(CreateChangeSetResponse created, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return await CloudFormation.DescribeChangeSetAsync(
                    new DescribeChangeSetRequest { ChangeSetName = created.Id },
                    cancellation
                );
            }
            catch (ChangeSetNotFoundException) when (look < Looks)
            {
                await Task.Delay(_interval, cancellation);
            }
            catch (ChangeSetNotFoundException)
            {
                throw Gone(created.StackId);
            }
        }
    }

    /// <summary>Whether a stack has an event of an operation; one that has begun may not be listed yet.</summary>
    private async Task<bool> HasBegun(string stack, string token, CancellationToken cancellation)
    {
        for (var look = 1; look < Looks; look++)
        {
            if ((await CloudFormation.Events(stack)).Any(happened => happened.ClientRequestToken == token))
            {
                return true;
            }

            await Task.Delay(_interval, cancellation);
        }

        return false;
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html</summary>
    private static DeploymentFailedException Gone(string stack) =>
        new(
            "StackFailed",
            $"the change set of stack {stack.Split('/')[1]} is gone, and this command has changed nothing: somebody has deleted it, or "
                + "executed another one, which deletes all others of the stack; run the command again"
        );

    /// <summary>The stack once an operation has ended, which goes on also where nobody waits for that.</summary>
    private async Task<Stack> Ended(string stack, string token, IProgressView progress, CancellationToken cancellation)
    {
        try
        {
            return await Watched(stack, token, progress, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new InterruptedException($"interrupted; what has begun of the stack {stack} goes on", cancellation);
        }
    }

    private async Task<Stack> Watched(string stack, string token, IProgressView progress, CancellationToken cancellation)
    {
        StackStatus? shown = null;
        var missing = 0;
        while (true)
        {
            await Task.Delay(_interval, cancellation);
            if (await Find(stack) is not { } present)
            {
                missing++;
                if (missing < Looks)
                {
                    continue;
                }

                throw new DeploymentFailedException("StackFailed", $"stack {stack} is gone");
            }

            if (present.StackStatus != shown)
            {
                shown = present.StackStatus;
                progress.Report(new ProgressEvent.WorkEnded($"stack {present.StackName}: {shown}"));
            }

            // A description may be behind, and show how the operation before ended.
            if (
                present.StackStatus == StackStatus.DELETE_COMPLETE
                || (present.StackStatus.Ended != StackEnd.Running && await CloudFormation.CameToItsStatus(present, token))
            )
            {
                return present;
            }
        }
    }
}
