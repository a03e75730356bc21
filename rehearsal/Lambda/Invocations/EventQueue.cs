using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>
/// Asynchronous invocations. An error of the function is tried again after one and after two more minutes; what Lambda
/// could not begin, for up to six hours with growing pauses. What still fails then is dropped, as without a destination. Now and then an
/// event is delivered twice: the queue itself is eventually consistent.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html</remarks>
internal sealed class EventQueue
{
    private const string Due = "lambda/event";
    private const string Kind = "lambda/event";

    /// <summary>Under which an event is stored that is delivered for the second time; both deliveries have one request id on AWS.</summary>
    private const string SecondDelivery = "-2";

    /// <summary>One event in so many is delivered twice.</summary>
    private const int Twice = 16;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];
    private static readonly TimeSpan OldestAge = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly RehearsalWorld _world;
    private readonly Table<QueuedEvent> _events;
    private readonly Action<FunctionReference, string, QueuedEvent, string> _begin;

    /// <param name="world">The world.</param>
    /// <param name="invoker">Brings the results.</param>
    /// <param name="begin">Begins an invocation: function, request id, the event, kind of its result; its key is the request id.</param>
    public EventQueue(RehearsalWorld world, ILambdaInvoker invoker, Action<FunctionReference, string, QueuedEvent, string> begin)
    {
        _world = world;
        _events = world.Store.Table<QueuedEvent>("lambda/events");
        _begin = begin;
        world.OnDue(Due, Try, failed: (requestId, _) => NotBegun(requestId));
        invoker.OnResult(Kind, Judge);
    }

    /// <summary>Queues an invocation; its first try follows a little later.</summary>
    public void Add(FunctionReference reference, string requestId, string payload, string? handedKey)
    {
        var random = _world.NextStream($"{reference.Name} queue");
        var delay = Durations.AsynchronousInvocation.Draw(random);
        var isTwice = random.OneIn(Twice);
        var queued = new QueuedEvent(reference.Account, reference.Region, reference.Name, reference.Qualifier, payload, _world.Now, 0, 0)
        {
            HandedKey = handedKey,

            // An access key belongs to one invocation at a time: the second one follows the first.
            ComesAgain = isTwice && handedKey is not null,
        };
        _events.Put(requestId, queued);
        _world.Schedule(delay, Due, requestId);
        if (isTwice && handedKey is null)
        {
            var again = $"{requestId}{SecondDelivery}";
            _events.Put(again, queued);
            _world.Schedule(Durations.AsynchronousInvocation.Draw(random), Due, again);
        }
    }

    private void Try(string requestId)
    {
        if (_events.Get(requestId) is not { } queued)
        {
            return;
        }

        try
        {
            var reference = new FunctionReference(queued.Account, queued.Region, queued.Name, queued.Qualifier);
            _begin(reference, requestId, queued, Kind);
        }
        catch (ApiException refusal)
        {
            if (refusal.Code == "ResourceNotFoundException")
            {
                _events.Remove(requestId);
                return;
            }

            Refused(requestId, queued);
        }
    }

    /// <summary>What Lambda itself failed at it tries again, as what it could not begin.</summary>
    private void NotBegun(string requestId)
    {
        if (_events.Get(requestId) is { } queued)
        {
            Refused(requestId, queued);
        }
    }

    private void Judge(string requestId, LambdaResult result)
    {
        if (_events.Get(requestId) is not { } queued)
        {
            return;
        }

        if (result.ServiceError is not null)
        {
            Refused(requestId, queued);
        }
        else if (result.FunctionError is not null && queued.Failures < Pauses.Length)
        {
            Again(requestId, queued with { Failures = queued.Failures + 1 }, Pauses[queued.Failures]);
        }
        else if (queued.ComesAgain)
        {
            Again(requestId, queued with { ComesAgain = false }, Durations.AsynchronousInvocation.Shortest);
        }
        else
        {
            _events.Remove(requestId);
        }
    }

    private void Refused(string requestId, QueuedEvent queued)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, queued.Refusals), LongestPause.TotalSeconds));
        if (_world.Now + pause - queued.Accepted > OldestAge)
        {
            _events.Remove(requestId);
        }
        else
        {
            Again(requestId, queued with { Refusals = queued.Refusals + 1 }, pause);
        }
    }

    private void Again(string requestId, QueuedEvent queued, TimeSpan pause)
    {
        _events.Put(requestId, queued);
        _world.Schedule(pause, Due, requestId);
    }
}
