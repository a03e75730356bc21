using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Logs;

/// <summary>The log groups of every account. The services of the world append to them without asking for permission.</summary>
public sealed class LogStore(RehearsalWorld world) : ITagSource
{
    // No name of a group or of a stream has a line feed, so that one name never is another's prefix.
    private const char Separator = '\n';
    private readonly Table<LogGroup> _groups = world.Store.VersionedTable<LogGroup>("logs/groups", group => group);
    private readonly Table<LogStream> _streams = world.Store.Table<LogStream>("logs/streams");
    private readonly Table<LogEvent> _events = world.Store.Table<LogEvent>("logs/events");

    /// <summary>The log group, or <see langword="null"/>.</summary>
    public LogGroup? Find(string account, string region, string name) => _groups.Get(Key(account, region, name));

    /// <summary>The log groups of an account in a region, by name.</summary>
    public IEnumerable<LogGroup> Groups(string account, string region) =>
        _groups.WithPrefix(Key(account, region, "")).Select(group => group.Value);

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        Groups(account, region).Where(group => group.Tags.Count > 0).Select(group => new TaggedResource(group.Arn, group.Tags));

    /// <summary>The streams of a group, by name.</summary>
    public IEnumerable<LogStream> Streams(LogGroup group) => _streams.WithPrefix(Prefix(group)).Select(stream => stream.Value);

    /// <summary>The events of a group, by time.</summary>
    public IEnumerable<LogEvent> Events(LogGroup group) => _events.WithPrefix(Prefix(group)).Select(@event => @event.Value);

    /// <summary>Makes a group, or changes an existing one's retention and tags.</summary>
    public LogGroup PutGroup(
        string account,
        string region,
        string name,
        int? retentionInDays = null,
        IReadOnlyDictionary<string, string>? tags = null
    )
    {
        var old = Find(account, region, name);
        var group = new LogGroup(
            account,
            region,
            name,
            old?.Created ?? world.Now,
            retentionInDays,
            tags ?? old?.Tags ?? new Dictionary<string, string>(),
            old?.NextEvent ?? 0
        );
        _groups.Put(Key(account, region, name), group);
        return group;
    }

    /// <summary>Makes a stream; says whether it was not there yet.</summary>
    public bool AddStream(LogGroup group, string name)
    {
        if (_streams.Get(Prefix(group) + name) is not null)
        {
            return false;
        }

        _streams.Put(Prefix(group) + name, new LogStream(name, world.Now, FirstEvent: null, LastEvent: null));
        return true;
    }

    /// <summary>Removes a group with all that is in it.</summary>
    public void DeleteGroup(LogGroup group)
    {
        foreach (var (key, _) in _events.WithPrefix(Prefix(group)))
        {
            _events.Remove(key);
        }

        foreach (var (key, _) in _streams.WithPrefix(Prefix(group)))
        {
            _streams.Remove(key);
        }

        _groups.Remove(Key(group.Account, group.Region, group.Name));
    }

    /// <summary>Appends messages of this moment; group and stream are made where they are missing.</summary>
    public void Append(string account, string region, string group, string stream, IEnumerable<string> messages)
    {
        var target = Find(account, region, group) ?? PutGroup(account, region, group);
        AddStream(target, stream);
        Append(target, stream, [.. messages.Select(message => (world.Now, message))]);
    }

    /// <summary>Appends events to a stream that exists.</summary>
    internal void Append(LogGroup group, string stream, IReadOnlyList<(DateTimeOffset Time, string Message)> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var number = group.NextEvent;
        foreach (var (time, message) in events)
        {
            var added = new LogEvent(number++, stream, time, world.Now, message);
            _events.Put(Prefix(group) + added.Position, added);
        }

        _groups.Put(Key(group.Account, group.Region, group.Name), group with { NextEvent = number });
        var old = _streams.Get(Prefix(group) + stream)!;
        _streams.Put(
            Prefix(group) + stream,
            old with
            {
                FirstEvent = events.Select(@event => @event.Time).Append(old.FirstEvent ?? DateTimeOffset.MaxValue).Min(),
                LastEvent = events.Select(@event => @event.Time).Append(old.LastEvent ?? DateTimeOffset.MinValue).Max(),
            }
        );
    }

    private static string Key(string account, string region, string name) => RegionalKey.Create(account, region, name);

    private static string Prefix(LogGroup group) => Key(group.Account, group.Region, group.Name) + Separator;
}
