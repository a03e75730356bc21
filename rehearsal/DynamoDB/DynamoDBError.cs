using System.Text.Json;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>The errors of DynamoDB. Members of an error hold JSON, since an item is one of them.</summary>
internal static class DynamoDBError
{
    public static ApiException Validation(string message) => new("ValidationException", message);

    public static ApiException InvalidValue(string message) => Validation($"One or more parameter values were invalid: {message}");

    public static ApiException NotSimulated(string what) => Validation($"The rehearsal does not simulate {what}.");

    public static ApiException NoTable() => new("ResourceNotFoundException", "Requested resource not found");

    public static ApiException ConditionFailed(MapValue? item) =>
        new("ConditionalCheckFailedException", "The conditional request failed")
        {
            Members = item is null
                ? null
                : new Dictionary<string, string>(StringComparer.Ordinal) { ["Item"] = JsonSerializer.Serialize(item.Attributes) },
        };
}
