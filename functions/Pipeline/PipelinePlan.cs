using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Pipeline;

/// <summary>The plan of a pipeline's action: as an artifact, and as variables for the manual approval after it.</summary>
public sealed class PipelinePlan(IAws aws, StepKindRegistry kinds)
{
    /// <summary>
    /// The longest summary: the text of a manual approval, <c>CustomData</c>, has at most 1,000 characters, and more is beside it.
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ManualApproval.html
    /// </summary>
    private const int MostOfSummary = 800;

    /// <summary>Reads a plan that is finished.</summary>
    /// <param name="execution">The execution that made it.</param>
    /// <param name="output">The execution's output.</param>
    public async Task<ServicePlan> Read(ExecutionArn execution, string output)
    {
        var end = JsonSerializer.Deserialize(output, PlanDocuments.Default.PlanEnd)!;
        using var document = await aws.S3.GetObjectAsync(end.Document.Bucket, end.Document.Key);
        var plan = (await JsonSerializer.DeserializeAsync(document.ResponseStream, PlanDocuments.Default.ServicePlan))!;
        return plan with { Plan = execution.Value, Digest = end.Digest };
    }

    /// <summary>
    /// Puts the plan into the action's output artifact, as <c>plan.json</c> in a zip; without one there is nothing to do.
    /// </summary>
    public async Task WriteArtifact(ServicePlan plan, JobData data)
    {
        if (
            data
            is not {
                OutputArtifacts: [{ Location.S3Location: { BucketName: { Length: > 0 } bucket, ObjectKey: { Length: > 0 } key } }, ..],
                ArtifactCredentials:
                { AccessKeyId: { Length: > 0 } id, SecretAccessKey: { Length: > 0 } secret, SessionToken: { Length: > 0 } token },
            }
        )
        {
            return;
        }

        using var body = new MemoryStream();
        using (var zip = new ZipArchive(body, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("plan.json").Open())
        {
            JsonSerializer.Serialize(entry, plan, PlanDocuments.Default.ServicePlan);
        }

        body.Position = 0;
        using var artifacts = aws.S3With(new SessionAWSCredentials(id, secret, token));
        await artifacts.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = body,
                AutoCloseStream = false,
            }
        );
    }

    /// <summary>The variables of the action; names and texts are for the configuration of later actions.</summary>
    public Dictionary<string, string> Variables(ServicePlan plan, ExecutionArn execution) =>
        new()
        {
            ["Plan"] = execution.Deployment.Value,
            ["Digest"] = plan.Digest!,
            ["NeedsApproval"] = plan.NeedsApproval.Count > 0 ? "true" : "false",
            ["Changing"] = plan.Changing.ToString(CultureInfo.InvariantCulture),
            ["Risks"] = plan.Risks.ToString(CultureInfo.InvariantCulture),
            ["Summary"] = Summary(plan, MostOfSummary, Details(plan)),
            ["Link"] = execution.ConsoleLink,
        };

    /// <summary>The plan in a few words, which are cut where they would be too long.</summary>
    public static string Summary(ServicePlan plan, int length, string details = "") =>
        CauseText.Shorten(
            $"{plan.Service} to {plan.Target}: {plan.Extent()}"
                + (plan.Risks == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {plan.Risks} to review"))
                + (plan.NeedsApproval.Count == 0 ? "; needs no approval" : string.Empty)
                + details,
            length
        );

    /// <summary>What is done to which step; of resources only those that deserve a second look, or are replaced or removed.</summary>
    private string Details(ServicePlan plan) =>
        string.Concat(
            plan.Steps.Where(step => step.Action is not PlannedAction.None)
                .Select(step => $"; {step.Step}: {step.Action.Text()} {step.Subject}{Changes(step)}")
        );

    private string Changes(StepPlan step)
    {
        var shown = kinds
            .PlanParts.SelectMany(part => part.Changes(step))
            .Where(change => change.Risk is not null || change.Change is ChangeKind.Replaced or ChangeKind.Removed)
            .Select(change => $"{change.Text} {change.Change.Text()}")
            .ToList();
        return shown.Count == 0 ? string.Empty : $" ({string.Join(", ", shown)})";
    }
}
