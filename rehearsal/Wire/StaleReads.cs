using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// Reads that are asked to answer actors for a while as things stood at one moment, beside those that are behind by seed.
/// </summary>
internal sealed class StaleReads
{
    /// <summary>The longest while: what a table still knows of the moment at its end.</summary>
    public static readonly TimeSpan Longest = TableVersions<object>.Kept - TimeSpan.FromSeconds(1);

    private readonly List<StaleRead> _asked = [];

    /// <summary>Those of a world.</summary>
    public static StaleReads In(RehearsalWorld world) => world.Part(_ => new StaleReads());

    /// <summary>Has the reads of an operation answer as things stood before the present moment.</summary>
    /// <param name="operation">The operation, such as <c>cloudformation:DescribeStacks</c>.</param>
    /// <param name="now">The present moment.</param>
    public StaleRead Ask(string operation, DateTimeOffset now)
    {
        var read = new StaleRead(operation, now - TimeSpan.FromTicks(1));
        _asked.Add(read);
        return read;
    }

    /// <summary>Has them answer as things stand again.</summary>
    public void End(StaleRead read) => _asked.Remove(read);

    /// <summary>As of which moment a call reads; null when nobody asked for its operation.</summary>
    public DateTimeOffset? Moment(Call call)
    {
        if (
            call.ActorKey is null
            || call.World.SeesPresent(call.ActorKey)
            || _asked.Find(read => read.Operation == $"{call.Service}:{call.Operation}") is not { } asked
        )
        {
            return null;
        }

        asked.Count++;
        return asked.Moment;
    }
}

/// <summary>The reads of one operation that answer as of one moment.</summary>
/// <param name="operation">The operation.</param>
/// <param name="moment">The moment.</param>
internal sealed class StaleRead(string operation, DateTimeOffset moment)
{
    /// <summary>The operation, such as <c>cloudformation:DescribeStacks</c>.</summary>
    public string Operation => operation;

    /// <summary>As of when it answers.</summary>
    public DateTimeOffset Moment => moment;

    /// <summary>How often it has answered so.</summary>
    public int Count { get; set; }
}
