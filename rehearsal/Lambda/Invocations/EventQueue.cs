using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>
/// Asynchronous invocations. An error of the function is tried again after one and after two more minutes; what Lambda
/// could not begin, for up to six hours with growing pauses. What still fails then goes to the function's destination, or is dropped. Now
/// and then an event is delivered twice: the queue itself is eventually consistent.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html,
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
/// </remarks>
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
    private readonly FunctionStore _functions;
    private readonly EventInvokeConfigs _configs;
    private readonly Table<QueuedEvent> _events;
    private readonly Table<DroppedEvent> _dropped;
    private readonly Action<FunctionReference, string, QueuedEvent, string> _begin;

    /// <param name="world">The world.</param>
    /// <param name="functions">Every function.</param>
    /// <param name="invoker">Brings the results.</param>
    /// <param name="begin">Begins an invocation: function, request id, the event, kind of its result; its key is the request id.</param>
    public EventQueue(
        RehearsalWorld world,
        FunctionStore functions,
        ILambdaInvoker invoker,
        Action<FunctionReference, string, QueuedEvent, string> begin
    )
    {
        _world = world;
        _functions = functions;
        _configs = new EventInvokeConfigs(world);
        _dropped = world.Store.Table<DroppedEvent>("lambda/dropped-events");
        _events = world.Store.Table<QueuedEvent>("lambda/events");
        _begin = begin;
        world.OnDue(Due, Try, failed: (requestId, _) => NotBegun(requestId));
        invoker.OnResult(Kind, Judge);
    }

    /// <summary>What was given up, oldest first.</summary>
    public IEnumerable<DroppedEvent> Dropped => _dropped.WithPrefix(string.Empty).Select(entry => entry.Value);

    /// <summary>Whether the function's role may send to the queue.</summary>
    /// <exception cref="ApiException">AccessDenied.</exception>
    public static void CheckDestination(RehearsalWorld world, Function function, string queue)
    {
        var service = Principal.Service("lambda.amazonaws.com", function.Account, function.Arn);
        var role = new RoleSessions(world).Act(service, function.Serving.Role, function.Name);
        world.Api.Check(role, function.Account, [queue], "sqs:SendMessage");
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
        Call(requestId, delay);
        if (isTwice && handedKey is null)
        {
            var again = $"{requestId}{SecondDelivery}";
            _events.Put(again, queued);
            Call(again, Durations.AsynchronousInvocation.Draw(random));
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
            _begin(Reference(queued), requestId, queued, Kind);
            _world.AwaitAnswer(Caller(requestId), Kind);
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
        _world.Answered(Caller(requestId));
        if (_events.Get(requestId) is not { } queued)
        {
            return;
        }

        if (result.ServiceError is not null)
        {
            Refused(requestId, queued);
        }
        else if (result.FunctionError is not null)
        {
            var config = _configs.Find(Reference(queued));
            var pause = queued.Failures < Pauses.Length ? Pauses[queued.Failures] : TimeSpan.Zero;
            if (queued.Failures >= Math.Min(config?.MaximumRetryAttempts ?? Pauses.Length, Pauses.Length))
            {
                Drop(requestId, queued, "RetriesExhausted");
            }
            else if (_world.Now + pause - queued.Accepted > (config?.MaximumEventAge ?? OldestAge))
            {
                Drop(requestId, queued, "EventAgeExceeded");
            }
            else
            {
                Again(requestId, queued with { Failures = queued.Failures + 1 }, pause);
            }
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
        if (_world.Now + pause - queued.Accepted > (_configs.Find(Reference(queued))?.MaximumEventAge ?? OldestAge))
        {
            Drop(requestId, queued, "EventAgeExceeded");
        }
        else
        {
            Again(requestId, queued with { Refusals = queued.Refusals + 1 }, pause);
        }
    }

    /// <summary>Gives an event up: it goes to the destination, when there is one that the function's role may send to.</summary>
    private void Drop(string requestId, QueuedEvent queued, string condition)
    {
        _events.Remove(requestId);
        var reference = Reference(queued);
        var queue = _configs.Find(reference)?.OnFailure;
        if (queue is not null && _functions.Find(reference) is { } function)
        {
            try
            {
                CheckDestination(_world, function, queue);
            }
            catch (ApiException)
            {
                // Lambda counts it (DestinationDeliveryFailures), and the event is lost.
                queue = null;
            }
        }

        _dropped.Put($"{_world.Now.UtcTicks:D19}/{requestId}", new DroppedEvent(_world.Now, reference.QualifiedArn, condition, queue));
    }

    private static FunctionReference Reference(QueuedEvent queued) => new(queued.Account, queued.Region, queued.Name, queued.Qualifier);

    private void Again(string requestId, QueuedEvent queued, TimeSpan pause)
    {
        _events.Put(requestId, queued);
        Call(requestId, pause);
    }

    /// <summary>Each delivery of an event is an actor, which invokes the function once at a time.</summary>
    private void Call(string requestId, TimeSpan delay) => _world.ScheduleCall(Caller(requestId), delay, Due, requestId);

    private static string Caller(string requestId) => $"the invocation {requestId} in Lambda's queue";
}
