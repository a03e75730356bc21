using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>The Runtime API of one execution environment: hands out one invocation at a time and takes what the function reports.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
internal sealed class RuntimeApiSession : IWireEndpoint
{
    private const string Root = "/2018-06-01/runtime/";
    private const string InvocationRoot = Root + "invocation/";

    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>();
    private readonly Lock _gate = new();
    private Pending? _current;
    private bool _initialised;
    private RuntimeReport? _initError;
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the function waits for its next invocation.</summary>
    public Task Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Task;
            }
        }
    }

    /// <summary>Gives the function an invocation; the task ends with what it reports of it.</summary>
    public Task<RuntimeReport> Post(SandboxInvocation invocation, DateTimeOffset deadline)
    {
        var pending = new Pending(invocation, deadline);
        lock (_gate)
        {
            _current = pending;
            if (_initError is not null)
            {
                pending.Report.TrySetResult(_initError);
            }
        }

        _queue.Writer.TryWrite(pending);
        return pending.Report.Task;
    }

    /// <summary>Ends the environment: a function that waits gets the answer that nothing is to come.</summary>
    public void Close() => _queue.Writer.TryComplete();

    /// <inheritdoc/>
    public async Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default)
    {
        var path = request.Path;
        if (request.Method == "GET" && path == InvocationRoot + "next")
        {
            return await NextAsync();
        }

        if (request.Method != "POST")
        {
            return Error(404, "NotFound", $"{request.Method} {path}");
        }

        if (path == Root + "init/error")
        {
            return InitError(request);
        }

        var parts = path.StartsWith(InvocationRoot, StringComparison.Ordinal) ? path[InvocationRoot.Length..].Split('/') : [];
        return parts switch
        {
            [var id, "response"] => Response(id, request),
            [var id, "error"] => Report(id, new RuntimeReport(Text(request), Failed: true)),
            _ => Error(404, "NotFound", $"{request.Method} {path}"),
        };
    }

    private async Task<WireResponse> NextAsync()
    {
        lock (_gate)
        {
            _initialised = true;
            _waiting.TrySetResult();
        }

        if (!await _queue.Reader.WaitToReadAsync() || !_queue.Reader.TryRead(out var pending))
        {
            return Error(500, "Container.Shutdown", "The execution environment is shut down.");
        }

        lock (_gate)
        {
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var invocation = pending.Invocation;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/json",
            ["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId,
            ["Lambda-Runtime-Deadline-Ms"] = pending.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["Lambda-Runtime-Invoked-Function-Arn"] = invocation.InvokedArn,
            ["Lambda-Runtime-Trace-Id"] = invocation.TraceId,
        };
        if (invocation.ClientContext is not null)
        {
            headers["Lambda-Runtime-Client-Context"] = invocation.ClientContext;
        }

        return new WireResponse(200, headers, Encoding.UTF8.GetBytes(invocation.Payload));
    }

    private WireResponse InitError(WireRequest request)
    {
        lock (_gate)
        {
            if (_initialised)
            {
                return Error(
                    403,
                    "InvalidStateTransition",
                    "State transition from Ready to InitError failed for runtime. Error: State transition is not allowed"
                );
            }

            _initError = new RuntimeReport(Text(request), Failed: true);
            _current?.Report.TrySetResult(_initError);
            return Accepted;
        }
    }

    private WireResponse Response(string id, WireRequest request)
    {
        if (request.Body.Length <= RuntimeErrors.ResponseLimit)
        {
            return Report(id, new RuntimeReport(Text(request), Failed: false));
        }

        var answer = Report(id, new RuntimeReport(RuntimeErrors.TooLarge(request.Body.Length), Failed: true));
        return answer == Accepted ? Error(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size.") : answer;
    }

    private WireResponse Report(string id, RuntimeReport report)
    {
        lock (_gate)
        {
            return _current?.Invocation.RequestId == id && _current.Report.TrySetResult(report)
                ? Accepted
                : Error(400, "InvalidRequestID", "Invalid request ID");
        }
    }

    private static readonly WireResponse Accepted = Json(202, """{"status":"OK"}""");

    private static string Text(WireRequest request) => Encoding.UTF8.GetString(request.Body.Span);

    private static WireResponse Error(int status, string type, string message) =>
        Json(status, $$"""{"errorMessage":"{{message}}","errorType":"{{type}}"}""");

    private static WireResponse Json(int status, string body) =>
        new(
            status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json" },
            Encoding.UTF8.GetBytes(body)
        );

    private sealed record Pending(SandboxInvocation Invocation, DateTimeOffset Deadline)
    {
        public TaskCompletionSource<RuntimeReport> Report { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a function reported of an invocation.</summary>
/// <param name="Payload">Its answer or the document of its error.</param>
/// <param name="Failed">Whether it is an error.</param>
internal sealed record RuntimeReport(string Payload, bool Failed);
