using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>A table's place and name.</summary>
/// <param name="Account">The account that owns it.</param>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name, unique in account and region.</param>
public sealed partial record TableName(string Account, string Region, string Name)
{
    /// <summary>The table's ARN.</summary>
    [JsonIgnore]
    public string Arn => $"arn:aws:dynamodb:{Region}:{Account}:table/{Name}";

    internal string Key => RegionalKey.Create(Account, Region, Name);

    /// <summary>Reads what requests say for a table: its name, or its ARN.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    internal static TableName Resolve(Call call, string nameOrArn)
    {
        var parts = nameOrArn.Split(':', 6);
        var table =
            parts is ["arn", "aws", "dynamodb", var region, var account, var resource]
            && resource.StartsWith("table/", StringComparison.Ordinal)
                ? new TableName(account, region, resource["table/".Length..])
                : new TableName(call.Account, call.Region, nameOrArn);
        return Shape().IsMatch(table.Name)
            ? table
            : throw DynamoDBError.Validation(
                "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the "
                    + "characters a-z, A-Z, 0-9, '_', '-', and '.'"
            );
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{3,255}\z", RegexOptions.None, 60_000)]
    private static partial Regex Shape();
}
