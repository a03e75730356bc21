using System.Text;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>Runs invocations and brings their results to those who asked.</summary>
internal sealed class LambdaInvoker : ILambdaInvoker, IAsyncDisposable
{
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    private const int SynchronousLimit = 6_291_456;
    private const int AsynchronousLimit = 1_048_576;

    /// <summary>Invocations at once in an account and region, without a raise.</summary>
    public const int AccountConcurrency = 1000;

    private static readonly Dictionary<string, string> NoKeys = [];

    private readonly RehearsalWorld _world;
    private readonly FunctionStore _functions;
    private readonly FunctionVersions _versions;
    private readonly ResourcePolicies _policies;
    private readonly Table<InFlight> _inFlight;
    private readonly Dictionary<string, Action<string, LambdaResult>> _handlers = new(StringComparer.Ordinal);
    private readonly SandboxPool _sandboxes;
    private readonly EventQueue _events;
    private readonly SortedSet<string> _hosts = new(StringComparer.Ordinal);

    public LambdaInvoker(RehearsalWorld world, FunctionStore functions, FunctionVersions versions, ResourcePolicies policies)
    {
        _world = world;
        _functions = functions;
        _versions = versions;
        _policies = policies;
        _inFlight = world.Store.Table<InFlight>("lambda/in-flight");
        _sandboxes = new SandboxPool(world);
        _events = new EventQueue(
            world,
            functions,
            this,
            (reference, requestId, queued, kind) =>
                Begin(reference, requestId, queued.Payload, kind, requestId, clientContext: null, queued.HandedKey)
        );
    }

    /// <summary>Runs the functions whose code is here.</summary>
    public ILambdaHost? Host { get; set; }

    /// <summary>Simulates the others.</summary>
    public SimulatedFunctions Simulated { get; } = new();

    /// <summary>Takes what functions write.</summary>
    public Action<FunctionLog>? Log { get; set; }

    /// <summary>Invocations begun in this run, each try of an asynchronous one included.</summary>
    public int Invocations { get; private set; }

    /// <summary>Asynchronous invocations that failed for good, oldest first.</summary>
    public IEnumerable<DroppedEvent> Dropped => _events.Dropped;

    /// <summary>What ran functions in this run.</summary>
    public IReadOnlyCollection<string> Hosts => _hosts;

    /// <inheritdoc/>
    public void OnResult(string kind, Action<string, LambdaResult> handle) => _handlers.Add(kind, handle);

    /// <inheritdoc/>
    public void Invoke(LambdaInvocation invocation, string kind, string key)
    {
        var (call, function, reference) = Accept(invocation, "Invoke");
        _world.Api.Authorize(call, [reference.QualifiedArn], "lambda:InvokeFunction", _policies.Find(function));
        Begin(reference, call.RequestId, invocation.Payload, kind, key, invocation.ClientContext);
    }

    /// <inheritdoc/>
    public string Enqueue(LambdaInvocation invocation)
    {
        var (call, function, reference) = Accept(invocation, "Invoke");
        _world.Api.Authorize(call, [reference.QualifiedArn], "lambda:InvokeFunction", _policies.Find(function));
        return Enqueue(reference, function, call.RequestId, invocation.Payload, invocation.HandedKey);
    }

    /// <inheritdoc/>
    public bool RunsCode(string function) =>
        _functions
            .All()
            .Any(known =>
                (function == known.Name || function == known.Arn || function.StartsWith(known.Arn + ":", StringComparison.Ordinal))
                && Handler(known.Serving) is not null
            );

    /// <summary>Queues an invocation that is judged already.</summary>
    /// <exception cref="ApiException">RequestTooLargeException, ResourceConflictException.</exception>
    public string Enqueue(FunctionReference reference, Function function, string requestId, string payload, string? handedKey = null)
    {
        CheckSize(payload, AsynchronousLimit);
        FunctionStore.CheckActive(function);
        _versions.Resolve(function, reference.Qualifier);
        _events.Add(reference, requestId, payload, handedKey);
        return requestId;
    }

