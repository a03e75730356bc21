using System.Text.Json;
using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>The members of a request, or of a part of one. A member that the rehearsal does not know is refused, not ignored.</summary>
internal sealed class DynamoRequest
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly Placeholders _placeholders;
    private bool _hasExpressions;

    public DynamoRequest(JsonElement request, params ReadOnlySpan<string> known)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException("SerializationException", "Start of structure or map found where not expected.");
        }

        foreach (var member in request.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (!known.Contains(member.Name))
            {
                throw DynamoDBError.NotSimulated($"the parameter {member.Name}");
            }

            _members[member.Name] = member.Value;
        }

        _placeholders = new Placeholders(Element("ExpressionAttributeNames"), Element("ExpressionAttributeValues"));
        foreach (
            var metric in new[] { "ReturnConsumedCapacity", "ReturnItemCollectionMetrics" }.Where(metric =>
                Choice(metric, "NONE") != "NONE"
            )
        )
        {
            throw DynamoDBError.NotSimulated($"the parameter {metric}");
        }
    }

    public JsonElement? Element(string name) => _members.TryGetValue(name, out var element) ? element : null;

    public JsonElement Required(string name) =>
        Element(name)
        ?? throw DynamoDBError.Validation(
            $"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: "
                + "Member must not be null"
        );

    public string? Text(string name) => Element(name)?.GetString();

    public string RequiredText(string name) => Required(name).GetString()!;

    public string Choice(string name, string otherwise) => Text(name) ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Element(name)?.GetBoolean() ?? otherwise;

    public int? Count(string name) =>
        Element(name)?.GetInt32() switch
        {
            null => null,
            < 1 and var wrong => throw DynamoDBError.Validation(
                $"1 validation error detected: Value '{wrong}' at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy "
                    + "constraint: Member must have value greater than or equal to 1"
            ),
            var count => count,
        };

    public MapValue? Item(string name) => Element(name) is { } item ? AttributeValueConverter.ParseItem(item) : null;

    public MapValue RequiredItem(string name) => AttributeValueConverter.ParseItem(Required(name));

    public Condition? Condition(ExpressionKind kind) =>
        Expression(kind.ToString()) is { } text ? ConditionParser.Parse(kind, text, _placeholders) : null;

    public UpdateExpression? Update() => Expression("UpdateExpression") is { } text ? UpdateParser.Parse(text, _placeholders) : null;

    public Projection? Projection() =>
        Expression("ProjectionExpression") is { } text ? Expressions.Projection.Parse(text, _placeholders) : null;

    public KeyCondition KeyCondition(string partitionKey, string? sortKey)
    {
        var text =
            Expression("KeyConditionExpression")
            ?? throw DynamoDBError.Validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            );
        return Expressions.KeyCondition.Parse(text, _placeholders, partitionKey, sortKey);
    }

    /// <summary>After all expressions of the request were read.</summary>
    public void EnsurePlaceholdersUsed() => _placeholders.EnsureUsed(_hasExpressions);

    private string? Expression(string name)
    {
        var text = Text(name);
        _hasExpressions |= text is not null;
        return text;
    }
}
