using System.Diagnostics;
using Deployer.Functions.Accounts;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Kinds;

namespace Deployer.Functions.Deployments;

/// <summary>A request that was accepted.</summary>
/// <param name="Request">The request.</param>
/// <param name="Source">The service's folder and file.</param>
/// <param name="Target">The target, or the development instance as one.</param>
/// <param name="Earlier">What a rollback goes back to; <see langword="null"/> for another request.</param>
public sealed record AcceptedRequest(ParsedRequest Request, ServiceSource Source, TargetSpec Target, EarlierRelease? Earlier)
{
    /// <summary>The record of its deployment.</summary>
    public DeploymentRecord Record(ExecutionArn execution, long number) =>
        new()
        {
            Deployment = execution.Deployment,
            Execution = execution,
            Service = Request.Subject.Service,
            Target = Target.Name,
            Account = Target.Account,
            Region = Target.Region,
            Notifications = Target.Notifications.SequenceEqual(NotificationKinds.Usual) ? null : Target.Notifications,
            Drift = Target.Drift ?? (Request.Subject.Drift ? DriftReaction.Warn : null),
            AcceptsDrift = Request.Subject.AcceptDrift,
            Pipeline = Request.Subject.Pipeline,
            PipelineExecution = Request.Subject.PipelineExecution,
            Revision = Earlier is null ? Request.Subject.Revision : Earlier.Commit,
            By = Request.Subject.By,
            Remove = Request is ParsedRequest.RemoveInstance,
            Expired = Request is ParsedRequest.RemoveInstance { Expired: not null },
            RollbackTo = Earlier?.Name,
            Capacity = (Request as ParsedRequest.ChangeCapacity)?.Change,
            Digest = Source.Digest,
            Only = Steps(),
            IsAgain = Request.Subject.IsAgain,
            FollowedBy = Request.Subject.FollowedBy is { Count: > 0 } followers ? followers : null,
            Number = number,
        };

    /// <summary>Refuses a deployment whose steps refer to the commit that is deployed where none is named: one would fail.</summary>
    /// <exception cref="SpecInvalidException">It is so; each place is in the message.</exception>
    public void RefuseMissingRevision()
    {
        if (Request.Subject.Revision is null && Source.Spec.NeedsRevision(Steps()) is { Count: > 0 } faults)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }

    private IReadOnlyList<string> Steps() =>
        Earlier is not null ? [.. Earlier.Revisions.Select(revision => revision.Step)] : Target.StepsFor(Request.Subject.Steps);
}

