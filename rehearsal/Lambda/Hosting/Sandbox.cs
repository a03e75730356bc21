namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>An execution environment: kept warm, one invocation at a time.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html</remarks>
public abstract class Sandbox : IAsyncDisposable
{
    /// <summary>After its answer a function asks for its next invocation at once; one that does not is not kept.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(5);

    private readonly double _patience;
    private readonly List<string> _log = [];
    private Task<string>? _exit;

    /// <param name="patience">How many times its timeout a function may take on the wall clock: a laptop is slower than Lambda.</param>
    private protected Sandbox(double patience) => _patience = patience;

    private protected RuntimeApiSession Session { get; } = new();

    /// <summary>Starts the function ahead of its first invocation. The task ends when it waits for one, or has ended.</summary>
    public Task WarmAsync() => Task.WhenAny(Session.Waiting, Started());

    /// <summary>How long a function with this timeout may compute at a stretch on the wall clock.</summary>
    public TimeSpan Patience(TimeSpan timeout) => timeout * _patience;

    /// <summary>How an invocation ends whose time is over, with what the function has written so far.</summary>
    public SandboxOutcome TimedOut(SandboxInvocation invocation) =>
        Outcome(RuntimeErrors.TimedOut(invocation.RequestId, invocation.Timeout), failed: true, reusable: false);

    /// <summary>How an invocation ends whose process was killed, with what the function has written so far.</summary>
    public SandboxOutcome Crashed(SandboxInvocation invocation) =>
        Outcome(RuntimeErrors.Exited(invocation.RequestId, "signal: killed"), failed: true, reusable: false);

    /// <summary>Runs one invocation to its end, whatever the function does.</summary>
    /// <param name="invocation">What it is given.</param>
    /// <param name="cancellationToken">The function's time is over: it is ended by force.</param>
    public async Task<SandboxOutcome> InvokeAsync(SandboxInvocation invocation, CancellationToken cancellationToken)
    {
        var report = Session.Post(invocation, TimeProvider.System.GetUtcNow() + Patience(invocation.Timeout));
        var exit = Started();
        var over = Task.Delay(Timeout.Infinite, cancellationToken);
        await Task.WhenAny(report, exit, over);
        if (report.IsCompleted)
        {
            var waiting = Session.Waiting;
            await Task.WhenAny(waiting, exit, Task.Delay(SettleLimit, CancellationToken.None));
            return Outcome((await report).Payload, (await report).Failed, reusable: waiting.IsCompleted && !exit.IsCompleted);
        }

        if (exit.IsCompleted)
        {
            var status = await exit;
            return Outcome(
                status.Length == 0
                    ? RuntimeErrors.ExitedWithoutReason(invocation.RequestId)
                    : RuntimeErrors.Exited(invocation.RequestId, status),
                failed: true,
                reusable: false
            );
        }

        Kill();
        await exit;
        return TimedOut(invocation);
    }

    /// <summary>Ends the environment as Lambda does, by SIGTERM.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Starts the function; the task ends with it: empty for a clean end, else what happened, such as <c>exit status 1</c>.
    /// </summary>
    private protected abstract Task<string> Start();

    /// <summary>Ends the function at once, so that the task of <see cref="Start"/> ends.</summary>
    private protected abstract void Kill();

    private protected void Log(string line)
    {
        lock (_log)
        {
            _log.Add(line);
        }
    }

    private Task<string> Started()
    {
        lock (_log)
        {
            return _exit ??= Start();
        }
    }

    private SandboxOutcome Outcome(string payload, bool failed, bool reusable)
    {
        lock (_log)
        {
            var lines = _log.ToArray();
            _log.Clear();
            return new SandboxOutcome(payload, failed ? "Unhandled" : null, reusable, lines);
        }
    }
}
