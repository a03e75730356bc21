using Deployer.Functions.Accounts;
using Deployer.Functions.Capacity;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Kinds;

namespace Deployer.Functions.Deployments;

/// <summary>A request that was accepted.</summary>
/// <param name="Request">The request.</param>
/// <param name="Source">The service's folder and file.</param>
/// <param name="Target">The target, or the development instance as one.</param>
/// <param name="Earlier">The revisions that a rollback goes back to, the newest first; none for another request.</param>
public sealed record AcceptedRequest(
    DeploymentRequest Request,
    ServiceSource Source,
    TargetSpec Target,
    IReadOnlyList<PushedRevision> Earlier
)
{
    /// <summary>The record of its deployment.</summary>
    public DeploymentRecord Record(string execution, long number) =>
        new()
        {
            Deployment = Executions.Name(execution),
            Execution = execution,
            Service = Request.Service,
            Target = Target.Name,
            Revision = Earlier.Count > 0 ? Earlier[0].Commit : Request.Revision,
            By = Request.By,
            Remove = Request.Remove,
            RollbackTo = Earlier.Count > 0 ? Earlier[0].Name : null,
            Capacity = Request.Capacity is { } capacity ? Requests.Capacities[capacity] : null,
            Digest = Source.Digest,
            Only =
                Earlier.Count > 0 ? [.. Earlier.Select(revision => revision.Step)]
                : Request.Steps is { Count: > 0 } steps ? steps
                : (Target.Instance is null ? [] : Target.Instances!.StepNames),
            Number = number,
        };
}

