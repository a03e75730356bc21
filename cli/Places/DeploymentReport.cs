using System.Text.Json;
using System.Text.Json.Serialization;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Places;

/// <summary>
/// The result of a deployment, on AWS or rehearsed; of a rehearsal it is the JSON document, and steps and times are those of this run. On
/// AWS they are those of the whole deployment, redrives among them.
/// </summary>
public sealed record DeploymentReport
{
    /// <summary>How it stands or ended.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The exception's name, when the deployment failed or the input is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>The sentence that names the cause.</summary>
    public string? Cause { get; init; }

    /// <summary>What helps is applied to this, by the deployment's record; <see langword="null"/> where no command needs one.</summary>
    [JsonIgnore]
    internal string? RemedySubject { get; init; }

    /// <summary>The target that the same files are to be released to first; <see langword="null"/> for none.</summary>
    [JsonIgnore]
    internal string? TargetToReleaseFirst { get; init; }

    /// <summary>The revision that a rollback was to; <see langword="null"/> for another deployment.</summary>
    [JsonIgnore]
    internal string? RollbackTo { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>The target.</summary>
    public string? Target { get; init; }

    /// <summary>The commit that was deployed.</summary>
    public string? Revision { get; init; }

    /// <summary>ARN of the execution.</summary>
    public string? Deployment { get; init; }

    /// <summary>The plan that was deployed or waits for approval; left out for a deployment without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanReport? Plan { get; init; }

    /// <summary>The notifications about it; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NotificationReport>? Notifications { get; init; }

    /// <summary>A newer deployment that has changed things since this one ended; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NewerDeployment? SupersededBy { get; init; }

    /// <summary>How the functions ran: native, executable or in-process.</summary>
    public string? Host { get; init; }

    /// <summary>What was reported to the pipeline.</summary>
    public PipelineReport? Pipeline { get; init; }

    /// <summary>The steps that were to run, those that did not among them.</summary>
    public IReadOnlyList<StepReport> Steps { get; init; } = [];

    /// <summary>
    /// What the kinds of those steps, and of those that an earlier run of the execution did, report about them; the document has it by
    /// kind, below.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<IReportPart> Parts
    {
        get =>
            [
                .. Stacks,
                .. Ions,
                .. IonsNotDeployed,
                .. Endpoints,
                .. (Others ?? []).Values.OfType<IEnumerable<object>>().SelectMany(list => list).OfType<IReportPart>(),
            ];
        init
        {
            Stacks = [.. value.OfType<StackReport>()];
            Ions = [.. value.OfType<IonsReport>()];
            Endpoints = [.. value.OfType<EndpointReport>()];
            IonsNotDeployed = [.. value.Where(part => part is not IonsReport && part.Section == IonsReport.List)];
            var others = value
                .Where(part => part is not (StackReport or IonsReport or EndpointReport) && part.Section != IonsReport.List)
                .GroupBy(part => part.Section)
                .ToDictionary(list => list.Key, list => (object)list.Cast<object>().ToList());
            Others = others.Count == 0 ? null : others;
        }
    }

    /// <summary>The stacks of those steps, with what an earlier run of the execution did.</summary>
    public IReadOnlyList<StackReport> Stacks { get; init; } = [];

    /// <summary>The ions of those steps.</summary>
    [JsonIgnore]
    public IReadOnlyList<IonsReport> Ions { get; init; } = [];

    /// <summary>What compute groups run that it has not deployed to.</summary>
    [JsonIgnore]
    internal IReadOnlyList<IReportPart> IonsNotDeployed { get; init; } = [];

    /// <summary>Both as the document has them, in one list.</summary>
    [JsonPropertyName(IonsReport.List)]
    public IReadOnlyList<object> IonsOfDocument
    {
        get => [.. Ions, .. IonsNotDeployed];
        init => Ions = [.. value.OfType<JsonElement>().Select(ions => ions.Deserialize<IonsReport>(JsonSerializerOptions.Web)!)];
    }

    /// <summary>The functions that were given an endpoint's variables.</summary>
    public IReadOnlyList<EndpointReport> Endpoints { get; init; } = [];

    /// <summary>What kinds of step report that have none of the lists above, by the name of their list.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Others { get; init; }

    /// <summary>What the steps noted for people, what was changed by hand among it, the step's name before each.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The same as the document has it: left out when there is nothing.</summary>
    [JsonPropertyName("notices")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? NoticesOfDocument
    {
        get => Notices.Count == 0 ? null : Notices;
        init => Notices = value ?? [];
    }

    /// <summary>Every step that the execution was to run, and how far each came; on the screen alone.</summary>
    [JsonIgnore]
    internal IReadOnlyList<StepOutline> Outline { get; init; } = [];

    /// <summary>What a run on AWS has besides; <see langword="null"/> for a rehearsal.</summary>
    [JsonIgnore]
    internal AwsRun? Aws { get; init; }

    /// <summary>The pipeline that has made its plan; <see langword="null"/> for what was started by hand or has no plan.</summary>
    [JsonIgnore]
    internal string? PlanningPipeline { get; init; }

    /// <summary>The pipeline whose action has begun it; <see langword="null"/> for none.</summary>
    [JsonIgnore]
    internal string? DeployingPipeline { get; init; }

    /// <summary>The development instance, whose name is the end of <see cref="Target"/>; <see langword="null"/> for none.</summary>
    [JsonIgnore]
    internal string? Instance { get; init; }

    /// <summary>Whether it was to take a development instance away.</summary>
    [JsonIgnore]
    internal bool IsRemoval { get; init; }

    /// <summary>
    /// The stage of a pipeline whose action has failed before a redrive has succeeded, and shows that still; <see langword="null"/> for
    /// none.
    /// </summary>
    [JsonIgnore]
    internal FailedStage? FailedStage { get; init; }

    /// <summary>The service's folder, where rehearsed accounts say which it is; <see langword="null"/> on AWS.</summary>
    [JsonIgnore]
    internal string? Folder { get; init; }

    /// <summary>Whether somebody stopped watching it, by Ctrl-C.</summary>
    [JsonIgnore]
    internal bool IsInterrupted { get; init; }

    /// <summary>Whether it had ended by then, and what it came to was not read yet.</summary>
    [JsonIgnore]
    internal bool HasEndedUnread { get; init; }

    /// <summary>
    /// The resources that were simulated by their type's schema alone, and custom resources; left out when there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SimulatedResource>? SimulatedBySchema { get; init; }

    /// <summary>What people did, as the schedule says it; left out without a schedule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ActReport>? People { get; init; }

    /// <summary>The looks after changes by others than the deployer, the oldest first; left out when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LookReport>? Looks { get; init; }

    /// <summary>What became of the faults that were asked for; left out without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FaultReport>? Faults { get; init; }

    /// <summary>The faults that did not strike, so that what they stand for was not rehearsed.</summary>
    [JsonIgnore]
    internal IReadOnlyList<FaultReport> NotStruck => [.. (Faults ?? []).Where(fault => !fault.Struck)];

    /// <summary>What the schedule says and never happened.</summary>
    [JsonIgnore]
    internal IReadOnlyList<ActReport> NeverHappened => [.. (People ?? []).Where(act => act.Outcome == ActOutcome.NeverHappened)];

    /// <summary>The executions that ran.</summary>
    public IReadOnlyList<ExecutionReport> Executions { get; init; } = [];

    /// <summary>The calls that were made, by caller and operation.</summary>
    public IReadOnlyList<CallReport> Calls { get; init; } = [];

    /// <summary>States entered and retries of the deployment's execution in this run.</summary>
    public int Transitions { get; init; }

    /// <summary>Invocations of the deployer's functions.</summary>
    public int LambdaInvocations { get; init; }

    /// <summary>Simulated and real time.</summary>
    public required ClockReport Clock { get; init; }

    /// <summary>Locks that are held at the end.</summary>
    public int LocksHeld { get; init; }

    /// <summary>Task tokens that are still kept at the end.</summary>
    public int WaitsOpen { get; init; }

    /// <summary>Why locks and waits are left; <see langword="null"/> when none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Unsettled { get; init; }
}

/// <summary>A plan that was deployed, or waits.</summary>
/// <param name="Plan">ARN of the execution that made it, which is its id.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="NeedsApproval">Why a person has to approve it.</param>
/// <param name="ApprovedBy">Who approved it.</param>
/// <param name="Document">What it would do; left out once it was deployed.</param>
public sealed record PlanReport(
    string Plan,
    string? Digest,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? NeedsApproval = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ApprovedBy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ServicePlan? Document = null
)
{
    /// <summary>The plan of a deployment, by its record.</summary>
    internal static PlanReport? From(DeploymentRecord? record, DeployerStage deployer) =>
        record?.Plan is { } plan
            ? new PlanReport(deployer.ExecutionArn(DeployerMachine.Plan, plan.Value), record.PlanDigest, ApprovedBy: record.ApprovedBy)
            : null;
}

/// <summary>The job of the pipeline's invoke action. <paramref name="Job"/>: succeeded or failed.</summary>
public sealed record PipelineReport(string Job, string JobId, string? Summary, IReadOnlyDictionary<string, string> Variables);

/// <summary>
/// A step. <paramref name="Action"/> is what it did; none when there was nothing to do, failed or stopped when it was not done, and
/// not started when it was not reached.
/// </summary>
public sealed record StepReport(string Name, string Kind, StepAction Action, double VirtualSeconds);

/// <summary>An execution of a state machine.</summary>
public sealed record ExecutionReport(string Arn, string Machine, string Status, int Transitions, int Redrives);

/// <summary>How often a role used an operation.</summary>
public sealed record CallReport(string Account, string Role, string Service, string Operation, int Count);

/// <summary>Seconds of simulated time and of real time.</summary>
public sealed record ClockReport(double VirtualSeconds, double WallSeconds);

/// <summary>A step that an execution was to run.</summary>
/// <param name="Name">The step.</param>
/// <param name="Ran">What it did in this run; <see langword="null"/> when it did not run.</param>
/// <param name="End">How it ended, in this run or before a redrive; <see langword="null"/> when it has not.</param>
/// <param name="Action">What it did, in this run or before a redrive.</param>
internal sealed record StepOutline(string Name, StepReport? Ran, StepEnd? End, StepAction Action = StepAction.None)
{
    /// <summary>The step as the document has it.</summary>
    /// <param name="kind">The step's kind.</param>
    public StepReport Report(string kind)
    {
        var step = Ran ?? new StepReport(Name, kind, Action, 0);
        return step with
        {
            Action = End switch
            {
                StepEnd.Failed => StepAction.Failed,
                StepEnd.Stopped => StepAction.Stopped,
                null when Ran is null => StepAction.NotStarted,
                null => StepAction.Stopped,
                _ => step.Action,
            },
        };
    }
}
