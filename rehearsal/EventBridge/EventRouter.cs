using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>
/// Carries events from the buses to the targets of the rules that take them: at least once, mostly a moment later, and as AWS permits it
/// now and then before the answer to what caused them, late, twice, and in another order.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html</remarks>
public sealed class EventRouter : IEventSource
{
    private const string Due = "events/delivery";

    /// <summary>One event in so many comes twice.</summary>
    private const int Twice = 16;

    /// <summary>One event in so many is early, and one is late.</summary>
    private const int Paces = 12;

    private const string Disorder = "events-disordered";
    private static readonly TimeSpan LongestDisorder = TimeSpan.FromMinutes(1);
    private readonly RehearsalWorld _world;
    private readonly EventBuses _buses;
    private readonly EventRules _rules;
    private readonly EventTargets _targets;
    private readonly Table<Delivery> _deliveries;
    private readonly Table<FailedDelivery> _failures;

    /// <summary>Where the event of a delivery stands among those before, while events are asked to overtake one another.</summary>
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);
    private long _sent;
    private long _newestDelivered;

    /// <summary>Made once for a world: it takes the due moments of deliveries and of schedules.</summary>
    public EventRouter(RehearsalWorld world, ILambdaInvoker functions)
    {
        _world = world;
        _buses = new EventBuses(world);
        _rules = new EventRules(world);
        _targets = new EventTargets(world, functions, this);
        _deliveries = world.Store.Table<Delivery>("events/deliveries");
        _failures = world.Store.Table<FailedDelivery>("events/failures");
        world.OnDue(Due, Deliver, failed: NotDelivered);
        world.OnDue(EventRules.Due, RunSchedule, periodic: true, failed: (key, _) => SetNextRun(key));
    }

    /// <summary>The events that did not reach their targets, oldest first: a rehearsal that has any is wired wrongly.</summary>
    public IReadOnlyList<FailedDelivery> Failures => [.. _failures.WithPrefix("").Select(failure => failure.Value)];

    /// <inheritdoc/>
    public void Publish(
        string account,
        string region,
        string source,
        string detailType,
        IReadOnlyList<string> resources,
        JsonObject detail
    ) => Put(_buses.Get(account, region, EventBus.Default), account, source, detailType, resources, detail, _world.Now);

    /// <summary>Puts an event of an account on a bus and returns its id.</summary>
    internal string Put(
        EventBus bus,
        string account,
        string source,
        string detailType,
        IEnumerable<string> resources,
        JsonObject detail,
        DateTimeOffset time
    )
    {
        var @event = Event(account, bus.Region, source, detailType, resources, detail, time);
        Accept(bus, @event, forwarded: false);
        return @event.GetProperty("id").GetString()!;
    }

    /// <summary>Offers an event to the rules of a bus.</summary>
    /// <param name="bus">The bus that it arrived on.</param>
    /// <param name="event">The event.</param>
    /// <param name="forwarded">Whether another account's bus sent it: then it is not sent on to a third one, as AWS documents.</param>
    internal void Accept(EventBus bus, JsonElement @event, bool forwarded)
    {
        foreach (
            var rule in _rules.Of(bus).Where(rule => rule is { Enabled: true, Pattern: not null } && _rules.PatternOf(rule).Matches(@event))
        )
        {
            if (_world.Faults.Strikes("events-lost"))
            {
                return;
            }

            Send(
                rule,
                @event,
                rule.Targets.Where(target => !forwarded || Api.ArnAccount(target.Arn) == rule.Account || !EventTargets.IsBus(target))
            );
        }
    }

    private JsonElement Event(
        string account,
        string region,
        string source,
        string detailType,
        IEnumerable<string> resources,
        JsonObject detail,
        DateTimeOffset time
    ) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["version"] = "0",
                ["id"] = _world.Random.Uuid(),
                ["detail-type"] = detailType,
                ["source"] = source,
                ["account"] = account,
                ["time"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["region"] = region,
                ["resources"] = new JsonArray([.. resources.Select(resource => JsonValue.Create(resource))]),
                ["detail"] = detail.DeepClone(),
            },
            DeepJson.WritingEscaped
        );

    private void RunSchedule(string key)
    {
        if (_rules.Find(key) is { Enabled: true } rule)
        {
            Send(rule, Event(rule.Account, rule.Region, "aws.events", "Scheduled Event", [rule.Arn], [], _world.Now), rule.Targets);
            _rules.SetNextRun(rule);
        }
    }

    /// <summary>A run of a schedule was missed; the next one is not.</summary>
    private void SetNextRun(string key)
    {
        if (_rules.Find(key) is { Enabled: true } rule)
        {
            _rules.SetNextRun(rule);
        }
    }

    private void Send(EventRule rule, JsonElement @event, IEnumerable<EventTarget> targets)
    {
        _sent++;
        foreach (var target in targets)
        {
            var delivery = new Delivery(rule.Account, rule.Arn, target, @event.GetProperty("id").GetString()!, Input(rule, target, @event));
            var random = _world.NextStream($"{rule.Arn} {target.Id}");
            Schedule(delivery, random);
            if (_world.Faults.Strikes("events-twice") || random.OneIn(Twice))
            {
                Schedule(delivery, random);
            }
        }
    }

    private void Schedule(Delivery delivery, SeededRandom random)
    {
        var delay = Pace(random).Draw(random);
        var id = _world.Random.Uuid();
        if (_world.Faults.Find(Disorder) is not null)
        {
            delay += LongestDisorder * random.NextDouble();
            _places[id] = _sent;
        }

        _deliveries.Put(id, delivery);
        _world.ScheduleCall($"{delivery.RuleArn} {id}", delay, Due, id);
    }

    private static SimulatedDuration Pace(SeededRandom random) =>
        random.Next(Paces) switch
        {
            0 => Durations.EarlyEvent,
            1 => Durations.LateEvent,
            _ => Durations.EventDelivery,
        };

    private void Deliver(string id)
    {
        var delivery = _deliveries.Get(id)!;
        if (_places.Remove(id, out var place))
        {
            // It has struck when an event comes after one that was published after it.
            _ = place < _newestDelivered && _world.Faults.Strikes(Disorder);
            _newestDelivered = Math.Max(_newestDelivered, place);
        }

        try
        {
            _targets.Deliver(delivery);
            _deliveries.Remove(id);
        }
        catch (Exception refusal) when (refusal is ApiException or AmazonServiceException)
        {
            _deliveries.Remove(id);
            Failed(id, delivery, refusal.Message);
        }
    }

    private void NotDelivered(string id, string reason)
    {
        if (_deliveries.Get(id) is { } delivery)
        {
            _deliveries.Remove(id);
            Failed(id, delivery, reason);
        }
    }

    private void Failed(string id, Delivery delivery, string reason) =>
        _failures.Put(
            $"{_world.Now.UtcTicks:D19}/{id}",
            new FailedDelivery(_world.Now, delivery.RuleArn, delivery.Target.Arn, delivery.EventId, reason, delivery.Target.DeadLetterQueue)
        );

    private string Input(EventRule rule, EventTarget target, JsonElement @event)
    {
        // A bus is always given the whole event.
        if (EventTargets.IsBus(target))
        {
            return @event.GetRawText();
        }

        if (target.InputTemplate is { } template)
        {
            return new InputTemplate(target.InputPaths ?? new Dictionary<string, string>(), template).Fill(@event, rule.Arn, _world.Now);
        }

        return target.Input
            ?? (target.InputPath is { } path ? FieldPath.Parse(path).Find(@event)?.GetRawText() ?? "{}" : @event.GetRawText());
    }
}
