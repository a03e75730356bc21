using System.Text.Json;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The begin of a deployment: checks the request, keeps the source, gives the number, takes the lock or waits for it.</summary>
public sealed class Begin(Settings settings, Ledger ledger, Sources sources, Revisions revisions, TargetLock targetLock, Executions executions, Failures failures)
{
    /// <summary>One entry of the state; the same deployment begun again is found again.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong.</exception>
    /// <exception cref="SupersededException">A newer deployment came first.</exception>
    public async Task<TaskDone> Run(BeginInput input)
    {
        var deployment = Executions.Name(input.Execution);
        var record = await ledger.Read(Ledger.DeploymentKey(deployment), Documents.Default.DeploymentRecord)
            ?? await Create(deployment, input.Execution, input.Request);
        return await failures.Recorded(deployment, async () =>
        {
            if (!await targetLock.TakeOrWait(record, input.Token))
            {
                return new TaskDone("waiting");
            }

            await executions.Succeed(input.Token, Answer(deployment));
            return new TaskDone("begun");
        });
    }

    /// <summary>What the waiting <c>Begin</c> of a deployment is answered with.</summary>
    internal static string Answer(string deployment) => JsonSerializer.Serialize(new BeginAnswer(deployment), Documents.Default.BeginAnswer);

    private async Task<DeploymentRecord> Create(string deployment, string execution, DeploymentRequest request)
    {
        CheckComplete(request);
        var earlier = request.RollbackTo is { } to ? await revisions.Find(request.Service, request.Target, to, request.Steps ?? []) : [];
        var source = earlier is [var newest, ..] ? await sources.Of(request.Service, newest.Source) : await sources.Keep(request.Source!);
        Check(request, source);
        var number = await targetLock.NextNumber(request.Service, request.Target);
        await ledger.Put(Ledger.OpenKey(deployment), Documents.Default.OpenDeployment, new OpenDeployment(deployment, execution));
        return await ledger.Change(Ledger.DeploymentKey(deployment), Documents.Default.DeploymentRecord, present => present ?? new DeploymentRecord
        {
            Deployment = deployment,
            Execution = execution,
            Service = request.Service,
            Target = request.Target,
            Revision = earlier.Count > 0 ? earlier[0].Commit : request.Revision,
            By = request.By,
            RollbackTo = earlier.Count > 0 ? earlier[0].Name : null,
            Digest = source.Digest,
            Only = earlier.Count > 0 ? [.. earlier.Select(revision => revision.Step)] : request.Steps ?? [],
            Number = number,
        });
    }

    /// <summary>An execution can be started with any input, by hand too.</summary>
    private static void CheckComplete(DeploymentRequest request)
    {
        var missing = new (string Name, string? Value)[]
        {
            ("service", request.Service), ("target", request.Target),
            ("source.bucket", request.RollbackTo ?? request.Source?.Bucket), ("source.key", request.RollbackTo ?? request.Source?.Key),
        }.Where(member => string.IsNullOrEmpty(member.Value)).Select(member => member.Name).ToList();
        if (missing.Count > 0)
        {
            throw new SpecInvalidException(
                $$"""the input lacks {{string.Join(", ", missing)}}; expected {"service": …, "target": …, "source": {"bucket": …, "key": …}, "revision": …, "steps": […]}""");
        }
    }

    private void Check(DeploymentRequest request, ServiceSource source)
    {
        var faults = new List<string>();
        if (source.Spec.Service != request.Service)
        {
            faults.Add($"the request is for service '{request.Service}', deployer.yaml describes '{source.Spec.Service}'");
        }

        if (source.Spec.Target(request.Target) is not { } target)
        {
            faults.Add($"deployer.yaml has no target '{request.Target}'; expected one of {string.Join(", ", source.Spec.Targets.Select(known => known.Name))}");
        }
        else if (!settings.AllowedTargets.Contains(target.Account))
        {
            faults.Add($"the deployer of stage '{settings.Stage}' may not deploy to account {target.Account} (target '{target.Name}')");
        }

        faults.AddRange((request.Steps ?? []).Where(step => source.Spec.Step(step) is null).Select(step =>
            $"deployer.yaml has no step '{step}'; expected one of {string.Join(", ", source.Spec.Steps.Select(known => known.Name))}"));
        faults.AddRange(source.Spec.Steps.Where(step => step.Kind is not ("stack" or "ions" or "endpoint")).Select(step =>
            $"{step.Position}: steps of kind '{step.Kind}' are not supported yet"));
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }
}
