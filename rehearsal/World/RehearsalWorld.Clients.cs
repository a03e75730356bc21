using System.Diagnostics;

namespace Deployer.Rehearsal.World;

/// <content>
/// Clients from outside, which live on the wall clock. Each request of theirs is an actor of its own. While a client holds something that
/// the world waits for (the task of an activity, a task token), simulated time passes no faster than the wall clock: what the client has a
/// minute for on AWS it has a minute for here, and when it is silent for longer than that, its time is over as on AWS.
/// </content>
public sealed partial class RehearsalWorld
{
    /// <summary>What clients hold, and when each of them was heard of last, on the wall clock.</summary>
    private readonly Dictionary<string, long> _held = new(StringComparer.Ordinal);

    /// <summary>Where simulated time stood when it began to pass with the wall clock, and where that stood.</summary>
    private (DateTimeOffset Moment, long Wall)? _pace;

    /// <summary>Whether the world serves clients from outside. On the world's thread.</summary>
    internal bool IsServing => _serving is not null;

    /// <summary>A client from outside holds something, or is heard of again. It has no effect in a world that does not serve.</summary>
    /// <param name="key">What it holds.</param>
    internal void Hold(string key) => _held[key] = Stopwatch.GetTimestamp();

    /// <summary>Nobody holds it any more.</summary>
    internal void LetGo(string key) => _held.Remove(key);

    /// <summary>Takes a request of a client from outside.</summary>
    internal void RequestOfClient(ActorRequest request, CancellationToken disconnected)
    {
        // What the client did since the world was last at work took time, when its time counts.
        if (PacedNow() is { } now && now > Now)
        {
            Now = NextMoment is { } next && next < now ? next : now;
        }

        var actor = Begin("client", new ActorSettings { Pace = ActorPace.Client, IsClient = true });
        Request(actor, request);
        disconnected.Register(() => Post(() => Kill(actor)));
    }

    /// <summary>Does something after a time on the wall clock: for the patience of clients from outside.</summary>
    internal void AfterWallTime(TimeSpan time, Action action) =>
        _ = Task.Delay(time)
            .ContinueWith(
                _ => Post(() => Guard("what a client waited for", action)),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );

    /// <summary>How far simulated time may have come while clients hold something; null when it need not wait for any.</summary>
    private DateTimeOffset? PacedNow()
    {
        if (_serving is not { } serving || !_held.Values.Any(IsHeld))
        {
            _pace = null;
            return null;
        }

        var (moment, wall) = _pace ??= (Now, Stopwatch.GetTimestamp());
        return moment + Stopwatch.GetElapsedTime(wall);

        bool IsHeld(long heard) => Stopwatch.GetElapsedTime(heard) < serving.ClientPatience;
    }

    /// <summary>How long the world waits on the wall clock before it goes to the next moment; null when it may go.</summary>
    private TimeSpan? WaitForClients()
    {
        if (PacedNow() is not { } now || NextMoment is not { } next || next <= now)
        {
            return null;
        }

        var patience = _held.Values.Max(heard => _serving!.ClientPatience - Stopwatch.GetElapsedTime(heard));
        var wait = next - now < patience ? next - now : patience;
        return wait < Tick ? Tick : wait;
    }

    /// <summary>A wait on a queue takes whole milliseconds.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
}
