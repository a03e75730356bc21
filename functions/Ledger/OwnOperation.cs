using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>
/// An operation that a deployment has begun and that AWS names by an id of its own, without a token of the caller's: an event about it is
/// no change by others, however late it comes.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Target">The target, or the development instance as one.</param>
public sealed record OwnOperation(string Service, string Target)
{
    /// <summary>Where it is written that an operation is a deployment's own.</summary>
    /// <param name="operation">The id, as events name it.</param>
    public static LedgerKey<OwnOperation> Key(string operation) =>
        new($"OPERATION#{operation}", "OWN", OwnOperationDocuments.Default.OwnOperation);

    /// <summary>Whether an operation may be one of these: a client request token, which other ones have, has no slash.</summary>
    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html (ClientRequestToken)</remarks>
    public static bool Names(string operation) => operation.Contains('/', StringComparison.Ordinal);
}

/// <summary>How the record of an operation is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(OwnOperation))]
internal sealed partial class OwnOperationDocuments : JsonSerializerContext;
