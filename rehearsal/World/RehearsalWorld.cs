using System.Collections.Concurrent;
using System.Globalization;

namespace Deployer.Rehearsal.World;

/// <summary>
/// The state of all accounts and the one thread that may touch it. What happens comes at moments of simulated time, one whole
/// action after another: due moments of the services, and the requests, answers and ends of the actors outside.
/// </summary>
public sealed partial class RehearsalWorld : IAsyncDisposable
{
    private const string RecordKey = "world";
    private readonly RehearsalOptions _options;
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread _thread;
    private readonly Table<WorldRecord> _record;
    private readonly Table<DueMoment> _due;
    private readonly Dictionary<string, DueHandler> _dueHandlers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _periodic = new(StringComparer.Ordinal);
    private readonly List<Goal> _goals = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _awaited;
    private readonly ConcurrentDictionary<Type, object> _parts = new();
    private Serving? _serving;
    private readonly ulong _seed;
    private long _nextTimer;
    private bool _stopping;
    private Task? _stopped;
    private bool _disposed;
    private Exception? _failure;

    /// <summary>Opens a world, stored or in memory, at the moment where it was left.</summary>
    public RehearsalWorld(RehearsalOptions options)
    {
        _options = options;
        Store = new Store(options.StateDirectory) { Clock = () => Now };
        _record = Store.Table<WorldRecord>("world");
        _due = Store.Table<DueMoment>("due");
        _awaited = [.. _due.WithPrefix(string.Empty).Where(due => due.Value.IsAwaited).Select(due => due.Key)];
        foreach (var (_, due) in _due.WithPrefix(string.Empty))
        {
            if (due.Caller is { } caller)
            {
                _calls[caller] = due.Kind;
            }
        }

        var record = _record.Get(RecordKey) ?? new WorldRecord(Epoch.Start.UtcTicks, options.Seed, 0, 0);
        Now = new DateTimeOffset(record.NowTicks, TimeSpan.Zero);
        _seed = record.Seed;
        _nextTimer = record.NextTimer;
        Random = new SeededRandom(record.Seed, record.Drawn);
        _thread = new Thread(Loop) { IsBackground = true, Name = "world" };
        _thread.Start();
    }

    /// <summary>The virtual time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The records of all services.</summary>
    public Store Store { get; }

    /// <summary>The source of ids and jitter.</summary>
    public SeededRandom Random { get; }

    /// <summary>How this world is set up.</summary>
    public RehearsalOptions Options => _options;

    /// <summary>What goes wrong on purpose.</summary>
    public Faults Faults => _options.Faults;

    private bool OnWorldThread => Thread.CurrentThread == _thread;

    /// <summary>
    /// The one object of a type that belongs to this world without being a record of it, made when it is first asked for:
    /// how a layer above keeps its own state beside the world's.
    /// </summary>
    internal T Part<T>(Func<RehearsalWorld, T> create)
        where T : class => (T)_parts.GetOrAdd(typeof(T), _ => create(this));

    /// <summary>Runs one atomic action on the world's thread. On that thread already, it is part of the running action.</summary>
    public Task<T> Do<T>(Func<T> action)
    {
        if (OnWorldThread)
        {
            return Task.FromResult(action());
        }

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                var result = action();
                Commit();
                if (Store.Failure is { } failure)
                {
                    done.SetException(failure);
                }
                else
                {
                    done.SetResult(result);
                }
            }
            catch (Exception exception)
            {
                Commit();
                done.SetException(exception);
            }

