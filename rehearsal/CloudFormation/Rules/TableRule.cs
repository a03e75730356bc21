using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>DynamoDB tables: their capacity and the attributes of their keys.</summary>
/// <remarks>
/// "If BillingMode is not specified, the default is PROVISIONED", which needs ProvisionedThroughput:
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html. The words:
/// https://github.com/awslabs/amazon-kinesis-client/issues/1357
/// </remarks>
internal sealed class TableRule : IPropertyRule
{
    private const string Invalid = "ValidationException";
    private const string Wrong = "One or more parameter values were invalid: ";

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::DynamoDB::Table"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties) =>
        Capacity(properties).Concat(Keys(properties)).Concat(Attributes(properties));

    private static IEnumerable<RefusedValue> Capacity(JsonObject properties)
    {
        var mode = properties.Has("BillingMode") ? properties.Known("BillingMode") : "PROVISIONED";
        if (mode == "PROVISIONED" && !properties.Has("ProvisionedThroughput"))
        {
            yield return new RefusedValue(
                [],
                "lacks the property ProvisionedThroughput",
                "BillingMode: PAY_PER_REQUEST, or ProvisionedThroughput, which the mode PROVISIONED needs (it is the default)",
                Invalid,
                $"{Wrong}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            );
        }

        if (mode == "PAY_PER_REQUEST" && properties.IsGiven("ProvisionedThroughput"))
        {
            yield return new RefusedValue(
                ["ProvisionedThroughput"],
                "is given to a table that is paid per request",
                "no ProvisionedThroughput with BillingMode: PAY_PER_REQUEST",
                Invalid,
                $"{Wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            );
        }

        foreach (var (place, index) in properties.KnownMaps("GlobalSecondaryIndexes"))
        {
            if (mode == "PROVISIONED" && !index.Has("ProvisionedThroughput"))
            {
                yield return new RefusedValue(
                    ["GlobalSecondaryIndexes", $"{place}"],
                    "lacks the member ProvisionedThroughput",
                    "ProvisionedThroughput, which an index of the mode PROVISIONED needs",
                    Invalid,
                    $"{Wrong}ProvisionedThroughput must be specified for index: {index.Known("IndexName")}"
                );
            }
        }
    }

    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html (KeySchema)
    private static IEnumerable<RefusedValue> Keys(JsonObject properties)
    {
        if (!RuleReading.IsWritten(properties["KeySchema"]))
        {
            yield break;
        }

        var kinds = properties.KnownMaps("KeySchema").Select(key => key.Map.Known("KeyType")).ToList();
        if (
            properties.Has("KeySchema")
            && (kinds.FirstOrDefault() != "HASH" || kinds.Count > 2 || (kinds.Count == 2 && kinds[1] != "RANGE"))
        )
        {
            yield return new RefusedValue(
                ["KeySchema"],
                $"is {string.Join(", ", kinds)}",
                "HASH, or HASH and then RANGE",
                Invalid,
                kinds.FirstOrDefault() == "HASH"
                    ? "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
                    : "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
            );
        }
    }

    private static IEnumerable<RefusedValue> Attributes(JsonObject properties)
    {
        string[] indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
        if (
            !RuleReading.IsWritten(properties["AttributeDefinitions"])
            || !RuleReading.IsWritten(properties["KeySchema"])
            || indexes.Any(name => properties.Has(name) && properties[name] is not JsonArray)
            || indexes
                .SelectMany(name => properties[name] as JsonArray ?? [])
                .Any(index => index is not JsonObject map || !RuleReading.IsWritten(map["KeySchema"]) || map["KeySchema"] is not JsonArray)
        )
        {
            yield break;
        }

        var defined = properties.KnownMaps("AttributeDefinitions").Select(one => one.Map.Known("AttributeName")).OfType<string>().ToList();
        var used = KeyNames(properties)
            .Concat(indexes.SelectMany(name => properties.KnownMaps(name)).SelectMany(index => KeyNames(index.Map)))
            .Distinct()
            .ToList();
        foreach (var name in used.Except(defined))
        {
            yield return Inconsistent(properties, $"do not define \"{name}\", which a key names", "the attributes of the keys");
        }

        foreach (var name in defined.Except(used))
        {
            yield return Inconsistent(properties, $"define \"{name}\", which no key names", "the attributes of the keys, and no others");
        }
    }

    private static RefusedValue Inconsistent(JsonObject properties, string problem, string expected) =>
        new(
            properties.Has("AttributeDefinitions") ? ["AttributeDefinitions"] : [],
            problem,
            expected,
            Invalid,
            properties.Has("GlobalSecondaryIndexes") || properties.Has("LocalSecondaryIndexes")
                ? "Property AttributeDefinitions is inconsistent with the KeySchema of the table and the secondary indexes"
                : $"{Wrong}Number of attributes in KeySchema does not exactly match number of attributes in AttributeDefinitions"
        );

    private static IEnumerable<string> KeyNames(JsonObject owner) =>
        owner.KnownMaps("KeySchema").Select(key => key.Map.Known("AttributeName")).OfType<string>();
}
