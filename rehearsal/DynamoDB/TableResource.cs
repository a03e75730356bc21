using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>AWS::DynamoDB::Table. Throughput, encryption, backups and tags have no effect in a rehearsal.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html</remarks>
internal sealed class TableResource(Tables tables) : IResourceType
{
    public string Name => "AWS::DynamoDB::Table";

    public SimulatedDuration Duration(ResourceCall call) => Durations.TableInStack;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = new TableName(call.Account, call.Region, call.NameFrom("TableName", 255));
        call.Authorize("dynamodb", "CreateTable", name.Arn);
        tables.Create(Wanted(call, name));
        return Identity(name.Name, ("Arn", name.Arn));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var name = new TableName(call.Account, call.Region, call.Current!.PhysicalId!);
        call.Authorize("dynamodb", "UpdateTable", name.Arn);
        tables.Update(Wanted(call, name));
        return new ResourceIdentity(name.Name, call.Current.Attributes);
    }

    public ResourceReading? Read(ResourceCall call)
    {
        var name = new TableName(call.Account, call.Region, call.Current!.PhysicalId!);
        call.Authorize("dynamodb", "DescribeTable", name.Arn);
        call.Authorize("dynamodb", "DescribeTimeToLive", name.Arn);
        if (tables.Find(name) is not { } table)
        {
            return ResourceReading.Gone;
        }

        var expiry = new JsonObject { ["Enabled"] = table.TimeToLive is not null };
        // A template may name the attribute of a time to live that is off.
        expiry["AttributeName"] = table.TimeToLive ?? (call.Properties["TimeToLiveSpecification"] as JsonObject)?.Text("AttributeName");
        return new ResourceReading(
            new JsonObject { ["TimeToLiveSpecification"] = expiry, ["DeletionProtectionEnabled"] = table.DeletionProtection }
        );
    }

    public void Delete(ResourceCall call)
    {
        var name = new TableName(call.Account, call.Region, call.Current!.PhysicalId!);
        call.Authorize("dynamodb", "DeleteTable", name.Arn);
        ServiceCalls.UnlessGone(() => tables.Delete(name));
    }

    private static TableDefinition Wanted(ResourceCall call, TableName name)
    {
        var types = Objects(call.Properties, "AttributeDefinitions")
            .ToDictionary(a => a.Required("AttributeName"), a => a.Required("AttributeType"));
        var (partition, sort) = Keys(call.Properties, types);
        var expiry = call.Properties["TimeToLiveSpecification"] as JsonObject;
        return new TableDefinition
        {
            Name = name,
            PartitionKey = partition,
            SortKey = sort,
            TimeToLive = expiry?.Flag("Enabled") == true ? expiry.Required("AttributeName") : null,
            DeletionProtection = call.Properties.Flag("DeletionProtectionEnabled") ?? false,
            Indexes =
            [
                .. Objects(call.Properties, "GlobalSecondaryIndexes")
                    .Select(index =>
                    {
                        var (hash, range) = Keys(index, types);
                        var projection = index["Projection"] as JsonObject ?? [];
                        return new IndexDefinition(
                            index.Required("IndexName"),
                            hash,
                            range,
                            projection.Text("ProjectionType") ?? "ALL",
                            [.. projection.Texts("NonKeyAttributes")]
                        );
                    }),
            ],
        };
    }

    private static (KeyAttribute Partition, KeyAttribute? Sort) Keys(JsonObject owner, Dictionary<string, string> types)
    {
        KeyAttribute? Key(string kind) =>
            Objects(owner, "KeySchema").FirstOrDefault(k => k.Text("KeyType") == kind)?.Required("AttributeName") is { } name
                ? new KeyAttribute(
                    name,
                    types.GetValueOrDefault(name)
                        ?? throw new ApiException(
                            "ValidationException",
                            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions."
                        )
                )
                : null;
        return (
            Key("HASH")
                ?? throw new ApiException(
                    "ValidationException",
                    "No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key"
                ),
            Key("RANGE")
        );
    }

    private static IEnumerable<JsonObject> Objects(JsonObject owner, string name) => (owner[name] as JsonArray ?? []).OfType<JsonObject>();
}
