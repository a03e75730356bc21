using System.Globalization;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// Has ECS deploy a new revision of a service's task definition, and judges this one deployment by its id: a service can be steady while
/// it runs what ran before.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html</remarks>
public sealed class ServiceWork(Revisions revisions) : IStepWork
{
    /// <summary>Tasks drain, start and become healthy within it; without a circuit breaker a deployment never ends by itself.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Task => "deploy";

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [ServiceEvents.Deployments];

    /// <inheritdoc/>
    public TimeSpan Limit(StepRun run) => Longest;

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        var service = await EcsServices.Find(run);
        if (run.Record.Resource is null)
        {
            if (await Begin(run, service) is not { } begun)
            {
                return await Succeed(run, service, StepAction.None);
            }

            service = begun;
        }

        // One that is completed at once is not waited for: its event would be judged beside this entry.
        return await RunningNow.AddToFailures(run, service.Runs, () => Judge(run, service)) switch
        {
            Outcome.Running { WaitsFor: null } running => running with { WaitsFor = run.Record.Resource },
            var outcome => outcome,
        };
    }

    /// <summary>Compares what the service runs with what the step wants.</summary>
    /// <remarks>
    /// A rollback wants the revision that ran then, not what its step names over what runs now, which has what was added since. One that
    /// was deregistered can no longer be deployed, but described, and is registered once more:
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    /// </remarks>
    /// <exception cref="ServiceRefusedException">
    /// The service cannot run it, or the revision to go back to was deleted.
    /// </exception>
    internal async Task<ComparedService> Compare(StepRun run, Service service)
    {
        var image = await ServiceImage.Resolve(run);
        var running = await DefinitionRegistration.Describe(run, service.Running().TaskDefinition);
        var earlier = (await revisions.GoneBackTo(run))?.TaskDefinition;
        var compared =
            earlier is null || earlier == running.TaskDefinition.TaskDefinitionArn
                ? new ComparedService(
                    WantedDefinition.For(run, running.TaskDefinition, running.Tags ?? [], image),
                    running.TaskDefinition,
                    Again: null
                )
                : CompareWithEarlier(run, await Earlier(run, earlier), running, image);
        ServiceFit.Check(service, compared.Wanted.Request, run.Step<ServiceStep>().Definition?.ToString());
        return compared;
    }

    private static ComparedService CompareWithEarlier(
        StepRun run,
        DescribeTaskDefinitionResponse earlier,
        DescribeTaskDefinitionResponse running,
        string? image
    )
    {
        var wanted = WantedDefinition.For(run, earlier.TaskDefinition, earlier.Tags ?? [], image);
        var again =
            wanted.Differences.Count == 0 && earlier.TaskDefinition.IsDeployable() ? earlier.TaskDefinition.TaskDefinitionArn : null;
        IReadOnlyList<string> differences =
            again is null && wanted.IsMadeOf(running.Tags)
                ? []
                :
                [
                    $"{WantedDefinition.Name(earlier.TaskDefinition.TaskDefinitionArn)}, which ran at {run.Deployment.RollbackTo}, would "
                        + $"run again instead of {WantedDefinition.Name(running.TaskDefinition.TaskDefinitionArn)}",
                    .. wanted.Differences,
                    .. DefinitionDifferences.Between(wanted.Request, running.TaskDefinition),
                ];
        return new ComparedService(wanted with { Differences = differences }, running.TaskDefinition, again);
    }

    private static async Task<DescribeTaskDefinitionResponse> Earlier(StepRun run, string definition)
    {
        try
        {
            return await DefinitionRegistration.Describe(run, definition);
        }
        catch (ClientException exception)
        {
            throw new ServiceRefusedException(
                $"{WantedDefinition.Name(definition)}, which ran at {run.Deployment.RollbackTo}, is no longer there ({exception.Message}): "
                    + "deploy the files of that commit instead"
            );
        }
    }

    /// <summary>Finds the deployment or begins it; <see langword="null"/> when what is wanted runs already.</summary>
    private async Task<Service?> Begin(StepRun run, Service service)
    {
        var kept = run.Record.Kept<ServiceProgress>();
        if (kept.Definition is { } before && await WasDeregistered(run, service, before))
        {
            await run.Save(run.Record.Keep<ServiceProgress>(progress => progress with { Definition = null, Registers = null }));
            kept = run.Record.Kept<ServiceProgress>();
        }

        if (kept.Definition is null)
        {
            var (wanted, running, again) = await Compare(run, service);
            var primary = service.Primary();
            if (wanted.Differences.Count == 0 && primary.RolloutState == DeploymentRolloutState.COMPLETED)
            {
                await Keep(run, running.TaskDefinitionArn, null, wanted.Image);
                return null;
            }

            await Keep(
                run,
                wanted.Differences.Count == 0 && (running.IsDeployable() || primary.TaskDefinition == running.TaskDefinitionArn)
                    ? running.TaskDefinitionArn
                    : again ?? await Register(run, service, wanted),
                running.TaskDefinitionArn,
                wanted.Image
            );
            kept = run.Record.Kept<ServiceProgress>();
        }

        // What an earlier entry, or an earlier deployment of the same, has begun and not seen the end of.
        var found = service.Deployments.Find(deployment =>
            deployment.TaskDefinition == kept.Definition
            && deployment.Status == "PRIMARY"
            && deployment.RolloutState != DeploymentRolloutState.FAILED
        );
        if (found is null)
        {
            service = await Update(run, service, kept.Definition!);
            found = service.Primary();
        }

        await run.Own(found.Id);
        await run.Save(
            run.Record.Keep<ServiceProgress>(progress => progress with { Began = found.CreatedAt }) with
            {
                Resource = found.Id,
                State = TaskState.Running,
            }
        );
        return service;
    }

    /// <summary>Whether a revision that an entry before has decided on can no longer be deployed, and does not run.</summary>
    private static async Task<bool> WasDeregistered(StepRun run, Service service, string definition) =>
        service.Deployments.TrueForAll(deployment => deployment.TaskDefinition != definition)
        && !(await DefinitionRegistration.Describe(run, definition)).TaskDefinition.IsDeployable();

    private static System.Threading.Tasks.Task Keep(StepRun run, string definition, string? before, string image) =>
        run.Save(run.Record.Keep<ServiceProgress>(progress => progress with { Definition = definition, Before = before, Image = image }));

    /// <summary>A revision that an entry before has registered and not recorded is found by its tag.</summary>
    private static async Task<string> Register(StepRun run, Service service, WantedDefinition wanted)
    {
        run.Secrets.Show(service.ServiceArn);
        run.Secrets.Show(wanted.Request.Family);
        WantedDefinition.Show(run.Secrets, wanted.Request.ContainerDefinitions);
        WantedDefinition.Hide(run.Secrets, wanted.Request.ContainerDefinitions);

        return await DefinitionRegistration.Register(
            run,
            wanted.Request,
            wanted.IsMadeOf,
            run.Record.Kept<ServiceProgress>().Registers,
            () => run.Save(run.Record.Keep<ServiceProgress>(progress => progress with { Registers = run.Account.EnteredAt }))
        );
    }

    /// <summary>The same revision is deployed again only when it is asked for by force.</summary>
    private static async Task<Service> Update(StepRun run, Service service, string definition) =>
        (
            await EcsRefusal.Explained(
                run,
                () =>
                    run.Account.Ecs.UpdateServiceAsync(
                        new UpdateServiceRequest
                        {
                            Cluster = service.ClusterArn,
                            Service = service.ServiceName,
                            // One that was deregistered may go on to run, and may not be named.
                            TaskDefinition = service.Primary().TaskDefinition == definition ? null : definition,
                            ForceNewDeployment = service.Primary().TaskDefinition == definition ? true : null,
                        }
                    )
            )
        ).Service;

    private async Task<Outcome> Judge(StepRun run, Service service)
    {
        var (id, kept) = (run.Record.Resource!, run.Record.Kept<ServiceProgress>());
        var primary = service.Primary();
        if (service.Deployment(id) is not { } own)
        {
            // A read may be older than the update: only what has changed since is believed.
            return kept.Began is { } began && (primary.UpdatedAt ?? primary.CreatedAt) <= began
                ? new Outcome.Running($"deployment {id} of service {service.ServiceName} is not visible yet")
                : await Ended(
                    run,
                    service,
                    service.WhyFailed(id) is { } why
                        ? $"deployment {id} of service {service.ServiceName} failed: {why}{service.NamedAlarms(why)}"
                        : $"deployment {id} of service {service.ServiceName} was replaced"
                );
        }

        if (own.Status == "PRIMARY" && IsCompleted(own, service))
        {
            return await Succeed(run, service, StepAction.Released);
        }

        if (own.RolloutState == DeploymentRolloutState.FAILED || own.Status != "PRIMARY")
        {
            var what =
                own.RolloutState == DeploymentRolloutState.FAILED
                    ? $"deployment {id} of service {service.ServiceName} failed: {own.RolloutStateReason?.TrimEnd('.')}"
                        + service.NamedAlarms(own.RolloutStateReason)
                    : $"deployment {id} of service {service.ServiceName} was replaced";
            if (own.Status != "PRIMARY" && primary.TaskDefinition == kept.Before)
            {
                // ECS goes back by a deployment of its own, which follows from this one.
                await run.Own(primary.Id);
            }

            return own.Status != "PRIMARY" && primary.RolloutState == DeploymentRolloutState.IN_PROGRESS
                ? new Outcome.Running(
                    $"{what}; ECS goes back to {WantedDefinition.Name(primary.TaskDefinition)}",
                    IsLost: true,
                    WaitsFor: primary.Id
                )
                : await Ended(run, service, what);
        }

        return await Progress(run, service, own);
    }

    /// <summary>A service behind a Classic Load Balancer has no state of its rollout.</summary>
    private static bool IsCompleted(Deployment own, Service service) =>
        own.RolloutState == DeploymentRolloutState.COMPLETED
        || own.RolloutState is null
            && service.Deployments.Count == 1
            && own.RunningCount == service.DesiredCount
            && own.PendingCount is null or 0;

    private static async Task<Outcome.Running> Progress(StepRun run, Service service, Deployment own) =>
        new(
            $"deployment {own.Id} of service {service.ServiceName} has {own.RunningCount ?? 0} of {service.DesiredCount ?? 0} tasks "
                + $"with {WantedDefinition.Name(own.TaskDefinition)}"
        )
        {
            Reasons =
            [
                .. service.Blocked(own.CreatedAt) is { } blocked ? [blocked] : Array.Empty<string>(),
                .. service.Unhealthy(own.CreatedAt) is { } unhealthy ? [unhealthy] : Array.Empty<string>(),
                // Lines of logs are read where they are shown: at the end of the wait.
                .. own.FailedTasks > 0 ? await new StoppedTasks(run, service).Reasons(own.Id, withLogs: run.Waited >= Longest) : [],
            ],
        };

    private static async Task<Outcome> Ended(StepRun run, Service service, string what)
    {
        var (id, kept) = (run.Record.Resource!, run.Record.Kept<ServiceProgress>());
        var primary = service.Primary();
        var isBack = primary.TaskDefinition == kept.Before;
        var isOwn = primary.Id == id;
        IEnumerable<string> reasons =
        [
            .. service.Blocked(kept.Began) is { } blocked ? [blocked] : Array.Empty<string>(),
            .. service.Unhealthy(kept.Began) is { } unhealthy ? [unhealthy] : Array.Empty<string>(),
            .. await new StoppedTasks(run, service).Reasons(id, withLogs: true),
        ];
        var cause = string.Join(
            '\n',
            reasons.Prepend(
                isOwn ? $"{what}; {service.Runs()}, and tasks of the revision before serve on"
                : isBack ? $"{what}; ECS went back to {WantedDefinition.Name(primary.TaskDefinition)}; {service.Runs()}"
                : $"{what}; another deployment took its place, {primary.Id}; {service.Runs()}"
            )
        );
        return new Outcome.Failed(isBack && !isOwn ? new ServiceRolledBackException(cause) : new ServiceDeploymentFailedException(cause));
    }

    private async Task<Outcome> Succeed(StepRun run, Service service, StepAction action)
    {
        var kept = run.Record.Kept<ServiceProgress>();
        if (service.DesiredCount is null or 0)
        {
            await run.Save(run.Record with { Notices = [NoTasks(service)] });
        }

        var wasFound = action == StepAction.None && run.HasReleased(kept.Definition);
        if (!wasFound)
        {
            await RecordRevision(revisions, run, kept.Image!, kept.Definition);
        }

        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = kept.Image!,
                Resource = kept.Definition!,
            }.Keep(new ReleasedService { Image = kept.Image }),
            wasFound
        );
        return new Outcome.Succeeded(action);
    }

    /// <summary>A commit that ran can be gone back to, as one of ions can.</summary>
    internal static async System.Threading.Tasks.Task RecordRevision(
        Revisions revisions,
        StepRun run,
        string image,
        string? definition = null
    )
    {
        if (run.Deployment.Revision is { } commit && run.Target.Instance is null)
        {
            await revisions.KeepReleased(
                run.Deployment.Service,
                new PushedRevision
                {
                    Target = run.Target.Name,
                    Step = run.Name,
                    Name = commit,
                    Key = "rev",
                    Commit = commit,
                    Content = image,
                    Source = run.Deployment.Digest,
                    Deployment = run.Deployment.Deployment,
                    By = run.Deployment.By,
                    At = (run.Account.EnteredAt ?? DateTime.UnixEpoch).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
                    ReleasedBy = run.Deployment.Deployment,
                    Zip = image,
                    TaskDefinition = definition,
                }
            );
        }
    }

    /// <summary>What has to be known of a service that is to have no tasks.</summary>
    internal static string NoTasks(Service service) =>
        $"service {service.ServiceName} has a desired count of 0: no task runs the revision, so nothing shows that it starts";
}

/// <summary>What a service runs, and what its step wants.</summary>
/// <param name="Wanted">What is wanted, and how it differs from what runs.</param>
/// <param name="Running">What runs.</param>
/// <param name="Again">ARN of a revision that is just what is wanted, and need not be registered; <see langword="null"/> for none.</param>
internal sealed record ComparedService(WantedDefinition Wanted, TaskDefinition Running, string? Again);
