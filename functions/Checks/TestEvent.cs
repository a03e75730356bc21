using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Checks;

/// <summary>
/// An event that a check has put onto the default bus of the target's account, and that comes back on the way that all events take.
/// </summary>
public sealed record TestEvent
{
    /// <summary>The source of such an event.</summary>
    public const string Source = "deployer.check";

    /// <summary>What such an event is.</summary>
    public const string DetailType = "Deployer Check";

    /// <summary>The run of checks that sent it.</summary>
    public required string Check { get; init; }

    /// <summary>Whether it has arrived.</summary>
    public bool HasArrived { get; init; }

    /// <summary>Where its record is. It is written before the event is sent: one that nobody has sent leaves no record.</summary>
    public static LedgerKey<TestEvent> Key(string check) => new($"CHECK#{check}", "EVENT", TestEventDocuments.Default.TestEvent);
}

/// <summary>What a test event says.</summary>
/// <param name="Check">The run of checks that sent it.</param>
public sealed record TestEventDetail(string Check);

/// <summary>How a test event and its record are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TestEvent))]
[JsonSerializable(typeof(TestEventDetail))]
internal sealed partial class TestEventDocuments : JsonSerializerContext;
