using System.Security.Cryptography;
using System.Text.Json;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Plans;

/// <summary>Begins the plan of a service, and puts together what its steps found.</summary>
public sealed class ServicePlanner(
    IAws aws,
    Settings settings,
    LedgerTable ledger,
    Requests requests,
    Sources sources,
    StepRuns runs,
    SupersededPlans superseded,
    Notifier notifier,
    StepKindRegistry kinds
)
{
    /// <summary>Checks a request and lists the steps that it is about; doing it again changes nothing.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong.</exception>
    /// <exception cref="NotYetException">A deployment of the target runs.</exception>
    public async Task<PlanSteps> Begin(PlanInput input)
    {
        var plan = input.Execution.Deployment;
        var accepted = await requests.Accept(
            input.Request.Parse() switch
            {
                ParsedRequest.RemoveInstance => throw new SpecInvalidException("the input has 'remove'; only a deployment is planned"),
                ParsedRequest.ChangeCapacity => throw new SpecInvalidException("the input has 'capacity'; only a deployment is planned"),
                var deployment => deployment,
            }
        );
        using var source = accepted.Source;
        await WaitForDeployment(input.Request, accepted.Target);
        var wanted = accepted.Record(input.Execution, number: 0) with { AskedAt = input.BegunAt };
        var record = await ledger.Change(DeploymentRecord.Key(plan), present => present ?? wanted, wanted.Expires);
        await ledger.Change(PlanRecord.Key(plan), present => present ?? Begun(record, input.Request), record.Expires);
        return new PlanSteps(
            plan,
            [.. accepted.Source.Graph(record).Waves.SelectMany(wave => wave).Select(step => new WaveStep(step.Name, step.Kind))]
        );
    }

    /// <summary>
    /// A plan that is to be deployed looks at what the deployment leaves that runs: what it looked at before would not be there any more.
    /// One that is only looked at waits for nothing.
    /// </summary>
    /// <exception cref="NotYetException">A deployment of the target runs; the machine tries again.</exception>
    private async Task WaitForDeployment(DeploymentRequest request, TargetSpec target)
    {
        if (
            request.AsksForApproval
            && target.Approval is not null
            && await ledger.Read(LockRecord.Key(request.Service, target.Name)) is { Owner: { } owner }
        )
        {
            throw new NotYetException(
                $"the deployment {owner.Deployment} of {request.Service} to {target.Name} runs; it is planned after it"
            );
        }
    }

    /// <summary>The plan before it is finished; its source is the one that is kept, since what was handed in may go.</summary>
    private PlanRecord Begun(DeploymentRecord record, DeploymentRequest request) =>
        new()
        {
            Plan = record.Deployment,
            Execution = record.Execution,
            Request = request with
            {
                Source = request.Source is null ? null : new SourceObject(settings.Bucket, Sources.Key(record.Service, record.Digest)),
            },
            Source = record.Digest,
            Revision = record.Revision,
            RollbackTo = record.RollbackTo,
            Only = record.Only,
        };

    /// <summary>Keeps the plan's document in the bucket, and what a deployment of it is held against in the table.</summary>
    public async Task<PlanEnd> Finish(FinishPlanInput input)
    {
        var deployment = await runs.Deployment(input.Deployment);
        using var source = await sources.Read(deployment);
        var found = (await ledger.Query(StepPlan.All(input.Deployment))).ToDictionary(
            step => step.Step,
            step => step with { ShowsAll = null },
            StringComparer.Ordinal
        );
        var graph = source.Graph(deployment);
        var steps = new List<StepPlan>();
        foreach (var wave in graph.Waves)
        {
            // What runs in earlier waves may change what a step works on, as it is judged in a deployment.
            var earlier = steps.Where(step => step.Action != PlannedAction.None).ToList();
            steps.AddRange(wave.Select(step => InOrder(step, found[step.Name], earlier, graph)));
        }

        var plan = new ServicePlan(deployment.Service, deployment.Target, deployment.Revision, steps)
        {
            Source = deployment.Digest,
            RollbackTo = deployment.RollbackTo,
            Risks =
                kinds.PlanParts.Sum(part => steps.SelectMany(part.Changes).Count(change => change.Risk is not null))
                + steps.Sum(step => step.Risks?.Count ?? 0),
        };
        var target = source.Target(deployment);
        var approval =
            deployment.Purpose == DeploymentPurpose.RollBack
                ? await requests.ApprovalOfRollback(
                    target,
                    deployment.Service,
                    (await ledger.Read(PlanRecord.Key(deployment.Deployment)))?.Request.Approval?.Parse()
                )
                : target.Approval;
        var refusesDrift = deployment is { Drift: DriftReaction.Refuse, AcceptsDrift: false };
        plan = plan with { NeedsApproval = ApprovalRule.Reasons(approval, plan, kinds.PlanParts, refusesDrift) };
        var content = JsonSerializer.SerializeToUtf8Bytes(plan, PlanDocuments.Default.ServicePlan);
        var document = new SourceObject(settings.Bucket, $"plans/{deployment.Deployment}.json");
        using (var body = new MemoryStream(content))
        {
            await aws.S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = document.Bucket,
                    Key = document.Key,
                    InputStream = body,
                }
            );
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        await Keep(deployment, plan, digest, input.BegunAt);
        // Nothing else asks for it: a rule about some changes is held to these.
        foreach (var step in approval is { For.Count: 0 } ? steps.Where(ShowsAll) : [])
        {
            await ledger.Put(
                StepPlan.Key(input.Deployment, step.Step),
                found[step.Step] with
                {
                    ShowsAll = true,
                },
                input.BegunAt + LedgerTable.Lifetime
            );
        }

        if (deployment.Error is not null)
        {
            // It is of an earlier run of the execution, which was redriven.
            await ledger.Change(
                DeploymentRecord.Key(deployment.Deployment),
                present =>
                    (present ?? deployment) with
                    {
                        RedriveCount = input.RedriveCount,
                        Error = null,
                        Cause = null,
                        RemedySubject = null,
                    }
            );
        }

        return new PlanEnd(
            deployment.Service,
            deployment.Target,
            document,
            digest,
            plan.NeedsApproval.Count > 0,
            plan.Changing,
            plan.Risks,
            plan.Problems
        );
    }

    /// <summary>A plan of an execution that an earlier version began is shown, and cannot be deployed.</summary>
    private async Task Keep(DeploymentRecord deployment, ServicePlan plan, string digest, DateTimeOffset? begunAt)
    {
        if (await ledger.Read(PlanRecord.Key(deployment.Deployment)) is not { } begun)
        {
            return;
        }

        await ledger.Put(
            PlanRecord.Key(deployment.Deployment),
            begun with
            {
                Digest = digest,
                BegunAt = begunAt,
                NeedsApproval = plan.NeedsApproval,
                Problems = plan.Problems,
                LookedAt = [.. plan.Steps.Select(step => new LookedAtStep(step.Step, step.LookedAt))],
            },
            begunAt + LedgerTable.Lifetime
        );
        // What needs no approval is deployed at once, and is the newer wish, also with nothing to do. What is only deployed again because
        // others have changed something is no wish of anybody.
        var waits = plan.NeedsApproval.Count > 0;
        if (
            begun.Request is { AsksForApproval: true } request
            && plan.Problems == 0
            && (waits || request.After is null)
            && begunAt is { } moment
        )
        {
            NewestPlan? older = null;
            var newest = await ledger.Change(
                NewestPlan.Key(deployment.Service, deployment.Target),
                present =>
                {
                    older = present;
                    return present is not null && present.BegunAt > moment ? present : new NewestPlan(deployment.Deployment, moment);
                }
            );
            if (newest.Plan == deployment.Deployment)
            {
                if (older is not null && older.Plan != deployment.Deployment)
                {
                    await superseded.SendForPlan(older.Plan, deployment, waits ? digest : null);
                }

                if (waits)
                {
                    await superseded.Wait(deployment);
                    await TellWaiting(deployment, plan, digest);
                }
            }
        }
    }

    private Task TellWaiting(DeploymentRecord deployment, ServicePlan plan, string digest) =>
        notifier.Send(
            deployment.NotificationOf(NotificationKind.WaitingForApproval, NotificationVerdict.WaitingForApproval) with
            {
                Plan = new NotifiedPlan(deployment.Deployment.Value, digest) { NeedsApproval = plan.NeedsApproval },
                Next = NextCommands.Approve(deployment.Execution, digest),
            },
            deployment.Notifications
        );

    /// <summary>Nothing of the step is known after apply only, and nothing that changes before it can change it.</summary>
    private bool ShowsAll(StepPlan step) =>
        step is { Action: not PlannedAction.Depends, KnownAfterApply.Count: 0 }
        && kinds.PlanParts.Any(part => part.IsOfResources && part.IsIn(step));

    private static StepPlan InOrder(StepSpec step, StepPlan plan, IReadOnlyList<StepPlan> earlier, StepGraph graph)
    {
        // The values of now may be others once the steps that they come from have run.
        var uncertain = step
            .Expressions.SelectMany(expression => expression.References)
            .OfType<Spec.Expressions.StepOutput>()
            .Where(output => earlier.Any(other => other.Step == output.Step))
            .Select(output => output.Name);
        var changing = earlier.Where(other => other.Action != PlannedAction.Depends).Select(other => other.Step).ToList();
        var before = changing.Intersect(graph.AllBefore(step.Name)).ToList();
        // What is missing now may be made by then; without a step that changes, it cannot be.
        var lacking = changing.Count > 0 ? plan.MissingInputs : null;
        var depends = changing.Count > 0 && (plan.Action == PlannedAction.None || lacking is not null);
        return plan with
        {
            KnownAfterApply = [.. plan.KnownAfterApply.Union(uncertain).Union(lacking ?? []).Order(StringComparer.Ordinal)],
            Action = depends ? PlannedAction.Depends : plan.Action,
            Problem = lacking is null ? plan.Problem : null,
            MissingInputs = null,
            DependsOn =
                !depends ? []
                : before.Count > 0 ? before
                : changing,
        };
    }
}
