using System.Text.Json.Serialization;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>A function as it is stored.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html</remarks>
internal sealed record Function
{
    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Name { get; init; }

    /// <summary>What is shown: the newest settings.</summary>
    public required FunctionSettings Settings { get; init; }

    /// <summary>What invocations use: the newest settings whose update has succeeded.</summary>
    public required FunctionSettings Serving { get; init; }

    /// <summary><c>Pending</c>, <c>Active</c> or <c>Failed</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>InProgress</c>, <c>Successful</c> or <c>Failed</c>.</summary>
    public required string LastUpdateStatus { get; init; }

    /// <summary>Why the function, or its last update, has failed.</summary>
    public string? Failure { get; init; }

    public required string RevisionId { get; init; }

    public DateTimeOffset LastModified { get; init; }

    public SortedDictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Null without a reservation.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>The highest version that was published; 0 before the first.</summary>
    public int LastVersion { get; init; }

    [JsonIgnore]
    public string Key => RegionalKey.Create(Account, Region, Name);

    [JsonIgnore]
    public string Arn => $"arn:aws:lambda:{Region}:{Account}:function:{Name}";

    [JsonIgnore]
    public string LogGroup => Settings.LogGroup ?? $"/aws/lambda/{Name}";
}
