namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>The parameters that hold expressions; their names begin each error message.</summary>
internal enum ExpressionKind
{
    ConditionExpression,
    FilterExpression,
    KeyConditionExpression,
    ProjectionExpression,
    UpdateExpression,
}
