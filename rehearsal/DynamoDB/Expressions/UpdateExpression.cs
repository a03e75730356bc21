namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>A change of one path: every value is computed from the item as it was before.</summary>
internal abstract record UpdateAction(DocumentPath Path)
{
    public abstract AttributeValue? NewValue(MapValue before);
}

internal sealed record SetAction(DocumentPath Path, Operand Value) : UpdateAction(Path)
{
    public override AttributeValue? NewValue(MapValue before) =>
        Value.Evaluate(before)
        ?? throw DynamoDBError.Validation("The provided expression refers to an attribute that does not exist in the item");
}

internal sealed record RemoveAction(DocumentPath Path) : UpdateAction(Path)
{
    public override AttributeValue? NewValue(MapValue before) => null;
}

/// <summary>ADD: to a number, or into a set; what is missing counts as zero or as empty.</summary>
internal sealed record AddAction(DocumentPath Path, AttributeValue Value) : UpdateAction(Path)
{
    public override AttributeValue NewValue(MapValue before) =>
        (Path.Read(before), Value) switch
        {
            (null, _) => Value,
            (NumberValue number, NumberValue added) => new NumberValue(number.Number + added.Number),
            (SetValue set, SetValue added) when set.Type == added.Type => new SetValue(set.Type, [.. set.Members.Union(added.Members)]),
            _ => throw DynamoDBError.Validation("An operand in the update expression has an incorrect data type"),
        };
}

/// <summary>DELETE: out of a set; an emptied set goes.</summary>
internal sealed record DeleteAction(DocumentPath Path, SetValue Value) : UpdateAction(Path)
{
    public override AttributeValue? NewValue(MapValue before)
    {
        switch (Path.Read(before))
        {
            case null:
                return null;
            case SetValue set when set.Type == Value.Type:
                AttributeValue[] rest = [.. set.Members.Except(Value.Members)];
                return rest.Length == 0 ? null : new SetValue(set.Type, rest);
            default:
                throw DynamoDBError.Validation("An operand in the update expression has an incorrect data type");
        }
    }
}

/// <summary>
/// An update of an item.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html.
/// </summary>
internal sealed class UpdateExpression(IReadOnlyList<UpdateAction> actions)
{
    public IReadOnlyList<DocumentPath> Paths { get; } = [.. actions.Select(action => action.Path)];

    public MapValue Apply(MapValue before)
    {
        var changes = actions.Select(action => (action.Path, Value: action.NewValue(before))).ToArray();
        var item = before;

        // Appended elements keep the order of their indices; removals go from the end, since each one moves what follows.
        foreach (var (path, value) in changes.Where(change => change.Value is not null).OrderBy(change => change.Path.LastIndex))
        {
            item = path.Write(item, value!);
        }

        foreach (var (path, _) in changes.Where(change => change.Value is null).OrderByDescending(change => change.Path.LastIndex))
        {
            item = path.Remove(item);
        }

        return item;
    }
}