/// <summary>Accepts requests: finds the source of what is asked for, and holds it against the service's file.</summary>
public sealed class Requests(
    Settings settings,
    LedgerTable ledger,
    Sources sources,
    StepKinds kinds,
    StepKindRegistry registered,
    CapacityWaves capacity,
    Revisions revisions,
    InstanceRegistry instances
)
{
    /// <summary>Checks a request and keeps its source.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong; all faults are in the message.</exception>
    public async Task<AcceptedRequest> Accept(ParsedRequest request)
    {
        var subject = request.Subject;
        if (request is ParsedRequest.RollBack or ParsedRequest.ChangeCapacity && subject.Instance is { } instance)
        {
            // One that was removed has no steps to go back or to turn on, though its revisions are known.
            await instances.Find(subject, instance);
        }

        var earlier = request is ParsedRequest.RollBack rollback
            ? await revisions.Find(subject.Service, subject.TargetName, rollback.Revision, subject.Steps)
            : null;
        var source = request switch
        {
            ParsedRequest.Deploy deploy => await sources.Keep(deploy.Source),
            ParsedRequest.RollBack => await sources.Read(subject.Service, earlier!.Source),
            ParsedRequest.ChangeCapacity => await LastDeployed(subject),
            ParsedRequest.RemoveInstance removal => await ForRemoval(removal),
            _ => throw new UnreachableException(),
        };
        var others = subject.Instance is null ? [] : await ledger.Query(InstanceRecord.WithPrefix(subject.Service, string.Empty));
        var target = Check(request, source, others);
        if (request is ParsedRequest.RollBack)
        {
            target = target with { Approval = await ApprovalOfRollback(target, subject.Service, subject.Approval) };
        }

        return new AcceptedRequest(request, source, target, earlier);
    }

    /// <summary>
    /// By which rule a rollback is approved: by those of the file which is deployed again, of the last deployment and of the file at hand
    /// together, so that nobody gets past an approval by way of an old revision.
    /// </summary>
    /// <param name="target">The target as the file has it that is deployed again.</param>
    /// <param name="service">The service.</param>
    /// <param name="atHand">The rule of the file at hand, where whoever asks has one.</param>
    public async Task<ApprovalSpec?> ApprovalOfRollback(TargetSpec target, string service, ApprovalSpec? atHand)
    {
        var asked = ApprovalSpec.Stricter(target.Approval, atHand);
        if (
            await ledger.Read(DeployedSteps.Key(service, target.Name)) is not { } deployed
            || await ledger.Read(DeploymentRecord.Key(deployed.Last)) is not { } last
        )
        {
            return asked;
        }

        using var source = await sources.Read(last);
        // The last deployment may be a rollback itself, to a file that has no rule.
        return ApprovalSpec.Stricter(asked, ApprovalSpec.Stricter(last.Approval, source.Spec.Target(target.Declared)?.Approval));
    }

    private async Task<ServiceSource> ForRemoval(ParsedRequest.RemoveInstance removal)
    {
        using var deployed = await sources.Read(removal.Subject.Service, (await instances.Find(removal)).Digest);
        return await sources.Keep(new RemovalFolder(deployed, registered));
    }

    /// <summary>
    /// The source of the newest deployment that released a step on the target. One that a look has begun deploys older files again, and
    /// the newer ones have the groups that were added since.
    /// </summary>
    private async Task<ServiceSource> LastDeployed(RequestSubject subject)
    {
        var names = (await ledger.Query(ReleasedStep.All(subject.Service, subject.TargetName))).Select(step => step.Deployment).ToHashSet();
        if (await ledger.Read(DeployedSteps.Key(subject.Service, subject.TargetName)) is { } deployed)
        {
            names.Add(deployed.Last);
        }

        var deployments = new List<DeploymentRecord>();
        foreach (var name in names)
        {
            if (await ledger.Read(DeploymentRecord.Key(name)) is { } deployment)
            {
                deployments.Add(deployment);
            }
        }

        return
            deployments.OrderBy(deployment => deployment.IsAgain).ThenByDescending(deployment => deployment.Number).FirstOrDefault()
                is { } newest
            ? await sources.Read(newest)
            : throw new SpecInvalidException(
                $"nothing that this deployer has deployed of {subject.Service} to {subject.TargetName} is there, "
                    + "so it knows none of its compute groups; deploy it first"
            );
    }

    private TargetSpec Check(ParsedRequest request, ServiceSource source, IReadOnlyList<InstanceRecord> others)
    {
        var subject = request.Subject;
        var faults = new List<string>();
        if (source.Spec.Service != subject.Service)
        {
            faults.Add($"the request is for service '{subject.Service}', deployer.yaml describes '{source.Spec.Service}'");
        }

        var target = source.Spec.Target(subject.Target);
        if (target is null)
        {
            faults.Add(
                $"deployer.yaml has no target '{subject.Target}'; "
                    + $"expected one of {string.Join(", ", source.Spec.Targets.Select(known => known.Name))}"
            );
        }
        else if (!settings.AllowedTargets.Contains(target.Account))
        {
            faults.Add($"the deployer of stage '{settings.Stage}' may not deploy to account {target.Account} (target '{target.Name}')");
        }

        if (target is not null && subject.Instance is { } instance)
        {
            target = target.ForInstance(instance);
            faults.AddRange(CheckInstance(subject, source, target, others));
        }

        faults.AddRange(
            subject
                .Steps.Where(step => source.Spec.Step(step) is null)
                .Select(step =>
                    $"deployer.yaml has no step '{step}'; "
                    + $"expected one of {string.Join(", ", source.Spec.Steps.Select(known => known.Name))}"
                )
        );
        faults.AddRange(request is ParsedRequest.ChangeCapacity ? CapacityFaults(subject, source) : []);
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }

        return target!;
    }

    private IEnumerable<string> CheckInstance(
        RequestSubject subject,
        ServiceSource source,
        TargetSpec target,
        IReadOnlyList<InstanceRecord> others
    )
    {
        if (target.Instances is not { } instances)
        {
            return
            [
                $"target '{subject.Target}' allows no development instances; "
                    + "expected 'instances' with steps and expireAfter in deployer.yaml",
            ];
        }

        if (SpecReader.InstanceNameFault(target.Instance!) is { } wrong)
        {
            return [$"{wrong.Problem}; expected {wrong.Expected}"];
        }

        return
        [
            .. SpecReader
                .CheckInstance(
                    source.Spec,
                    source.Folder,
                    target,
                    others.Select(other => source.Spec.TargetOrInstance(other.Target)).OfType<TargetSpec>(),
                    kinds
                )
                .Select(fault => fault.ToString()),
            .. subject
                .Steps.Where(step => source.Spec.Step(step) is not null)
                .Except(instances.StepNames)
                .Select(step => $"a development instance has no step '{step}'; expected one of {string.Join(", ", instances.StepNames)}"),
        ];
    }

    private IEnumerable<string> CapacityFaults(RequestSubject subject, ServiceSource source)
    {
        var groups = capacity.Steps(source.Spec).Select(step => step.Name).ToList();
        return groups.Count == 0
            ?
            [
                "deployer.yaml has no step whose capacity could be changed; "
                    + $"expected {string.Join(" or ", registered.All.Select(kind => kind.StepsWithCapacity).OfType<string>())}",
            ]
            : subject
                .Steps.Where(step => source.Spec.Step(step) is not null && !groups.Contains(step))
                .Select(step => $"the step '{step}' has no capacity that could be changed; expected one of {string.Join(", ", groups)}");
    }
}
