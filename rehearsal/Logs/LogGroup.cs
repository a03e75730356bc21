namespace Deployer.Rehearsal.Logs;

/// <summary>A log group.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was made.</param>
/// <param name="RetentionInDays">How long AWS would keep events; the rehearsal keeps them all.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="NextEvent">Numbers its events.</param>
public sealed record LogGroup(
    string Account,
    string Region,
    string Name,
    DateTimeOffset Created,
    int? RetentionInDays,
    IReadOnlyDictionary<string, string> Tags,
    long NextEvent
)
{
    /// <summary>Its ARN, without the <c>:*</c> that some answers add.</summary>
    public string Arn => $"arn:aws:logs:{Region}:{Account}:log-group:{Name}";
}

/// <summary>A log stream.</summary>
/// <param name="Name">Its name, unique in the group.</param>
/// <param name="Created">When it was made.</param>
/// <param name="FirstEvent">The time of its earliest event.</param>
/// <param name="LastEvent">The time of its latest event.</param>
public sealed record LogStream(string Name, DateTimeOffset Created, DateTimeOffset? FirstEvent, DateTimeOffset? LastEvent);

/// <summary>A log event.</summary>
/// <param name="Number">Its number in the group.</param>
/// <param name="Stream">Its stream's name.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Ingested">When it was put.</param>
/// <param name="Message">What it says.</param>
public sealed record LogEvent(long Number, string Stream, DateTimeOffset Time, DateTimeOffset Ingested, string Message)
{
    /// <summary>Orders the events of a group: by time, then by arrival.</summary>
    internal string Position => $"{Time.ToUnixTimeMilliseconds():D15}/{Number:D12}";
}
