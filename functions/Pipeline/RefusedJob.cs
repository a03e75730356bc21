using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Pipeline;

/// <summary>The answer to a job for which nothing was started: another try for the same job starts nothing either.</summary>
/// <param name="Type">The type of the failure, as CodePipeline calls it.</param>
/// <param name="Message">The message.</param>
public sealed record RefusedJob(string Type, string Message)
{
    /// <summary>Where the answer to a job is.</summary>
    public static LedgerKey<RefusedJob> Key(string job) => new($"JOB#{job}", "REFUSED", RefusedJobDocuments.Default.RefusedJob);
}

/// <summary>How the answer to a job is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RefusedJob))]
internal sealed partial class RefusedJobDocuments : JsonSerializerContext;