    /// <summary>Begins an invocation that is judged already; the requests under an access key that it is handed are its own.</summary>
    /// <exception cref="ApiException">As for <see cref="Invoke"/>.</exception>
    public void Begin(
        FunctionReference reference,
        string requestId,
        string payload,
        string kind,
        string key,
        string? clientContext,
        string? handedKey = null
    )
    {
        if (!_handlers.ContainsKey(kind))
        {
            throw new InvalidOperationException($"nothing handles results of kind '{kind}'");
        }

        var function = _functions.Get(reference);
        CheckSize(payload, SynchronousLimit);
        FunctionStore.CheckActive(function);
        var (version, settings) = _versions.Serving(function, reference.Qualifier);
        Throttle(function);
        if (Handler(settings) is { } handler)
        {
            Run(
                function,
                version,
                settings,
                handler,
                new SandboxInvocation(
                    requestId,
                    reference.QualifiedArn,
                    payload,
                    TimeSpan.FromSeconds(settings.Timeout),
                    TraceId(),
                    Decode(clientContext)
                ),
                handedKey
            );
        }
        else
        {
            Simulate(function, version, settings, requestId, payload);
        }

        _inFlight.Put(requestId, new InFlight(function.Key, version, kind, key));
        Invocations++;
    }

    /// <summary>Starts the functions whose code is here ahead of their first invocation. On the world's thread.</summary>
    /// <param name="which">Which, by ARN.</param>
    public void Warm(Func<string, bool> which)
    {
        if (Host is { } host)
        {
            _sandboxes.Warm(
                host,
                _functions
                    .All()
                    .Where(function => which(function.Arn))
                    .Select(function => (function, Handler: Handler(function.Serving) ?? string.Empty))
                    .Where(found => found.Handler.Length > 0)
            );
        }
    }

