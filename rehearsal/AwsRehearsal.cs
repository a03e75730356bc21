using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CodeBuild;
using Deployer.Rehearsal.CodeConnections;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal;

/// <summary>AWS on one machine: a world with every simulated service, and a loopback port at which it answers.</summary>
public sealed class AwsRehearsal : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly LambdaService _lambda;
    private readonly PipelineEngine _pipelines;
    private readonly Builds _builds;
    private readonly Executions _executions;
    private readonly ResourceTypeCatalogue _types;
    private WireServer? _server;
    private ILambdaHost? _host;

    private AwsRehearsal(RehearsalWorld world)
    {
        World = world;
        Gateway = new Gateway(world);
        _services = SimulatedServices.Start(world);
        _lambda = _services.GetRequiredService<LambdaService>();
        _pipelines = _services.GetRequiredService<PipelineEngine>();
        _builds = _services.GetRequiredService<Builds>();
        _executions = _services.GetRequiredService<Executions>();
        CloudFormation = _services.GetRequiredService<CloudFormationService>();
        _types = CloudFormation.Engine.Types;
        world.OnDue(Nothing, _ => { });
    }

    /// <summary>The world.</summary>
    public RehearsalWorld World { get; }

    /// <summary>The door for requests that need no socket.</summary>
    public Gateway Gateway { get; }

    /// <summary>The service whose stacks hold resources.</summary>
    internal CloudFormationService CloudFormation { get; }

    /// <summary>What clients take as <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Address => _server?.Address ?? throw new InvalidOperationException("the rehearsal does not listen yet");

    /// <summary>How the functions run.</summary>
    public string Host => _host!.Name;

    /// <summary>Invocations of functions in this run.</summary>
    public int LambdaInvocations => _lambda.Invocations;

    /// <summary>
    /// The resources that were simulated by their type's schema alone, and the custom resources, by account, stack and resource: those of
    /// the stacks that a target may reach.
    /// </summary>
    /// <param name="target">The target: what the accounts hold for others alone is left out.</param>
    /// <param name="accounts">The target's account and the deployer's.</param>
    public Task<IReadOnlyList<SimulatedResource>> SimulatedBySchema(string target, IReadOnlyCollection<string> accounts) =>
        World.Do<IReadOnlyList<SimulatedResource>>(() =>
        {
            var prepared = World.Store.Table<PreparedTarget>("prepared");
            var own = StacksOf(prepared.Get(target)).ToHashSet();
            var others = prepared
                .WithPrefix(string.Empty)
                .Where(other => other.Key != target)
                .SelectMany(other => StacksOf(other.Value))
                .Where(stack => !own.Contains(stack))
                .ToHashSet();
            return
            [
                .. SimulatedResource
                    .All(World)
                    .Where(resource => accounts.Contains(resource.Account) && !others.Contains((resource.Account, resource.Stack))),
            ];
        });

    private static IEnumerable<(string Account, string Stack)> StacksOf(PreparedTarget? prepared) =>
        (prepared?.Stacks ?? []).Keys.Select(key => key.Split('/', 3)).Select(parts => (parts[0], parts[2]));

    /// <summary>What was simulated in this run and AWS may refuse, a sentence each.</summary>
    public Task<IReadOnlyList<string>> Notices() => World.Do<IReadOnlyList<string>>(() => [.. _pipelines.Notices, .. _builds.Notices]);

    /// <summary>Every execution of every account.</summary>
    public Task<IReadOnlyList<ExecutionState>> Executions() => World.Do<IReadOnlyList<ExecutionState>>(() => [.. _executions.All()]);

    /// <summary>The executions of machines, by their ARNs, and of pipelines, by their ids, that have not ended.</summary>
    public Task<IReadOnlySet<string>> Unfinished() =>
        World.Do<IReadOnlySet<string>>(() =>
            _executions
                .All()
                .Where(execution => execution.Status == ExecutionStatus.Running)
                .Select(execution => execution.Arn)
                .Concat(_pipelines.UnderWay)
                .ToHashSet(StringComparer.Ordinal)
        );

    /// <summary>Opens a world and starts to listen.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="host">Makes what runs the functions, from the address of the simulated AWS and its door.</param>
    /// <param name="port">The port of 127.0.0.1 to listen at; 0 for a free one.</param>
    public static async Task<AwsRehearsal> Open(RehearsalOptions options, Func<Uri, Gateway, Task<ILambdaHost>> host, int port = 0)
    {
        var world = new RehearsalWorld(options);
        var rehearsal = await world.Do(() => new AwsRehearsal(world));
        rehearsal._server = await WireServer.Start(new SignedRequests(rehearsal.Gateway, options.Secret), port);
        await world.Do(() => world.Api.Endpoint = rehearsal.Address);
        rehearsal._host = await host(rehearsal.Address, rehearsal.Gateway);
        await world.Do(() => rehearsal._lambda.Host = rehearsal._host);
        return rehearsal;
    }

    /// <summary>
    /// Brings the accounts to where they stand before a rehearsal, once in the life of a world. In kept accounts what the file and its
    /// templates say otherwise since is applied, as the accounts' administrators would before the next deployment, and an earlier version
    /// of the deployer is upgraded.
    /// </summary>
    /// <param name="file">What the accounts hold.</param>
    /// <param name="target">The target.</param>
    /// <param name="account">Its account.</param>
    /// <param name="region">Its region.</param>
    /// <param name="deployer">Folder with the deployer's own templates and machines.</param>
    /// <param name="takesChanges">Whether kept accounts take over what the service has changed.</param>
    /// <exception cref="AccountsFileException">The accounts cannot be brought there; they stay as they were.</exception>
    public async Task<AccountPreparation> Prepare(
        AccountsFile file,
        string target,
        string account,
        string region,
        string deployer,
        bool takesChanges = true
    )
    {
        await World.Do(() => _types.CustomResources = file.CustomResources);
        var prepared = World.Store.Table<PreparedTarget>("prepared");
        var builder = new AccountsBuilder(World, file, account, region, deployer);
        var found = await World.Do(() => prepared.Get(target));

        // Half of it could not be gone on from: killed or failed, the accounts stand as they stood before.
        await World.Do(World.Store.Hold);
        await World.Do(() => World.Faults.AreHeld = true);
        AccountChanges? changes = null;
        IReadOnlyList<string> applied = [];
        if (found is null)
        {
            await builder.Build(await World.Do(() => prepared.WithPrefix(string.Empty).Select(other => other.Value).ToList()));
        }
        else
        {
            await World.Do(builder.PublishChanges);
            changes = await World.Do(() => builder.Changes(found, takesChanges));
            try
            {
                applied = await builder.Apply(changes, found);
            }
            catch (AccountsFileException exception)
            {
                throw new AccountsFileException($"{exception.Message}; the kept accounts are as they were", exception);
            }
        }

        await World.Do(() =>
        {
            World.Faults.AreHeld = false;
            prepared.Put(target, builder.Prepared(changes));
        });
        await World.Do(World.Store.Release);
        return new AccountPreparation(applied, changes?.Left ?? []);
    }

    /// <summary>
    /// Starts the functions that a run of a state machine calls ahead of their first invocation, beside what goes on: all but
    /// those that only other machines call.
    /// </summary>
    public Task Warm(string account, string region, string machine) =>
        World.Do(() =>
        {
            var definitions = _services
                .GetRequiredService<StateMachines>()
                .All(account, region)
                .ToLookup(found => found.Name == machine, found => found.Definition);
            _lambda.Warm(function => Calls(definitions[true], function) || !Calls(definitions[false], function));

            static bool Calls(IEnumerable<string> definitions, string function) =>
                definitions.Any(definition => definition.Contains($"\"{function}\"", StringComparison.Ordinal));
        });

    /// <summary>The faults that strike requests and strike none here, and why.</summary>
    public Task<IReadOnlyList<(Fault Fault, string Problem)>> RequestFaultsWithoutTarget() =>
        World.Do(() => World.Api.WithoutTarget(World.Faults));

    /// <summary>What has become of the faults that were asked for, in their order.</summary>
    public Task<IReadOnlyList<FaultReport>> FaultReports() => World.Do(World.Faults.Reports);

    /// <summary>
    /// The text of a template in the simulated S3, as an account's administrator reads it; <see langword="null"/> when it cannot.
    /// </summary>
    public Task<string?> Template(string account, string region, string url) =>
        World.Do<string?>(() =>
        {
            try
            {
                return new CloudFormation.Requests.S3Templates(World).Fetch(Principal.Root(account), region, url);
            }
            catch (CloudFormation.Templates.TemplateException)
            {
                return null;
            }
        });

    /// <summary>Points an address of the simulated git host at a repository on this machine.</summary>
    public Task Publish(string url, string repository) => World.Do(() => _services.GetRequiredService<Repositories>().Put(url, repository));

    /// <summary>Makes a connection to a git host that somebody has completed, as those are that a service's file names.</summary>
    /// <param name="arn">Its ARN.</param>
    /// <param name="url">A repository that it reaches.</param>
    public Task Connect(string arn, string url) =>
        World.Do(() =>
        {
            var connections = _services.GetRequiredService<HostConnections>();
            if (connections.Find(arn) is null)
            {
                connections.Put(new HostConnection(arn, "rehearsed", Provider(url), IsAvailable: true));
            }
        });

    private static string Provider(string url) =>
        url.Contains("gitlab", StringComparison.Ordinal) ? "GitLab"
        : url.Contains("bitbucket", StringComparison.Ordinal) ? "Bitbucket"
        : "GitHub";

    /// <summary>Whether an account has a pipeline of this name.</summary>
    public Task<bool> HasPipeline(string account, string region, string name) =>
        World.Do(() => _services.GetRequiredService<Pipelines>().Find(account, region, name) is not null);

    /// <summary>Starts a pipeline.</summary>
    /// <returns>The execution's id.</returns>
    public Task<string> StartPipeline(string account, string region, string name) =>
        World.Do(() =>
            World
                .Api.Invoke<StartPipelineExecutionResponse>(
                    Principal.Root(account),
                    region,
                    new StartPipelineExecutionRequest { Name = name }
                )
                .PipelineExecutionId
        );

    /// <summary>Runs an execution of a pipeline on, to its end or until it waits for a manual approval.</summary>
    /// <returns>How its invoke action ended; <see langword="null"/> when the pipeline did not get that far.</returns>
    public async Task<InvokeOutcome?> ContinuePipeline(string account, string region, string name, string execution)
    {
        await World.RunUntil(() =>
            Pipeline() is var pipeline
            && (
                _pipelines.Waiting(pipeline, execution) is not null
                || World
                    .Api.Invoke<GetPipelineExecutionResponse>(
                        Principal.Root(account),
                        region,
                        new GetPipelineExecutionRequest { PipelineName = name, PipelineExecutionId = execution }
                    )
                    .PipelineExecution.Status != PipelineExecutionStatus.InProgress
            )
        );
        return await World.Do(() =>
            _pipelines.LastInvoke(Pipeline(), execution) is { } outcome
                ? outcome with
                {
                    WaitsForApproval = _pipelines.Waiting(Pipeline(), execution) is not null,
                }
                : null
        );

        PipelineRecord Pipeline() => _services.GetRequiredService<Pipelines>().Get(account, region, name);
    }

    /// <summary>The manual approval that a pipeline waits for; <see langword="null"/> for none, or no pipeline.</summary>
    public Task<WaitingApproval?> WaitingApproval(string account, string region, string name) =>
        World.Do(() =>
            _services.GetRequiredService<Pipelines>().Find(account, region, name) is { } pipeline ? _pipelines.Waiting(pipeline) : null
        );

    /// <summary>
    /// Shows each event of an execution's history, with the execution's ARN, as it is recorded: on the world's thread, so whoever looks
    /// neither waits nor calls the world.
    /// </summary>
    public Task Observe(Action<string, HistoryEvent> observer) => World.Do(() => _executions.Observer = observer);

    /// <summary>The events of an execution's history so far.</summary>
    public Task<IReadOnlyList<HistoryEvent>> History(string execution) =>
        World.Do<IReadOnlyList<HistoryEvent>>(() => [.. _executions.History(execution)]);

    /// <summary>Lets time pass until an execution has closed.</summary>
    public Task RunUntilClosed(string execution) => World.RunUntil(() => _executions.Get(execution).Status != ExecutionStatus.Running);

    /// <summary>
    /// Lets time pass until no build runs. Everything else goes on where it was when the accounts are opened again; a build is a process of
    /// this machine, which would end with the rehearsal.
    /// </summary>
    public Task RunUntilBuildsEnd() => World.RunUntil(() => !_builds.AreRunning);

    /// <summary>Lets a moment pass, so that what follows an end (events, settling) happens.</summary>
    public async Task Pass(TimeSpan time)
    {
        var until = World.Now + time;
        await World.Do(() => World.Schedule(time, Nothing, string.Empty));
        await World.RunUntil(() => World.Now >= until);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever disposes it may have been interrupted while time passed.
        await World.Stop();
        await _services.DisposeAsync();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await World.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private const string Nothing = "rehearsal/nothing";
}