            CheckGoals();
        });
        return done.Task;
    }

    /// <inheritdoc cref="Do{T}"/>
    public Task Do(Action action) =>
        Do(() =>
        {
            action();
            return true;
        });

    /// <summary>Says what to do when a moment of this kind comes. Registered at start-up, so that stored moments find it.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="handle">Takes the moment's payload.</param>
    /// <param name="periodic">Whether such moments come again and again whatever happens, so that time need not go on for them.</param>
    /// <param name="failed">
    /// Ends what the moment was of, which nothing else would advance, where the rehearsal itself fails at it: takes the moment's payload
    /// and what is reported to people. Without it such a failure ends the waits for the world.
    /// </param>
    public void OnDue(string kind, Action<string> handle, bool periodic = false, Action<string, string>? failed = null)
    {
        _dueHandlers.Add(kind, new DueHandler(handle, failed));
        if (periodic)
        {
            _periodic.Add(kind);
        }
    }

    /// <summary>Sees each due moment, its kind and its payload, as the first part of its handling.</summary>
    internal Action<string, string>? Coming { get; set; }

    /// <summary>The kinds of due moments at which nothing ends when the rehearsal fails at one.</summary>
    internal IEnumerable<string> KindsWithoutEnd =>
        _dueHandlers.Where(handler => handler.Value.Failed is null).Select(handler => handler.Key);

    /// <summary>What went wrong in the rehearsal itself, in the order in which it did.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes that something went wrong in the rehearsal itself. What it happened to ends; the world goes on.</summary>
    /// <param name="what">What failed.</param>
    /// <param name="exception">How.</param>
    public void Report(string what, Exception exception)
    {
        var problem = $"{Now:O} {what}: {exception.GetType().Name}: {exception.Message}";
        _problems.Add(problem);
        _options.Reports?.Invoke(problem);
    }

    /// <summary>Stores a moment to come and returns its id.</summary>
    /// <param name="delay">From now; never negative.</param>
    /// <param name="kind">A kind given to <see cref="OnDue"/>.</param>
    /// <param name="payload">What the handler takes.</param>
    /// <param name="isAwaited">
    /// Whether a world that serves goes to it however far ahead it lies: the end of a wait, and not that of a patience.
    /// </param>
    public string Schedule(TimeSpan delay, string kind, string payload, bool isAwaited = false) =>
        Schedule(delay, kind, payload, isAwaited, caller: null);

    private string Schedule(TimeSpan delay, string kind, string payload, bool isAwaited, string? caller)
    {
        if (!_dueHandlers.ContainsKey(kind))
        {
            throw new InvalidOperationException($"nothing handles due moments of kind '{kind}'");
        }

        var at = After(delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        var id = string.Create(CultureInfo.InvariantCulture, $"{At(at)}/{_nextTimer++:D12}");
        _due.Put(id, new DueMoment(kind, payload, isAwaited, caller));
        if (isAwaited)
        {
            _awaited.Add(id);
        }

        return id;
    }

    /// <summary>Forgets a moment that has not come yet.</summary>
    public void Cancel(string timerId)
    {
        if (_due.Get(timerId)?.Caller is { } caller)
        {
            _calls.Remove(caller);
        }

        _due.Remove(timerId);
        _awaited.Remove(timerId);
    }

    /// <summary>Lets time pass until the condition holds, seen after each action. The condition runs on the world's thread.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="limit">Virtual time after which the wait fails.</param>
    /// <exception cref="RehearsalStalledException">Nothing is due any more, or the limit passed, and the condition does not
    /// hold.</exception>
    public Task RunUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        var goal = new Goal(condition, limit ?? TimeSpan.FromDays(3));
        _queue.Add(() =>
        {
            if (_failure is not null)
            {
                goal.Done.SetException(_failure);
                return;
            }

            goal.Deadline = After(goal.Limit);
            _goals.Add(goal);
            CheckGoals();
        });
        return goal.Done.Task;
    }

    /// <summary>
    /// Lets time pass with nobody waiting for anything, for as long as something is under way: a moment is due that is not
    /// periodic and not too far ahead. Periodic moments before it come as well; when only they are left, time stands still.
    /// </summary>
    /// <param name="ahead">How far ahead a moment may lie for time to go there.</param>
    /// <param name="clientPatience">
    /// How long on the wall clock a client that holds something (<see cref="Hold"/>) is waited for without a word from it.
    /// </param>
    /// <returns>Fails when the world fails; is cancelled when the world ends.</returns>
    public Task Serve(TimeSpan ahead, TimeSpan clientPatience)
    {
        var serving = new Serving(ahead, clientPatience);
        _queue.Add(() =>
        {
            if (_failure is not null)
            {
                serving.Done.SetException(_failure);
                return;
            }

            _serving = serving;
            foreach (var key in _held.Keys)
            {
                Hold(key);
            }
        });
        return serving.Done.Task;
    }

    /// <summary>
    /// Ends the world's thread and what runs outside: nothing happens any more, and nobody's waiting for it is answered. What belongs to
    /// the world can be taken down from then on.
    /// </summary>
    public Task Stop()
    {
        return _stopped ??= End();

        async Task End()
        {
            _queue.Add(() => _stopping = true);
            await Task.Run(_thread.Join);
            await EndActors();
        }
    }

    /// <summary>Ends the world: what runs outside is cancelled, the store is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await Stop();
        Store.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        while (!_stopping)
        {
            if (_queue.TryTake(out var action))
            {
                action();
            }
            else if (_goals.Count == 0 && !UnderWay())
            {
                _queue.Take()();
            }
            else if (_moments.Min is { Kind: ActorMomentKind.Act, Actor.IsUnknown: true } act && !IsDueBefore(act))
            {
                Await(act.Actor);
            }
            else if (WaitForClients() is { } wait)
            {
                if (_queue.TryTake(out var later, wait))
                {
                    later();
                }
            }
            else
            {
                Advance();
                CheckGoals();
            }
        }

        foreach (var goal in _goals)
        {
            goal.Done.TrySetCanceled();
        }

        _serving?.Done.TrySetCanceled();
    }

    /// <summary>How the keys of due moments begin: in ordinal order they are in the order of time.</summary>
    private static string At(DateTimeOffset moment) => moment.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    private static DateTimeOffset TimeOf(string dueId) => new(long.Parse(dueId.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);

    /// <summary>The moment after a time from now; the last that there is, where it would be later.</summary>
    private DateTimeOffset After(TimeSpan time) => time < DateTimeOffset.MaxValue - Now ? Now + time : DateTimeOffset.MaxValue;

    private bool UnderWay()
    {
        if (_serving is null)
        {
            return false;
        }

        var last = After(_serving.Ahead);
        return _awaited.Count > 0
            || _moments.Min is { } moment && moment.At <= last
            || _due.UpTo(At(last) + "/~").Any(due => !_periodic.Contains(due.Kind));
    }

    /// <summary>When the next thing comes, of the services or of the actors.</summary>
    private DateTimeOffset? NextMoment =>
        (_due.FirstKey, _moments.Min) switch
        {
            ({ } id, { } act) => IsDueBefore(act) ? TimeOf(id) : act.At,
            ({ } id, null) => TimeOf(id),
            (null, { } act) => act.At,
            _ => null,
        };

    /// <summary>Whether a due moment of a service comes before an actor's: the service's first when they are equal.</summary>
    private bool IsDueBefore(ActorMoment moment) => _due.FirstKey is { } id && TimeOf(id) <= moment.At;

    private void Advance()
    {
        var id = _due.FirstKey;
        var act = _moments.Min;
        if (id is null && act is null)
        {
            Fail($"nothing is due after {Now:O} and no actor is at work");
            return;
        }

        var due = id is not null && (act is null || IsDueBefore(act));
        var at = NextMoment!.Value;
        if (_goals.Count > 0 && _goals.TrueForAll(goal => goal.Deadline < at))
        {
            Fail($"what was waited for had not come by {Now:O}; the next moment is at {at:O}");
            return;
        }

        Now = at > Now ? at : Now;
        if (due)
        {
            Handle(id!);
        }
        else
        {
            Handle(act!);
        }

        Commit();
    }

    private void Handle(string dueId)
    {
        var moment = _due.Get(dueId)!;
        Cancel(dueId);
        if (!_dueHandlers.TryGetValue(moment.Kind, out var handler))
        {
            Fail($"nothing handles due moments of kind '{moment.Kind}'");
            return;
        }

        _options.Trace?.Invoke($"{Now:HH:mm:ss.fff} {moment.Kind} {moment.Payload}");
        try
        {
            Coming?.Invoke(moment.Kind, moment.Payload);
            handler.Handle(moment.Payload);
        }
        catch (Exception exception)
        {
            Report($"the due moment '{moment.Kind}' failed", exception);
            if (handler.Failed is { } failed)
            {
                Guard(
                    $"the end of what the due moment '{moment.Kind}' was of",
                    () => failed(moment.Payload, $"The rehearsal failed: {exception.Message}")
                );
                return;
            }

            Stall(new InvalidOperationException($"the due moment '{moment.Kind}' failed: {exception.Message}", exception));
        }
    }

    /// <summary>
    /// After each moment and each action from outside of time; never when an actor is heard, which comes at any time on the wall clock: a
    /// condition may make calls, and these have ids.
    /// </summary>
    private void CheckGoals()
    {
        for (var i = _goals.Count - 1; i >= 0; i--)
        {
            try
            {
                if (!_goals[i].Condition())
                {
                    continue;
                }

                _goals[i].Done.SetResult();
            }
            catch (Exception exception)
            {
                _goals[i].Done.SetException(exception);
            }

            _goals.RemoveAt(i);
        }
    }

    private void Fail(string message) => Fail(new RehearsalStalledException(message));

    private void Fail(Exception exception)
    {
        _failure ??= exception;
        Report("the rehearsal failed", exception);
        Stall(exception);
        _serving?.Done.TrySetException(exception);
        _serving = null;
    }

    /// <summary>Notifies whoever waits; a world that serves goes on.</summary>
    private void Stall(Exception exception)
    {
        foreach (var goal in _goals)
        {
            goal.Done.TrySetException(exception);
        }

        _goals.Clear();
    }

    private void Commit()
    {
        var record = new WorldRecord(Now.UtcTicks, _seed, Random.Drawn, _nextTimer);
        if (_record.Get(RecordKey) != record)
        {
            _record.Put(RecordKey, record);
        }

        try
        {
            Store.Commit();
        }
        catch (Exception exception)
        {
            // What cannot be kept does not go on: a full disk, or a record that cannot be written, which is a fault of the rehearsal.
            Fail(exception);
        }
    }

    private sealed record DueHandler(Action<string> Handle, Action<string, string>? Failed);

    private sealed class Serving(TimeSpan ahead, TimeSpan clientPatience)
    {
        public TimeSpan Ahead { get; } = ahead;

        public TimeSpan ClientPatience { get; } = clientPatience;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Goal(Func<bool> condition, TimeSpan limit)
    {
        public Func<bool> Condition { get; } = condition;

        public TimeSpan Limit { get; } = limit;

        public DateTimeOffset Deadline { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