    /// <summary>
    /// Ends what was under way when a stored world was left: its callers hear of a failure of Lambda and try again.
    /// Called once all kinds are registered, on the world's thread.
    /// </summary>
    public void Resume()
    {
        foreach (var (requestId, lost) in _inFlight.WithPrefix(string.Empty))
        {
            var loss = new ApiException("ServiceException", "The invocation was lost when the rehearsal was left.", 500);
            Deliver(requestId, LambdaResult.Failed(requestId, lost.Version, loss));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sandboxes.DisposeAsync();
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }

    private (Call Call, Function Function, FunctionReference Reference) Accept(LambdaInvocation invocation, string operation)
    {
        var reference = FunctionReference.Parse(invocation.Function, invocation.Principal.Account, invocation.Region, invocation.Qualifier);
        var call = _world.Api.CallAs(invocation.Principal, reference.Region, "lambda", operation, reference.Account);
        return (call, _functions.Get(reference), reference);
    }

    private static string? Handler(FunctionSettings settings) => settings.Environment?.GetValueOrDefault("ANNOTATIONS_HANDLER");

    private void Run(
        Function function,
        string version,
        FunctionSettings settings,
        string handler,
        SandboxInvocation invocation,
        string? handedKey
    )
    {
        var host =
            Host ?? throw new InvalidOperationException($"{function.Arn} names the handler '{handler}', but no host runs functions here");
        WarmSandbox warm;
        try
        {
            warm = _sandboxes.Take(host, function, settings, version, handler);
        }
        catch (ApiException refusal)
        {
            _world.StartActor(
                function.Name,
                _ =>
                    Task.FromResult<Action>(() =>
                        Deliver(invocation.RequestId, LambdaResult.Failed(invocation.RequestId, version, refusal))
                    )
            );
            return;
        }

        _world.StartActor(
            function.Name,
            async cancellationToken =>
            {
                var outcome = await warm.Sandbox.InvokeAsync(invocation, cancellationToken);
                return () =>
                {
                    _sandboxes.Return(warm, function, version, outcome.Reusable);
                    Finish(function, version, warm.LogStream, invocation.RequestId, outcome, host.Name);
                };
            },
            new ActorSettings
            {
                Pace = ActorPace.Invocation,
                Limit = invocation.Timeout,
                RequestTimeout = _world.Options.FunctionRequestTimeout,
                WallLimit = warm.Sandbox.Patience(invocation.Timeout),
                AccessKeys = handedKey is null ? [warm.AccessKey] : [warm.AccessKey, handedKey],
                Killed = () => End(warm.Sandbox.TimedOut(invocation)),
                Crashed = () => End(warm.Sandbox.Crashed(invocation)),
            }
        );

        void End(SandboxOutcome outcome)
        {
            _sandboxes.Return(warm, function, version, reusable: false);
            Finish(function, version, warm.LogStream, invocation.RequestId, outcome, host.Name);
        }
    }

    private void Simulate(Function function, string version, FunctionSettings settings, string requestId, string payload)
    {
        var call = new SimulatedCall(_world, function.Arn, payload, settings.Environment ?? []);
        _world.StartActor(
            function.Name,
            _ =>
                Task.FromResult<Action>(() =>
                    Finish(function, version, $"[{version}]simulated", requestId, Simulated.Answer(function.Name, call), "simulated")
                ),
            new ActorSettings { Pace = ActorPace.Invocation }
        );
    }

    private void Finish(Function function, string version, string stream, string requestId, SandboxOutcome outcome, string host)
    {
        IReadOnlyList<string> lines = [$"START RequestId: {requestId} Version: {version}", .. outcome.Log, $"END RequestId: {requestId}"];
        WriteLog(function, stream, lines);
        _hosts.Add(host);
        Deliver(requestId, new LambdaResult(requestId, version, outcome.Payload, outcome.FunctionError, host) { LogTail = Tail(lines) });
    }

    /// <summary>Lambda writes logs with the function's role: one that may not write them leaves none.</summary>
    private void WriteLog(Function function, string stream, IReadOnlyList<string> lines)
    {
        var role = function.Serving.Role;
        var principal = Principal.AssumedRole(Api.ArnAccount(role) ?? function.Account, role[(role.LastIndexOf('/') + 1)..], function.Name);
        var resource = $"arn:aws:logs:{function.Region}:{function.Account}:log-group:{function.LogGroup}:log-stream:{stream}";
        if (
            _world.Api.Authorizer?.Decide(principal, "logs:PutLogEvents", resource, function.Account, resourcePolicy: null, NoKeys).Allowed
            == true
        )
        {
            Log?.Invoke(new FunctionLog(function.Account, function.Region, function.LogGroup, stream, lines));
        }
    }

    private void Deliver(string requestId, LambdaResult result)
    {
        // A caller that was answered otherwise meanwhile (its world was left and read again) is not answered twice.
        if (_inFlight.Get(requestId) is { } known)
        {
            _inFlight.Remove(requestId);
            _handlers[known.Kind](known.Key, result);
        }
    }

    private void Throttle(Function function)
    {
        var limit = function.ReservedConcurrency ?? AccountConcurrency;
        if (_inFlight.WithPrefix(string.Empty).Count(pair => pair.Value.Function == function.Key) >= limit)
        {
            throw new ApiException("TooManyRequestsException", "Rate Exceeded.", 429);
        }
    }

    private static void CheckSize(string payload, int limit)
    {
        var size = Encoding.UTF8.GetByteCount(payload);
        if (size > limit)
        {
            throw new ApiException(
                "RequestTooLargeException",
                $"Request must be smaller than {limit} bytes for the InvokeFunction operation",
                413
            );
        }
    }

    private string TraceId() =>
        $"Root=1-{_world.Now.ToUnixTimeSeconds():x8}-{_world.Random.HexId(24)};Parent={_world.Random.HexId(16)};Sampled=0";

    private static string? Decode(string? clientContext) =>
        clientContext is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(clientContext));

    /// <summary>The last 4 KB of the log, as <c>X-Amz-Log-Result</c> carries them.</summary>
    private static string Tail(IReadOnlyList<string> lines)
    {
        var text = string.Join('\n', lines) + "\n";
        return text.Length <= 4096 ? text : text[^4096..];
    }
}
