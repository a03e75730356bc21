using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.DevelopmentInstances;

/// <summary>The development instances of all services: listed when they are deployed, removed when they expire.</summary>
public sealed class InstanceRegistry(Settings settings, LedgerTable ledger, Executions executions)
{
    /// <summary>
    /// Lists the instance that a deployment is to, or puts off its expiry: it is counted from the start of the execution.
    /// </summary>
    /// <param name="deployment">The deployment; one that changes no step leaves the expiry as it is.</param>
    /// <param name="target">Its target; nothing is listed for one that is no development instance.</param>
    public async Task Keep(DeploymentRecord deployment, TargetSpec target)
    {
        if (target is not { Instance: { } instance, Instances: { } instances } || deployment.Purpose != DeploymentPurpose.Deploy)
        {
            return;
        }

        var began =
            await executions.Began(deployment.Execution)
            ?? throw new InvalidOperationException("an execution that runs has a time at which it began");
        await ledger.Put(
            InstanceRecord.Key(deployment.Service, target.Name),
            new InstanceRecord
            {
                Service = deployment.Service,
                Declared = target.Declared,
                Instance = instance,
                Target = target.Name,
                Number = deployment.Number,
                Digest = deployment.Digest,
                Expires = new DateTimeOffset(began.ToUniversalTime(), TimeSpan.Zero) + instances.ExpireAfter,
            }
        );
    }

    /// <summary>The instance that a removal is about.</summary>
    /// <exception cref="SpecInvalidException">There is none of this name; those that there are are named.</exception>
    /// <exception cref="SupersededException">It had expired and was deployed again meanwhile.</exception>
    public async Task<InstanceRecord> Find(ParsedRequest.RemoveInstance request)
    {
        var (subject, wanted) = (request.Subject, await Find(request.Subject, request.Instance));
        return request.Expired is { } expired && wanted.Expires != expired
            ? throw new SupersededException(
                $"the development instance '{request.Instance}' of {subject.Service} in target '{subject.Target}' "
                    + $"was deployed again and stays until {wanted.Expires:u}"
            )
            : wanted;
    }

    /// <summary>The instance that a request is about.</summary>
    /// <param name="subject">What the request is about.</param>
    /// <param name="instance">The instance's name.</param>
    /// <exception cref="SpecInvalidException">There is none of this name; those that there are are named.</exception>
    public async Task<InstanceRecord> Find(RequestSubject subject, string instance)
    {
        var known = await ledger.Query(InstanceRecord.WithPrefix(subject.Service, string.Empty));
        return known.FirstOrDefault(found => found.Declared == subject.Target && found.Instance == instance)
            ?? throw new SpecInvalidException(
                $"there is no development instance '{instance}' of {subject.Service} in target '{subject.Target}'; "
                    + (known.Count == 0 ? "there is none at all" : $"expected one of {string.Join(", ", known.Select(Describe))}")
            );
    }

    private static string Describe(InstanceRecord known) => $"{known.Instance} in {known.Declared} (until {known.Expires:u})";

    /// <summary>
    /// Forgets an instance that was removed, with what its steps released. One that waits to be deployed again stays listed.
    /// </summary>
    public async Task Forget(DeploymentRecord removal)
    {
        foreach (var step in await ledger.Query(ReleasedStep.All(removal.Service, removal.Target)))
        {
            await ledger.Delete(ReleasedStep.Key(removal.Service, removal.Target, step.Step));
        }

        await ForgetLooks(removal);
        var key = InstanceRecord.Key(removal.Service, removal.Target);
        if (await ledger.Read(key) is { } listed && listed.Number < removal.Number)
        {
            await ledger.Delete(key);
        }
    }

    /// <summary>Forgets what was watched of an instance, and what looks at it came to.</summary>
    private async Task ForgetLooks(DeploymentRecord removal)
    {
        var key = DeployedSteps.Key(removal.Service, removal.Target);
        foreach (var resource in (await ledger.Read(key))?.Watched ?? [])
        {
            await ledger.Delete(new WatchRecord(resource, removal.Service, removal.Target).Key);
        }

        foreach (var look in await ledger.Query(LookRecord.All(removal.Service, removal.Target)))
        {
            await ledger.Delete(LookRecord.Key(removal.Service, removal.Target, look.Number));
        }

        await ledger.Delete(PendingChange.Key(removal.Service, removal.Target));
        await ledger.Delete(key);
    }

    /// <summary>The instances that have expired.</summary>
    /// <param name="now">The time that the schedule's event has.</param>
    /// <param name="unreadable">Takes each record that cannot be read, with the reason; <see langword="null"/> to throw that.</param>
    public async Task<IReadOnlyList<InstanceRecord>> Expired(DateTimeOffset now, Action<string, Exception>? unreadable = null) =>
        [.. (await ledger.Query(InstanceRecord.All, unreadable)).Where(found => found.Expires <= now)];

    /// <summary>Starts the removal of an instance that has expired; once for each expiry, whatever becomes of it.</summary>
    /// <returns>
    /// The execution that was started; <see langword="null"/> when there is one already, which has failed and waits for a person who
    /// redrives it: until then the instance stays listed.
    /// </returns>
    public Task<ExecutionArn?> Remove(InstanceRecord expired) =>
        executions.StartOnce(
            settings.StateMachine,
            Names.Execution($"{expired.Service}-{expired.Target}-expired-{expired.Expires.ToUnixTimeSeconds()}"),
            new DeploymentRequest(
                expired.Service,
                expired.Declared,
                By: "expiry",
                Instance: expired.Instance,
                Remove: true,
                Expired: expired.Expires
            )
        );
}
