using System.Text.Json.Serialization;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>A look at a target after something of it was changed by others than the deployer.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Result">nothing-differs, reported, redeployed, planned, ignored or nothing-deployed.</param>
/// <param name="Changes">What had happened, the oldest first.</param>
/// <param name="Differences">What is not as it was deployed, a sentence each.</param>
public sealed record LookReport(DateTimeOffset At, string Result, IReadOnlyList<OutsideChange> Changes, IReadOnlyList<string> Differences)
{
    /// <summary>Why nothing was deployed again yet, although the target says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The name of the deployment that was started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deployment { get; init; }

    /// <summary>The plan that was begun.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Plan { get; init; }

    /// <summary>How the deployment has ended that has deployed nothing again, such as <c>was refused</c>.</summary>
    [JsonIgnore]
    internal string? EndOfDeployment { get; init; }

    /// <summary>The report of a record.</summary>
    public static LookReport From(LookRecord look) =>
        new(look.At, Words(look.Result), look.Changes, look.Differences)
        {
            Reason = look.Reason,
            Deployment = look.Deployment?.Value,
            Plan = look.Plan?.Value,
        };

    /// <summary>Looks with how the deployments ended that they have begun.</summary>
    /// <param name="tools">The deployer's account.</param>
    /// <param name="stage">The deployer's stage.</param>
    /// <param name="looks">The looks that are wanted: each one that has begun a deployment is asked for.</param>
    internal static async Task<IReadOnlyList<LookReport>> WithEnds(AccountClients tools, string stage, IEnumerable<LookReport> looks)
    {
        var ledger = tools.Ledger(stage);
        var ended = new List<LookReport>();
        foreach (var look in looks)
        {
            ended.Add(
                look.Deployment is { } deployment
                    ? await look.WithEnd(
                        tools.StepFunctions,
                        tools.Deployer(stage).ExecutionArn(DeployerMachine.Deploy, deployment),
                        hasBegun: await ledger.Read(DeploymentRecord.Key(new DeploymentId(deployment))) is not null
                    )
                    : look
            );
        }

        return ended;
    }

    /// <summary>The look with how its deployment has ended, where that has deployed nothing again.</summary>
    /// <param name="stepFunctions">The client of the deployer's account.</param>
    /// <param name="execution">ARN of the deployment's execution.</param>
    /// <param name="hasBegun">Whether it has a record: one that was refused has none.</param>
    internal async Task<LookReport> WithEnd(IAmazonStepFunctions stepFunctions, string execution, bool hasBegun)
    {
        DescribeExecutionResponse described;
        try
        {
            described = await stepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
        }
        catch (ExecutionDoesNotExistException)
        {
            // It may not have been started yet, and Step Functions forgets an execution 90 days after it has closed.
            return this;
        }

        return described.Status == ExecutionStatus.SUCCEEDED || described.Status == ExecutionStatus.RUNNING ? this
            : described.Status == ExecutionStatus.ABORTED ? this with { EndOfDeployment = "was stopped" }
            : hasBegun ? this with { EndOfDeployment = "has failed" }
            : this with
            {
                EndOfDeployment = "was refused",
                Reason = $"{described.Error ?? described.Status.Value}: {Executions.Sentence(described.Cause) ?? "no cause"}",
            };
    }

    /// <summary>The looks at a target, the oldest first; none where the stage has no deployer.</summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="service">The service.</param>
    /// <param name="target">The target, or the development instance as one.</param>
    public static async Task<IReadOnlyList<LookReport>> All(LedgerTable ledger, string service, string target)
    {
        try
        {
            var looks = new List<LookReport>();
            foreach (var look in await ledger.Query(LookRecord.All(service, target)))
            {
                looks.Add(look.Plan is { } plan ? await Decided(ledger, plan, From(look)) : From(look));
            }

            return looks;
        }
        catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
        {
            return [];
        }
    }

    /// <summary>A look with what has become of its plan since: its record says what was known when the plan was made.</summary>
    private static async Task<LookReport> Decided(LedgerTable ledger, DeploymentId plan, LookReport look)
    {
        var planned = await ledger.Read(PlanRecord.Key(plan));
        var decision = planned is null ? null : await ApprovalRecord.Find(ledger, planned);
        var deployed = planned?.DeployedBy?.Deployment;
        if (decision is null && deployed is null && planned is { NeedsApproval.Count: > 0 })
        {
            return await Superseded(ledger, planned) is { } sentence ? look with { Reason = sentence } : look;
        }

        return (decision, deployed) switch
        {
            ({ } made, { } by) => look with { Reason = $"plan {plan} was {made.Sentence}, and is deployed by {by}" },
            ({ } made, null) => look with { Reason = $"plan {plan} was {made.Sentence}" },
            _ => look,
        };
    }

    /// <summary>What has taken the place of a plan that waits; <see langword="null"/> when nothing has.</summary>
    private static async Task<string?> Superseded(LedgerTable ledger, PlanRecord plan)
    {
        try
        {
            await new PlanApprovals(ledger).RefuseSuperseded(plan);
            return null;
        }
        catch (SupersededException superseded)
        {
            return superseded.Message;
        }
    }

    private static string Words(LookResult result) =>
        result switch
        {
            LookResult.NothingDiffers => "nothing-differs",
            LookResult.Reported => "reported",
            LookResult.Redeployed => "redeployed",
            LookResult.Planned => "planned",
            LookResult.Ignored => "ignored",
            _ => "nothing-deployed",
        };
}
