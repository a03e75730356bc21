using Deployer.Functions.Errors;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Deployments;

/// <summary>A request that was accepted.</summary>
/// <param name="Request">The request.</param>
/// <param name="Source">The service's folder and file.</param>
/// <param name="Earlier">The revisions that a rollback goes back to, the newest first; none for another request.</param>
public sealed record AcceptedRequest(DeploymentRequest Request, ServiceSource Source, IReadOnlyList<PushedRevision> Earlier)
{
    /// <summary>The record of its deployment.</summary>
    public DeploymentRecord Record(string execution, long number) => new()
    {
        Deployment = Executions.Name(execution),
        Execution = execution,
        Service = Request.Service,
        Target = Request.Target,
        Revision = Earlier.Count > 0 ? Earlier[0].Commit : Request.Revision,
        By = Request.By,
        RollbackTo = Earlier.Count > 0 ? Earlier[0].Name : null,
        Digest = Source.Digest,
        Only = Earlier.Count > 0 ? [.. Earlier.Select(revision => revision.Step)] : Request.Steps ?? [],
        Number = number,
    };
}

/// <summary>Accepts requests: an execution can be started with any input, by hand too.</summary>
public sealed class Requests(Settings settings, Sources sources, Revisions revisions)
{
    /// <summary>Checks a request and keeps its source.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong; all faults are in the message.</exception>
    public async Task<AcceptedRequest> Accept(DeploymentRequest request)
    {
        CheckComplete(request);
        var earlier = request.RollbackTo is { } to ? await revisions.Find(request.Service, request.Target, to, request.Steps ?? []) : [];
        var source = earlier is [var newest, ..] ? await sources.Of(request.Service, newest.Source) : await sources.Keep(request.Source!);
        Check(request, source);
        return new AcceptedRequest(request, source, earlier);
    }

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