/// <summary>Accepts requests: an execution can be started with any input, by hand too.</summary>
public sealed class Requests(
    Settings settings,
    LedgerTable ledger,
    Sources sources,
    StepKinds kinds,
    Revisions revisions,
    InstanceRegistry instances
)
{
    /// <summary>What a request can say of the capacity of compute groups.</summary>
    internal static readonly IReadOnlyDictionary<string, CapacityChange> Capacities = new Dictionary<string, CapacityChange>(
        StringComparer.Ordinal
    )
    {
        ["on"] = CapacityChange.On,
        ["off"] = CapacityChange.Off,
    };

    /// <summary>Checks a request and keeps its source.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong; all faults are in the message.</exception>
    public async Task<AcceptedRequest> Accept(DeploymentRequest request)
    {
        CheckComplete(request);
        var earlier = request.RollbackTo is { } to
            ? await revisions.Find(request.Service, TargetName(request), to, request.Steps ?? [])
            : [];
        var source =
            earlier is [var newest, ..] ? await sources.Of(request.Service, newest.Source)
            : request.Capacity is not null ? await Last(request)
            : request.Remove
                ? await sources.Keep(new EmptiedIons(await sources.Of(request.Service, (await instances.Find(request)).Digest)))
            : await sources.Keep(request.Source!);
        var others = request.Instance is null ? [] : await ledger.Query(InstanceRecord.WithPrefix(request.Service, string.Empty));
        return new AcceptedRequest(request, source, Check(request, source, others), earlier);
    }

    private static string TargetName(DeploymentRequest request) =>
        request.Instance is { } instance ? TargetSpec.NameOf(request.Target, instance) : request.Target;

    private static void CheckComplete(DeploymentRequest request)
    {
        if (
            request.Remove
            && (
                request.Instance is null
                || request.RollbackTo is not null
                || request.Capacity is not null
                || request.Source is not null
                || request.Revision is not null
                || request.Steps is not null
            )
        )
        {
            throw new SpecInvalidException(
                """only a development instance is removed, and as a whole; expected {"service": …, "target": …, "instance": …, "remove": true}"""
            );
        }

        var needsSource = !request.Remove && request.RollbackTo is null && request.Capacity is null;
        var missing = new (string Name, string? Value)[]
        {
            ("service", request.Service),
            ("target", request.Target),
            ("source.bucket", needsSource ? request.Source?.Bucket : "none"),
            ("source.key", needsSource ? request.Source?.Key : "none"),
        }
            .Where(member => string.IsNullOrEmpty(member.Value))
            .Select(member => member.Name)
            .ToList();
        if (missing.Count > 0)
        {
            throw new SpecInvalidException(
                $$"""the input lacks {{string.Join(", ", missing)}}; expected {"service": …, "target": …, "source": {"bucket": …, "key": …}, "revision": …, "steps": […]}"""
            );
        }

        if (request.Capacity is null)
        {
            return;
        }

        if (request.RollbackTo is not null || request.Source is not null)
        {
            throw new SpecInvalidException(
                "the input has 'capacity', which takes the last source that was deployed and changes nothing else; expected neither 'source' nor 'rollbackTo' beside it"
            );
        }

        if (!Capacities.ContainsKey(request.Capacity))
        {
            throw new SpecInvalidException($"'capacity' is '{request.Capacity}'; expected one of {string.Join(", ", Capacities.Keys)}");
        }
    }

    /// <summary>The source of the newest deployment that released a step on the target.</summary>
    private async Task<ServiceSource> Last(DeploymentRequest request)
    {
        var released = await ledger.Query(ReleasedStep.All(request.Service, TargetName(request)));
        var deployments = new List<DeploymentRecord>();
        foreach (var name in released.Select(step => step.Deployment).Distinct())
        {
            deployments.Add((await ledger.Read(DeploymentRecord.Key(name)))!);
        }

        return deployments.MaxBy(deployment => deployment.Number) is { } newest
            ? await sources.Of(newest)
            : throw new SpecInvalidException(
                $"this deployer has not deployed {request.Service} to {TargetName(request)} yet, so it knows none of its compute groups; deploy it first"
            );
    }

    private TargetSpec Check(DeploymentRequest request, ServiceSource source, IReadOnlyList<InstanceRecord> others)
    {
        var faults = new List<string>();
        if (source.Spec.Service != request.Service)
        {
            faults.Add($"the request is for service '{request.Service}', deployer.yaml describes '{source.Spec.Service}'");
        }

        var target = source.Spec.Target(request.Target);
        if (target is null)
        {
            faults.Add(
                $"deployer.yaml has no target '{request.Target}'; expected one of {string.Join(", ", source.Spec.Targets.Select(known => known.Name))}"
            );
        }
        else if (!settings.AllowedTargets.Contains(target.Account))
        {
            faults.Add($"the deployer of stage '{settings.Stage}' may not deploy to account {target.Account} (target '{target.Name}')");
        }

        if (target is not null && request.Instance is { } instance)
        {
            target = target.ForInstance(instance);
            faults.AddRange(CheckInstance(request, source, target, others));
        }

        faults.AddRange(
            (request.Steps ?? [])
                .Where(step => source.Spec.Step(step) is null)
                .Select(step =>
                    $"deployer.yaml has no step '{step}'; expected one of {string.Join(", ", source.Spec.Steps.Select(known => known.Name))}"
                )
        );
        faults.AddRange(request.Capacity is null ? [] : CapacityFaults(request, source));
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }

        return target!;
    }

    private IEnumerable<string> CheckInstance(
        DeploymentRequest request,
        ServiceSource source,
        TargetSpec target,
        IReadOnlyList<InstanceRecord> others
    )
    {
        if (target.Instances is not { } instances)
        {
            return
            [
                $"target '{request.Target}' allows no development instances; expected 'instances' with steps and expireAfter in deployer.yaml",
            ];
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
            .. (request.Steps ?? [])
                .Where(step => source.Spec.Step(step) is not null)
                .Except(instances.StepNames)
                .Select(step => $"a development instance has no step '{step}'; expected one of {string.Join(", ", instances.StepNames)}"),
        ];
    }

    private static IEnumerable<string> CapacityFaults(DeploymentRequest request, ServiceSource source)
    {
        var groups = ComputeGroups.Of(source.Spec).Select(step => step.Name).ToList();
        return groups.Count == 0
            ? ["deployer.yaml has no compute group (kind datomic-compute or datomic-query-group) whose capacity could be changed"]
            : (request.Steps ?? [])
                .Where(step => source.Spec.Step(step) is not null && !groups.Contains(step))
                .Select(step => $"the step '{step}' is no compute group; expected one of {string.Join(", ", groups)}");
    }
}
