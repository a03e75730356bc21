using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ions;

/// <summary>
/// The executions of a compute group's own machine, <c>datomic-GROUP</c>, which ion-dev starts and names
/// <c>GROUP-REVISION-MILLISECONDS</c>.
/// </summary>
public sealed class IonExecutions(TargetAccount account, string group)
{
    private readonly string _machine = $"arn:aws:states:{account.Region}:{account.Account}:stateMachine:datomic-{group}";

    /// <summary>
    /// The execution that runs, or <see langword="null"/>. The list may be older than the end of what it lists
    /// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html): one that is described as ended is none.
    /// </summary>
    public async Task<ExecutionListItem?> Running() =>
        (await List(ExecutionStatus.RUNNING)).FirstOrDefault() is { } listed
        && IonStatuses.Classify((await Describe(listed.ExecutionArn))?.Status ?? ExecutionStatus.RUNNING) == IonState.Running
            ? listed
            : null;

    /// <summary>The execution that was started last, or <see langword="null"/>.</summary>
    public async Task<ExecutionListItem?> Newest() => (await List(status: null)).FirstOrDefault();

    /// <summary>
    /// The execution that was started last for a revision, or <see langword="null"/>: one of another revision says nothing about this one.
    /// </summary>
    public async Task<ExecutionListItem?> NewestOf(string revision) =>
        (await List(status: null)).FirstOrDefault(execution => IsOf(execution, revision));

    /// <summary>Whether an execution deploys a revision.</summary>
    public bool IsOf(ExecutionListItem execution, string revision) =>
        execution.Name.StartsWith($"{group}-{revision}-", StringComparison.Ordinal);

    /// <summary>
    /// How an execution stands; <see langword="null"/> for one that is not known yet: the operation is eventually consistent
    /// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html).
    /// </summary>
    public async Task<DescribeExecutionResponse?> Describe(string arn)
    {
        try
        {
            return await account.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn });
        }
        catch (ExecutionDoesNotExistException)
        {
            return null;
        }
    }

    /// <summary>Lets a failed execution go on at the state that failed.</summary>
    public Task Redrive(string arn) => account.StepFunctions.RedriveExecutionAsync(new RedriveExecutionRequest { ExecutionArn = arn });

    /// <summary>They are listed with the newest first (API reference, ListExecutions).</summary>
    private async Task<IReadOnlyList<ExecutionListItem>> List(ExecutionStatus? status) =>
        (
            await account.StepFunctions.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = _machine, StatusFilter = status })
        ).Executions
        ?? [];
}
