using System.Text.Json.Serialization;
using Deployer.Functions.Approvals;
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

    /// <summary>The report of a record.</summary>
    public static LookReport From(LookRecord look) =>
        new(look.At, Words(look.Result), look.Changes, look.Differences)
        {
            Reason = look.Reason,
            Deployment = look.Deployment?.Value,
            Plan = look.Plan?.Value,
        };

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
        var decision = await ledger.Read(ApprovalRecord.Key(plan));
        var deployed = (await ledger.Read(PlanRecord.Key(plan)))?.DeployedBy?.Deployment;
        return (decision, deployed) switch
        {
            ({ } made, { } by) => look with { Reason = $"plan {plan} was {made.Sentence}, and is deployed by {by}" },
            ({ } made, null) => look with { Reason = $"plan {plan} was {made.Sentence}" },
            _ => look,
        };
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
