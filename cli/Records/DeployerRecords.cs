using Amazon.StepFunctions.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Cli.Records;

/// <summary>What a deployer has recorded of a service.</summary>
/// <param name="tools">The deployer's account.</param>
/// <param name="notFound">What is said where there is no deployer of a stage.</param>
internal sealed class DeployerRecords(AccountClients tools, Func<string, InvalidInputException> notFound) : IDisposable
{
    private const int PageSize = 100;

    private readonly AccountClients _tools = tools;

    /// <summary>Those of a deployer on AWS.</summary>
    public DeployerRecords(AwsAccess access)
        : this(new AccountClients(access.Connection, access.Account), stage => AwsPlace.NotFound(access, stage)) { }

    /// <summary>The newest deployments of a service to a target, the newest first.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target, or the development instance as one.</param>
    /// <param name="stage">The deployer's stage.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Ends reading.</param>
    /// <exception cref="InvalidInputException">There is no such deployer.</exception>
    public async Task<IReadOnlyList<PastDeployment>> History(
        string service,
        string target,
        string stage,
        int most,
        CancellationToken cancellation
    )
    {
        var ledger = _tools.Ledger(stage);
        var found = new List<PastDeployment>();
        ILookup<string, NotedNotification>? noted = null;
        IReadOnlyList<PushedRevision>? pushed = null;
        await foreach (var page in Pages.Read(next => List(stage, next, cancellation), answer => answer.NextToken))
        {
            // A deployer that there is not has no table either, and the list of executions says so.
            noted ??= (await ledger.Query(NotedNotification.All)).ToLookup(waiting => waiting.Notification.Subject, StringComparer.Ordinal);
            foreach (var listed in page.Executions ?? [])
            {
                var execution = new ExecutionArn(listed.ExecutionArn);
                var record = await ledger.Read(DeploymentRecord.Key(execution.Deployment));
                var isOf = record is null
                    ? await IsFor(listed, service, target, cancellation)
                    : record.Service == service && record.Target == target;
                if (isOf)
                {
                    var notSent = noted.Contains(execution.Deployment.Value)
                        ? (await NotificationReport.Read(ledger, execution.Deployment.Value) ?? [])
                            .Select(notification => notification.Fault)
                            .OfType<string>()
                            .ToList()
                        : [];
                    pushed ??= [.. (await ledger.Query(PushedRevision.All(service))).Where(revision => revision.Target == target)];
                    var past = PastDeployment.From(listed, record, pushed) with { NotSent = notSent.Count == 0 ? null : notSent };
                    found.Add(
                        past is { Verdict: Verdict.Failed, Error: null } ? await WithCause(past, cancellation)
                        : past.Verdict == Verdict.Succeeded && record?.HadNothingToDo is null ? await WithOutcome(past, cancellation)
                        : past
                    );
                }

                if (found.Count == most)
                {
                    return found;
                }
            }
        }
        return found;
    }

    /// <summary>The newest looks at a target after changes by others, the newest first.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target, or the development instance as one.</param>
    /// <param name="stage">The deployer's stage.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<LookReport>> Looks(string service, string target, string stage, int most) =>
        [
            .. (
                await LookReport.WithEnds(_tools, stage, (await LookReport.All(_tools.Ledger(stage), service, target)).TakeLast(most))
            ).Reverse(),
        ];

    /// <summary>What the steps of a service last released on a target, in no order.</summary>
    /// <inheritdoc cref="History"/>
    public async Task<IReadOnlyList<ReleaseReport>> Releases(string service, string target, string stage, CancellationToken cancellation)
    {
        var ledger = _tools.Ledger(stage);
        var deployments = new Dictionary<DeploymentId, (DeploymentRecord? Record, DateTime? Ended)>();
        var found = new List<ReleaseReport>();
        foreach (var step in await Released(ledger, service, target))
        {
            if (!deployments.TryGetValue(step.Deployment, out var by))
            {
                var record = await ledger.Read(DeploymentRecord.Key(step.Deployment));
                by = deployments[step.Deployment] = (record, record is null ? null : await Ended(record.Execution, cancellation));
            }

            // Records of earlier versions do not say it: when their deployment ended is the best that is known.
            var since = step.At ?? by.Ended;
            found.Add(
                new ReleaseReport(
                    target,
                    step.Step,
                    step.Resource,
                    since is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null,
                    by.Record?.By,
                    by.Record?.Revision,
                    by.Record?.Number,
                    by.Record?.Execution.Value
                )
            );
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _tools.Dispose();

    private async Task<ListExecutionsResponse> List(string stage, string? token, CancellationToken cancellation)
    {
        try
        {
            return await _tools.StepFunctions.ListExecutionsAsync(
                new ListExecutionsRequest
                {
                    StateMachineArn = _tools.Deployer(stage).MachineArn(DeployerMachine.Deploy),
                    MaxResults = PageSize,
                    NextToken = token,
                },
                cancellation
            );
        }
        catch (StateMachineDoesNotExistException)
        {
            throw notFound(stage);
        }
    }

    /// <summary>A deployment that failed before its record could say why: its execution does.</summary>
    private async Task<PastDeployment> WithCause(PastDeployment past, CancellationToken cancellation)
    {
        var described = await _tools.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = past.Deployment },
            cancellation
        );
        return past with
        {
            By = past.By ?? DeploymentRequest.FromJson(described.Input)?.By,
            Error = described.Error,
            Cause = Executions.Sentence(described.Cause),
        };
    }

    /// <summary>
    /// A deployment of a version whose record does not say whether there was anything to do: the output of its execution does.
    /// </summary>
    private async Task<PastDeployment> WithOutcome(PastDeployment past, CancellationToken cancellation)
    {
        var described = await _tools.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = past.Deployment },
            cancellation
        );
        return past with { Verdict = DeploymentEnd.Read(described.Output)?.Outcome.Verdict() ?? past.Verdict };
    }

    /// <summary>
    /// Whether an execution that ended before it had a record was to deploy a service to a target, as its input says: a person may have
    /// given it any name. The name decides where the input says nothing, since every other way has the service's and the target's in it.
    /// </summary>
    private async Task<bool> IsFor(ExecutionListItem listed, string service, string target, CancellationToken cancellation)
    {
        var described = await _tools.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = listed.ExecutionArn },
            cancellation
        );
        return DeploymentRequest.FromJson(described.Input) is { Service: { Length: > 0 }, Target: { Length: > 0 } } request
            ? request.Service == service
                && (request.Instance is null ? request.Target : TargetSpec.NameOf(request.Target, request.Instance)) == target
            : listed.Name.StartsWith($"{service}-{target}-", StringComparison.Ordinal);
    }

    /// <summary>A stage that has no deployer yet has released nothing.</summary>
    private static async Task<IReadOnlyList<ReleasedStep>> Released(LedgerTable ledger, string service, string target)
    {
        try
        {
            return await ledger.Query(ReleasedStep.All(service, target));
        }
        catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
        {
            return [];
        }
    }

    /// <summary>When an execution ended; not known any more 90 days after that.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html</remarks>
    private async Task<DateTime?> Ended(ExecutionArn execution, CancellationToken cancellation)
    {
        try
        {
            var described = await _tools.StepFunctions.DescribeExecutionAsync(
                new DescribeExecutionRequest { ExecutionArn = execution.Value },
                cancellation
            );
            return described.StopDate ?? described.StartDate;
        }
        catch (ExecutionDoesNotExistException)
        {
            return null;
        }
    }
}
