using System.Diagnostics;

namespace Deployer.Rehearsal.World;

/// <content>
/// The actors outside. One rule orders what they do: an act takes effect at the moment that was drawn for it when its actor began to
/// compute, from a stream of (seed, actor, number of the request). The world goes past such a moment only when it knows what the actor
/// does then, so the order of everything is as if the world waited for every actor at every moment; yet actors compute beside one another
/// on the wall clock.
/// </content>
public sealed partial class RehearsalWorld
{
    /// <summary>How long the end of the world waits for actors that were killed to leave.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long it takes at most until a request is known to be of a program that was killed: the machine has closed its connection, and
    /// who listens to that has yet to run.
    /// </summary>
    private static readonly TimeSpan Noticing = TimeSpan.FromSeconds(2);

    /// <summary>One read in so many is behind.</summary>
    private const int StaleReads = 4;

    private readonly SortedSet<ActorMoment> _moments = new(ActorMoment.Order);
    private readonly HashSet<Actor> _actors = [];
    private readonly Dictionary<string, int> _started = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Actor?> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ActorRequest>> _frozen = new(StringComparer.Ordinal);
    private readonly List<ActorRequest> _unanswered = [];
    private readonly List<Task> _works = [];

    /// <summary>
    /// Lets somebody outside the world act (a function's invocation, a build). Their requests belong to them by the access keys that were
    /// given to them; the action that the work returns is their end's effect in the world.
    /// </summary>
    /// <param name="name">What kind of actor it is, such as the function's name; its own name is this and a number.</param>
    /// <param name="work">
    /// Runs on a thread of its own; cancelled when the actor is killed, and expected to end then: what it returns is dropped.
    /// </param>
    /// <param name="settings">How it is treated.</param>
    public Actor StartActor(string name, Func<CancellationToken, Task<Action>> work, ActorSettings? settings = null)
    {
        if (!OnWorldThread)
        {
            throw new InvalidOperationException("an actor is started by an action of the world");
        }

        var actor = Begin(name, settings ?? new ActorSettings());
        foreach (var key in actor.Settings.AccessKeys)
        {
            Own(key, actor);
        }

        _works.RemoveAll(task => task.IsCompleted);
        _works.Add(Task.Run(() => Work(actor, work)));
        return actor;
    }

    /// <summary>
    /// How far behind a read of an actor's present request is: now and then by a time of the duration, mostly not at all.
    /// </summary>
    /// <param name="accessKey">The key by which the actor is known; null for whoever is outside of time, who sees everything.</param>
    /// <param name="of">What is read, such as the name of a service: each has a lag of its own.</param>
    /// <param name="lag">How long it may be.</param>
    internal TimeSpan Lag(string? accessKey, string of, SimulatedDuration lag)
    {
        if (accessKey is null || _owners.GetValueOrDefault(accessKey) is not { Settings.SeesPresent: false } actor)
        {
            return TimeSpan.Zero;
        }

        var random = ActorPace.Stream(_seed, $"{actor.Name}/{of}", actor.RequestNumber);
        return random.OneIn(StaleReads) ? lag.Draw(random) : TimeSpan.Zero;
    }

    /// <summary>Whether an access key is that of somebody who sees what stands, and whom no fault strikes.</summary>
    internal bool SeesPresent(string accessKey) => _owners.GetValueOrDefault(accessKey) is { Settings.SeesPresent: true };

    /// <summary>
    /// Takes an access key for one whose requests wait until an actor owns it: the key of an execution environment that is frozen.
    /// </summary>
    public void Freeze(string accessKey) => _owners[accessKey] = null;

    /// <summary>
    /// Ends an actor at once: what it is about to do never takes effect, and a request of it that has had its effect is never answered.
    /// </summary>
    public void Kill(Actor actor)
    {
        if (actor.State == ActorState.Ended)
        {
            return;
        }

        End(actor);
        try
        {
            actor.Cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            // What listens to it may fail, as the end of a process that may not be ended does; the actor has ended all the same.
            Report($"{actor.Name} could not be ended in whole", exception.GetBaseException());
        }

        if (actor.Request is { } request)
        {
            _unanswered.Add(request);
        }

        _unanswered.AddRange(actor.NextRequests);
    }

