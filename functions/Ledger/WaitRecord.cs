using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>A task token that waits for a resource to settle.</summary>
public sealed record WaitRecord
{
    private const string PartitionPrefix = "WAIT#";

    private readonly TaskName _name;

    /// <summary>Identity of what is waited for.</summary>
    public required string Resource { get; init; }

    /// <summary>The deployment that waits.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>The step's name.</summary>
    public required string Step
    {
        get => _name.Step;
        init => _name = TaskName.Parse(value, _name.Task);
    }

    /// <summary>The name of the step's task that waits.</summary>
    public string Task
    {
        get => _name.Task;
        init => _name = value is null ? _name : _name with { Task = value }; // A record of version 0.1.0 names none.
    }

    /// <summary>The execution's redrive count when it began to wait.</summary>
    public int RedriveCount { get; init; }

    /// <summary>The task token that is to be answered; never logged.</summary>
    public required string Token { get; init; }

    /// <summary>Where the record of a wait is.</summary>
    public static LedgerKey<WaitRecord> Key(string resource, DeploymentId deployment, string step, string task) =>
        new(Partition(resource), $"{deployment}#{step}/{task}", WaitRecordDocuments.Default.WaitRecord);

    /// <summary>Everything that waits for a resource.</summary>
    public static LedgerRange<WaitRecord> All(string resource) =>
        new(Partition(resource), string.Empty, WaitRecordDocuments.Default.WaitRecord);

    /// <summary>Every wait.</summary>
    public static LedgerScan<WaitRecord> Everywhere => new(PartitionPrefix, string.Empty, WaitRecordDocuments.Default.WaitRecord);

    /// <summary>Everything but the token: a record's text would hold it.</summary>
    public override string ToString() => $"{Deployment} {Step}/{Task} waits for {Resource}";

    private static string Partition(string resource) => $"{PartitionPrefix}{resource}";
}

/// <summary>How the record of a wait is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(WaitRecord))]
internal sealed partial class WaitRecordDocuments : JsonSerializerContext;
