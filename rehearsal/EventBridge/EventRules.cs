using Deployer.Rehearsal.EventBridge.Patterns;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>The rules of every bus.</summary>
public sealed class EventRules(RehearsalWorld world)
{
    /// <summary>The kind of a scheduled rule's due moments; the payload is the rule's key.</summary>
    internal const string Due = "events/schedule";

    private const int TargetsPerRule = 5;
    private readonly Table<EventRule> _rules = world.Store.VersionedTable<EventRule>("events/rules", rule => rule);
    private readonly Dictionary<string, EventPattern> _patterns = new(StringComparer.Ordinal);

    /// <summary>The rule.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public EventRule Get(EventBus bus, string name) =>
        Find(new EventRule(bus.Account, bus.Region, bus.Name, name).Key)
        ?? throw new ApiException("ResourceNotFoundException", $"Rule {name} does not exist on EventBus {bus.Name}.");

    /// <summary>The rules of a bus, by name.</summary>
    public IEnumerable<EventRule> Of(EventBus bus) =>
        _rules.WithPrefix(RegionalKey.Prefix(bus.Account, bus.Region, bus.Name)).Select(rule => rule.Value);

    /// <summary>Makes a rule or replaces it; its targets stay.</summary>
    /// <exception cref="ApiException">InvalidEventPatternException, ValidationException.</exception>
    public EventRule Put(EventRule rule)
    {
        Check(rule);
        var old = Find(rule.Key);
        CancelTimer(old);
        // "If you are updating an existing rule … any tags you specify in the PutRule operation are not associated with the rule":
        // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
        return Save(Timed(rule with { Targets = old?.Targets ?? [], Tags = old is null ? rule.Tags : old.Tags }));
    }

    /// <summary>Replaces a rule's tags.</summary>
    public void Retag(EventRule rule, IReadOnlyDictionary<string, string> tags) => Save(rule with { Tags = tags });

    /// <summary>The rules of an account in a region that have tags.</summary>
    public IEnumerable<EventRule> Tagged(string account, string region) =>
        _rules.WithPrefix(RegionalKey.Prefix(account, region)).Select(rule => rule.Value).Where(rule => rule.Tags is { Count: > 0 });

    /// <summary>Forgets a rule, which must have no targets any more; there need not be one.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public void Delete(EventBus bus, string name)
    {
        var rule = Find(new EventRule(bus.Account, bus.Region, bus.Name, name).Key);
        if (rule is { Targets.Count: > 0 })
        {
            throw new ApiException("ValidationException", "Rule can't be deleted since it has targets.");
        }

        if (rule is not null)
        {
            CancelTimer(rule);
            _rules.Remove(rule.Key);
        }
    }

    /// <summary>Adds targets, or replaces those of the same id.</summary>
    /// <exception cref="ApiException">LimitExceededException, ValidationException.</exception>
    public void PutTargets(EventRule rule, IReadOnlyList<EventTarget> targets)
    {
        foreach (var target in targets)
        {
            EventTargets.Check(target);
        }

        var ids = targets.Select(target => target.Id).ToHashSet(StringComparer.Ordinal);
        var all = rule.Targets.Where(target => !ids.Contains(target.Id)).Concat(targets).ToList();
        if (all.Count > TargetsPerRule)
        {
            throw new ApiException("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        }

        Save(rule with { Targets = all });
    }

    /// <summary>Removes targets by their ids; an id that is not there is passed over.</summary>
    public void RemoveTargets(EventRule rule, IReadOnlyCollection<string> ids) =>
        Save(rule with { Targets = [.. rule.Targets.Where(target => !ids.Contains(target.Id))] });

    /// <summary>A rule by its key in the store.</summary>
    internal EventRule? Find(string key) => _rules.Get(key);

    /// <summary>The pattern of a rule, read once.</summary>
    internal EventPattern PatternOf(EventRule rule)
    {
        if (!_patterns.TryGetValue(rule.Pattern!, out var pattern))
        {
            _patterns[rule.Pattern!] = pattern = EventPattern.Parse(rule.Pattern!);
        }

        return pattern;
    }

    /// <summary>Sets the due moment of the next run, after one has come.</summary>
    internal void SetNextRun(EventRule rule) => Save(Timed(rule));

    private static void Check(EventRule rule)
    {
        if (rule.Pattern is null && rule.Schedule is null)
        {
            throw new ApiException("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }

        if (rule.Schedule is not null && rule.Bus != EventBus.Default)
        {
            throw new ApiException("ValidationException", "ScheduleExpression is supported only on the default event bus.");
        }

        try
        {
            _ = rule.Pattern is null ? null : EventPattern.Parse(rule.Pattern);
            _ = rule.Schedule is null ? null : Schedules.Schedule.Parse(rule.Schedule);
        }
        catch (InvalidEventPatternException exception)
        {
            throw new ApiException("InvalidEventPatternException", exception.Message);
        }
        catch (FormatException exception)
        {
            throw new ApiException("ValidationException", $"Parameter ScheduleExpression is not valid. {exception.Message}");
        }
    }

    private EventRule Timed(EventRule rule) =>
        rule with
        {
            Timer =
                rule is { Enabled: true, Schedule: { } schedule } && Schedules.Schedule.Parse(schedule).Next(world.Now) is { } next
                    ? world.Schedule(next - world.Now, Due, rule.Key)
                    : null,
        };

    private void CancelTimer(EventRule? rule)
    {
        if (rule?.Timer is { } timer)
        {
            world.Cancel(timer);
        }
    }

    private EventRule Save(EventRule rule)
    {
        _rules.Put(rule.Key, rule);
        return rule;
    }
}