    /// <summary>
    /// Ends an actor at once as a crash of its process does: as <see cref="Kill"/>, and whoever waits for it hears of the crash.
    /// </summary>
    /// <returns>Whether it was alive and can crash.</returns>
    public bool Crash(Actor actor)
    {
        if (actor.State == ActorState.Ended || actor.Settings.Crashed is not { } crashed)
        {
            return false;
        }

        Kill(actor);
        Guard(actor, crashed);
        return true;
    }

    /// <summary>Sees each request of an actor, and what reports call it, when it has had its effect and before it is answered.</summary>
    internal Action<Actor, string>? Arrived { get; set; }

    /// <summary>The actors alive whose names begin so, by name.</summary>
    internal IReadOnlyList<Actor> LivingActors(string prefix) =>
        [
            .. _actors
                .Where(actor => actor.Name.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(actor => actor.Name, StringComparer.Ordinal),
        ];

    /// <summary>Whether requests under this access key are an actor's, now or at times.</summary>
    internal bool IsActors(string accessKey) => _owners.ContainsKey(accessKey);

    /// <summary>Has the world's thread hear an actor: beside the moments, so that it changes nothing of what they see.</summary>
    internal void Hear(Action action) => Post(action);

    /// <summary>Takes a request of the actor that owns the access key.</summary>
    internal void Request(string accessKey, ActorRequest request)
    {
        if (_owners[accessKey] is { } actor)
        {
            Request(actor, request);
        }
        else
        {
            // A frozen environment's requests go on when it is thawed.
            (_frozen.TryGetValue(accessKey, out var frozen) ? frozen : _frozen[accessKey] = []).Add(request);
        }
    }

    private void Request(Actor actor, ActorRequest request)
    {
        if (actor.State is ActorState.Ended or ActorState.Stuck)
        {
            _unanswered.Add(request);
        }
        else if ((actor.NextRequests.LastOrDefault() ?? actor.Request) is not { } other)
        {
            actor.Request = request;
        }
        else if (Task.WaitAny([other.SenderGone, request.SenderGone], Noticing) is var gone && gone == 0)
        {
            actor.NextRequests.Enqueue(request);
        }
        else if (gone == 1)
        {
            // Sent while the sender was being killed, beside who took its place.
            _unanswered.Add(request);
        }
        else
        {
            _unanswered.Add(request);
            Fail(actor, SecondRequest(actor.Name, request.What, other.What));
        }
    }

    private Actor Begin(string name, ActorSettings settings)
    {
        var number = _started[name] = _started.GetValueOrDefault(name) + 1;
        var actor = new Actor($"{name}#{number}", settings, Now);
        _actors.Add(actor);
        if (settings.Limit is { } limit)
        {
            Add(actor, After(limit), ActorMomentKind.Limit);
        }

        Compute(actor, After(settings.Pace.Start(ActorPace.Stream(_seed, actor.Name, 0))));
        return actor;
    }

    private void Own(string accessKey, Actor actor)
    {
        _owners[accessKey] = actor;
        if (_frozen.Remove(accessKey, out var frozen))
        {
            frozen.ForEach(request => Request(actor, request));
        }
    }

    private void Add(Actor actor, DateTimeOffset at, ActorMomentKind kind)
    {
        var moment = new ActorMoment(at, actor, actor.RequestNumber, kind);
        actor.Moments.Add(moment);
        _moments.Add(moment);
    }

    private void Compute(Actor actor, DateTimeOffset next)
    {
        actor.State = ActorState.Computing;
        actor.ComputingSince = Stopwatch.GetTimestamp();
        Add(actor, next, ActorMomentKind.Act);
    }

    /// <summary>Waits on the wall clock for what an actor does next, or for anything else that comes in.</summary>
    private void Await(Actor actor)
    {
        var limit = actor.Settings.WallLimit is { } own && own < _options.ActorLimit ? own : _options.ActorLimit;
        var left = limit - Stopwatch.GetElapsedTime(actor.ComputingSince);
        if (left > TimeSpan.Zero)
        {
            if (_queue.TryTake(out var action, left))
            {
                action();
            }

            return;
        }

        if (actor.Settings is { Killed: not null, Limit: not null })
        {
            // Its simulated time passes, and kills it.
            actor.State = ActorState.Stuck;
            Forget(actor, ActorMomentKind.Act);
            return;
        }

        Kill(actor);
        if (actor.Settings.Killed is { } killed)
        {
            Guard(actor, killed);
        }
        else
        {
            Fail(actor, $"{actor.Name} neither made a request nor ended within {limit.TotalSeconds} s on the wall clock");
        }
    }

    /// <summary>
    /// An actor broke a rule: that fails a rehearsal, since its order is no longer the seed's. A world that serves has other work, and
    /// only the actor ends.
    /// </summary>
    private void Fail(Actor actor, string message)
    {
        var exception = new ActorException(message);
        if (!IsServing)
        {
            Fail(exception);
            return;
        }

        Report($"{actor.Name} was ended", exception);
        Kill(actor);
        if (actor.Settings.RuleBroken is { } broken)
        {
            Guard(actor, () => broken(exception));
        }
        else if ((actor.Settings.Crashed ?? actor.Settings.Killed) is { } ended)
        {
            Guard(actor, ended);
        }
    }

    private void Handle(ActorMoment moment)
    {
        var actor = moment.Actor;
        _moments.Remove(moment);
        actor.Moments.Remove(moment);
        var what = actor.Request?.What ?? (actor.Result is null ? null : "end");
        _options.Trace?.Invoke($"{Now:HH:mm:ss.fff} {actor} {moment.Number} {moment.Kind} {what}");
        switch (moment.Kind)
        {
            case ActorMomentKind.Act when actor.Request is { } request:
                // Also that of a program that was killed, and whose actor has come to its end since.
                Arrive(actor, request);
                break;
            case ActorMomentKind.Act:
                End(actor);
                foreach (var key in actor.Settings.AccessKeys.Where(key => _owners[key] == actor))
                {
                    Freeze(key);
                }

                Guard(actor, actor.Result!);
                break;
            case ActorMomentKind.Limit:
                Kill(actor);
                if (actor.Settings.Killed is { } killed)
                {
                    Guard(actor, killed);
                }

                break;
            default:
                Release(actor, moment.Kind);
                break;
        }
    }

    private void Arrive(Actor actor, ActorRequest request)
    {
        // .NET sends a request without a body again by itself when a kept connection ends before any answer, and the SDK does not hear of
        // it (HttpConnection.SendAsync of https://github.com/dotnet/runtime): an attempt nevertheless, in process as on a socket.
        var attempt = Math.Max(request.Attempt, Unanswered(actor, request) + 1);
        if (attempt > 1 && !request.Paused)
        {
            request.Paused = true;
            Add(actor, After(Pause(actor, attempt)), ActorMomentKind.Act);
            return;
        }

        actor.State = ActorState.Waiting;
        Task? later;
        try
        {
            later = request.Arrive();
            Arrived?.Invoke(actor, request.What);
        }
        catch (Exception exception)
        {
            // Only that request ends: as one whose connection is lost.
            Report($"{request.What} of {actor.Name} failed", exception);
            Release(actor, ActorMomentKind.ClientTimeout);
            return;
        }

        if (actor.State == ActorState.Ended)
        {
            return;
        }

        // Whether the answer is to come or only late: its client gives up, and the effect stands.
        if (!actor.Settings.IsClient)
        {
            Add(actor, After(actor.Settings.RequestTimeout), ActorMomentKind.ClientTimeout);
        }

        if (later is null)
        {
            Answer(actor);
            return;
        }

        _ = later.ContinueWith(
            _ =>
            {
                if (OnWorldThread)
                {
                    Completed();
                }
                else
                {
                    Post(Completed);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

        void Completed()
        {
            // Who was killed or waits no longer is not answered.
            if (actor.State == ActorState.Waiting && actor.Request == request)
            {
                Answer(actor);
            }
        }
    }

    private void Answer(Actor actor)
    {
        var delay = actor.Settings.Pace.Answer(ActorPace.Stream(_seed, $"{actor.Name}/answer", actor.RequestNumber));
        Add(actor, After(delay + actor.AnswerDelay), ActorMomentKind.Answer);
        actor.AnswerDelay = TimeSpan.Zero;
    }

    /// <summary>Gives the answer, or lets the client give up; then the actor computes again.</summary>
    private void Release(Actor actor, ActorMomentKind kind)
    {
        var request = actor.Request!;
        actor.Request = null;
        actor.Unanswered =
            kind == ActorMomentKind.Answer && !request.IsLost() ? (null, 0) : (request.Invocation, Unanswered(actor, request) + 1);
        Forget(actor, ActorMomentKind.Answer);
        Forget(actor, ActorMomentKind.ClientTimeout);
        var random = ActorPace.Stream(_seed, actor.Name, actor.RequestNumber);
        actor.RequestNumber++;
        if (actor.Settings.IsClient)
        {
            End(actor);
        }
        else
        {
            Compute(actor, After(actor.Settings.Pace.Arrival(random) + actor.Slowness));
            actor.Slowness = TimeSpan.Zero;
            actor.Request = actor.NextRequests.TryDequeue(out var next) ? next : null;
        }

        if (kind == ActorMomentKind.Answer)
        {
            request.Answer();
        }
        else
        {
            request.Abandon();
        }
    }

    /// <summary>How many attempts of the same call had no answer before.</summary>
    private static int Unanswered(Actor actor, ActorRequest request) =>
        request.Invocation is not null && actor.Unanswered.Invocation == request.Invocation ? actor.Unanswered.Times : 0;

    /// <summary>The pause before an attempt of an SDK's client: a random part of 2^n seconds, at most 20 s.</summary>
    /// <remarks>https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html</remarks>
    private TimeSpan Pause(Actor actor, int attempt) =>
        TimeSpan.FromSeconds(
            Math.Min(20, Math.Pow(2, attempt - 2)) * ActorPace.Stream(_seed, $"{actor.Name}/pause", actor.RequestNumber).NextDouble()
        );

    private void End(Actor actor)
    {
        actor.State = ActorState.Ended;
        actor.Moments.ForEach(moment => _moments.Remove(moment));
        actor.Moments.Clear();
        _actors.Remove(actor);
    }

    private void Forget(Actor actor, ActorMomentKind kind)
    {
        foreach (var moment in actor.Moments.FindAll(moment => moment.Kind == kind))
        {
            actor.Moments.Remove(moment);
            _moments.Remove(moment);
        }
    }

    private void Guard(Actor actor, Action action) => Guard($"the end of {actor.Name}", action);

    private void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Report($"{what} failed", exception);
            Stall(new InvalidOperationException($"{what} failed: {exception.Message}", exception));
        }
    }

    private async Task Work(Actor actor, Func<CancellationToken, Task<Action>> work)
    {
        Action result;
        try
        {
            result = await work(actor.Cancellation.Token);
        }
        catch (Exception exception)
        {
            result = () => throw new InvalidOperationException($"{actor.Name} failed: {exception.Message}", exception);
        }

        Post(() => actor.Result = result);
    }

    /// <summary>Hands an action to the world's thread; one that has ended takes none.</summary>
    private void Post(Action action)
    {
        try
        {
            _queue.Add(action);
        }
        catch (InvalidOperationException)
        {
            // The world has ended: ObjectDisposedException is one of these too.
        }
    }

    /// <summary>After the world's thread has ended: what never gets an answer is cancelled, and the actors leave.</summary>
    private async Task EndActors()
    {
        foreach (var actor in _actors)
        {
            await actor.Cancellation.CancelAsync();
        }

        var open = _actors.SelectMany(actor => actor.NextRequests.Prepend(actor.Request)).OfType<ActorRequest>();
        foreach (var request in _unanswered.Concat(_frozen.Values.SelectMany(requests => requests)).Concat(open))
        {
            request.Abandon();
        }

        await Task.WhenAny(Task.WhenAll(_works), Task.Delay(Leaving));
    }
}
