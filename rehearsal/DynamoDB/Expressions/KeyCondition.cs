using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>What a query asks of the key: one partition, and perhaps a range of sort keys.</summary>
internal sealed record KeyCondition(AttributeValue PartitionKey, Condition? SortKey)
{
    /// <summary>Reads a KeyConditionExpression for a table or an index.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static KeyCondition Parse(string text, Placeholders placeholders, string partitionKey, string? sortKey)
    {
        AttributeValue? partition = null;
        Condition? sort = null;
        foreach (var part in Split(ConditionParser.Parse(ExpressionKind.KeyConditionExpression, text, placeholders)))
        {
            var name = KeyOf(part);
            if ((name == partitionKey && partition is not null) || (name == sortKey && sort is not null))
            {
                throw DynamoDBError.Validation("KeyConditionExpressions must only contain one condition per key");
            }

            if (name == partitionKey)
            {
                partition = part is Comparison { Operator: "=", Right: ValueOperand value }
                    ? value.Value
                    : throw DynamoDBError.Validation("Query key condition not supported");
            }
            else
            {
                sort =
                    name == sortKey
                        ? part
                        : throw DynamoDBError.Validation(
                            $"Query condition missed key schema element: {(partition is null ? partitionKey : sortKey ?? partitionKey)}"
                        );
            }
        }

        return partition is null
            ? throw DynamoDBError.Validation($"Query condition missed key schema element: {partitionKey}")
            : new KeyCondition(partition, sort);
    }

    private static IEnumerable<Condition> Split(Condition condition) =>
        condition switch
        {
            AndCondition and => [.. Split(and.Left), .. Split(and.Right)],
            OrCondition => throw Operator("OR"),
            NotCondition => throw Operator("NOT"),
            InCondition => throw Operator("IN"),
            Comparison { Operator: "<>" } => throw Operator("<>"),
            ExistsCondition { Wanted: true } => throw Operator("attribute_exists"),
            ExistsCondition => throw Operator("attribute_not_exists"),
            AttributeTypeCondition => throw Operator("attribute_type"),
            ContainsCondition => throw Operator("contains"),
            _ => [condition],
        };

    private static ApiException Operator(string name) =>
        DynamoDBError.Validation($"Invalid operator used in KeyConditionExpression: {name}");

    // The key stands on the left, literals on the right.
    private static string KeyOf(Condition part)
    {
        var operands = part.Operands.ToArray();
        return operands[0] is PathOperand { Path.Steps.Count: 1 } path && operands.Skip(1).All(operand => operand is ValueOperand)
            ? path.Path.Root
            : throw DynamoDBError.Validation("Query key condition not supported");
    }
}
