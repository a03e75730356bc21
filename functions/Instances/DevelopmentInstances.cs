using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Spec;

namespace Deployer.Functions.Instances;

/// <summary>The development instances of all services: listed when they are deployed, removed when they expire.</summary>
public sealed class DevelopmentInstances(IAws aws, Settings settings, Ledger ledger, Executions executions)
{
    private const int ExecutionNameLength = 80;

    /// <summary>Lists an instance, or puts its end off. Counted from the start of the execution that deploys it.</summary>
    public async Task Keep(AcceptedRequest accepted, string execution, long number)
    {
        if (
            accepted.Target is not { Instance: { } instance, Instances: { } instances } target
            || accepted.Request is { Remove: true } or { Capacity: not null } or { RollbackTo: not null }
        )
        {
            return;
        }

        var began =
            await executions.Began(execution) ?? throw new InvalidOperationException("an execution that runs has a time at which it began");
        await ledger.Put(
            Ledger.InstanceKey(accepted.Request.Service, target.Name),
            Documents.Default.InstanceRecord,
            new InstanceRecord
            {
                Service = accepted.Request.Service,
                Declared = target.Declared,
                Instance = instance,
                Target = target.Name,
                Number = number,
                Digest = accepted.Source.Digest,
                Expires = new DateTimeOffset(began.ToUniversalTime(), TimeSpan.Zero) + instances.ExpireAfter,
            }
        );
    }

    /// <summary>The instances of a service whose targets' names begin so.</summary>
    public static Task<IReadOnlyList<InstanceRecord>> Of(Ledger ledger, string service, string prefix)
    {
        var key = Ledger.InstanceKey(service, prefix);
        return ledger.Query(key.Partition, key.Sort, Documents.Default.InstanceRecord);
    }

    /// <summary>The instance that a request is about.</summary>
    /// <exception cref="SpecInvalidException">There is none of this name; those that there are are named.</exception>
    /// <exception cref="SupersededException">It had expired and was deployed again meanwhile.</exception>
    public async Task<InstanceRecord> Find(DeploymentRequest request)
    {
        var known = await Of(ledger, request.Service, string.Empty);
        var wanted = known.FirstOrDefault(found => found.Declared == request.Target && found.Instance == request.Instance);
        if (request.Expired is { } expired && wanted is not null && wanted.Expires != expired)
        {
            throw new SupersededException(
                $"the development instance '{request.Instance}' of {request.Service} in target '{request.Target}' was deployed again and stays until {wanted.Expires:u}"
            );
        }

        return wanted
            ?? throw new SpecInvalidException(
                $"there is no development instance '{request.Instance}' of {request.Service} in target '{request.Target}'; "
                    + (
                        known.Count == 0
                            ? "there is none at all"
                            : $"expected one of {string.Join(", ", known.Select(found => $"{found.Instance} in {found.Declared} (until {found.Expires:u})"))}"
                    )
            );
    }

    /// <summary>Forgets an instance that was removed, with what its steps released. One that waits to be deployed again stays listed.</summary>
    public async Task Forget(DeploymentRecord removal)
    {
        foreach (var step in await ledger.Released(removal.Service, removal.Target))
        {
            await ledger.Delete(Ledger.ReleasedKey(removal.Service, removal.Target, step.Step));
        }

        var key = Ledger.InstanceKey(removal.Service, removal.Target);
        if (await ledger.Read(key, Documents.Default.InstanceRecord) is { } listed && listed.Number < removal.Number)
        {
            await ledger.Delete(key);
        }
    }

    /// <summary>Starts the removal of every instance that has expired; once for each expiry, whatever becomes of it.</summary>
    /// <param name="now">The time that the schedule's event tells.</param>
    /// <returns>The executions that were started.</returns>
    public async Task<IReadOnlyList<string>> RemoveExpired(DateTimeOffset now)
    {
        var started = new List<string>();
        foreach (
            var expired in (
                await ledger.Query(Ledger.InstanceKey(string.Empty, string.Empty).Partition, string.Empty, Documents.Default.InstanceRecord)
            ).Where(found => found.Expires <= now)
        )
        {
            try
            {
                var answer = await aws.StepFunctions.StartExecutionAsync(
                    new StartExecutionRequest
                    {
                        StateMachineArn = settings.StateMachine,
                        Name = Names.Limit(
                            $"{expired.Service}-{expired.Target}-expired-{expired.Expires.ToUnixTimeSeconds()}",
                            ExecutionNameLength
                        ),
                        Input = System.Text.Json.JsonSerializer.Serialize(
                            new DeploymentRequest(
                                expired.Service,
                                expired.Declared,
                                By: "expiry",
                                Instance: expired.Instance,
                                Remove: true,
                                Expired: expired.Expires
                            ),
                            Documents.Default.DeploymentRequest
                        ),
                    }
                );
                started.Add(answer.ExecutionArn);
            }
            catch (ExecutionAlreadyExistsException)
            {
                // It has failed and waits for a person who redrives it; until then the instance stays listed.
            }
        }

        return started;
    }
}
