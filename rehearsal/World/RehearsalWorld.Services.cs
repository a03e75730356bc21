namespace Deployer.Rehearsal.World;

/// <content>
/// The services that call another one. A service does many things at once on AWS: an execution has branches, a rule several deliveries, a
/// stage actions side by side. So each of these is an actor of its own, as one invocation of a function is: a task of an execution, a
/// delivery of an event, an invocation in Lambda's queue, an action of a pipeline. Each has one call under way at most, and the moments of
/// its calls come from streams of the services, never from the world's.
/// </content>
public sealed partial class RehearsalWorld
{
    /// <summary>What each of them has under way, by its name.</summary>
    private readonly Dictionary<string, string> _calls = new(StringComparer.Ordinal);

    /// <summary>
    /// How long an act of a service takes, from the service's own stream: the next number of this actor's. For services that call
    /// another, which have one act after another in due moments.
    /// </summary>
    /// <param name="duration">Between which bounds.</param>
    /// <param name="actor">Who acts, such as a task of an execution. Nothing of the name is drawn from the world's stream.</param>
    public TimeSpan Delay(SimulatedDuration duration, string actor) => duration.Draw(NextStream(actor));

    /// <summary>The randomness of the next act of a service.</summary>
    /// <param name="actor">Who acts, such as a rule. Nothing of the name is drawn from the world's stream.</param>
    internal SeededRandom NextStream(string actor)
    {
        var number = _started[actor] = _started.GetValueOrDefault(actor) + 1;
        return ActorPace.Stream(_seed, actor, number);
    }

    /// <summary>
    /// Sends a call of a service to another one: it has its effect at a due moment, and is under way until then. It is answered at that
    /// moment, unless the answer is waited for (<see cref="AwaitAnswer"/>).
    /// </summary>
    /// <param name="caller">Which part of which service calls.</param>
    /// <param name="delay">From now until it arrives.</param>
    /// <param name="kind">The kind of the due moment, and what reports call the call.</param>
    /// <param name="payload">What the moment's handler takes.</param>
    /// <exception cref="ActorException">
    /// The caller has one under way already, in a world that serves; otherwise the rehearsal fails.
    /// </exception>
    internal void ScheduleCall(string caller, TimeSpan delay, string kind, string payload)
    {
        if (Calls(caller, kind))
        {
            Schedule(delay, kind, payload, isAwaited: false, caller);
        }
    }

    /// <summary>A call has arrived and is answered later: it is under way until <see cref="Answered"/>.</summary>
    /// <inheritdoc cref="ScheduleCall"/>
    /// <param name="caller">Which part of which service calls.</param>
    /// <param name="kind">What reports call the call.</param>
    internal void AwaitAnswer(string caller, string kind) => Calls(caller, kind);

    /// <summary>The caller has the answer that it waited for.</summary>
    /// <param name="caller">Which part of which service has called.</param>
    internal void Answered(string caller) => _calls.Remove(caller);

    private bool Calls(string caller, string kind)
    {
        if (_calls.TryAdd(caller, kind))
        {
            return true;
        }

        var exception = new ActorException(SecondRequest(caller, kind, _calls[caller]));
        if (IsServing)
        {
            // Whatever asks for it ends with a report, as everything that goes wrong in a due moment or a request.
            throw exception;
        }

        Fail(exception);
        return false;
    }

    private static string SecondRequest(string actor, string what, string underWay) =>
        $"{actor} made a second request ({what}) while one was under way ({underWay}); "
        + "an actor has one request at a time in a rehearsal, so that one seed has one order";
}
