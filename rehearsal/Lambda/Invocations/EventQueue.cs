using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>
/// Asynchronous invocations. An error of the function is tried again after one and after two more minutes; what Lambda
/// could not begin, for up to six hours with growing pauses. What still fails then is dropped, as without a destination.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html</remarks>
internal sealed class EventQueue
{
    private const string Due = "lambda/event";
    private const string Kind = "lambda/event";

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
        world.OnDue(Due, Try);
        invoker.OnResult(Kind, Judge);
    }

    /// <summary>Queues an invocation; its first try follows a little later.</summary>
    public void Add(FunctionReference reference, string requestId, string payload, string? handedKey)
    {
        _events.Put(
            requestId,
            new QueuedEvent(reference.Account, reference.Region, reference.Name, reference.Qualifier, payload, _world.Now, 0, 0)
            {
                HandedKey = handedKey,
            }
        );
        _world.Schedule(_world.Delay(Durations.AsynchronousInvocation, $"{reference.Name} queue"), Due, requestId);
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
