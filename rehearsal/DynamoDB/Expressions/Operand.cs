namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Something in an expression that has a value.</summary>
internal abstract record Operand
{
    /// <summary>The value for an item; null when the item has none there.</summary>
    public abstract AttributeValue? Evaluate(MapValue item);

    /// <summary>The type where the expression alone decides it.</summary>
    public virtual string? KnownType => null;
}

internal sealed record PathOperand(DocumentPath Path) : Operand
{
    public override AttributeValue? Evaluate(MapValue item) => Path.Read(item);
}

internal sealed record ValueOperand(AttributeValue Value) : Operand
{
    public override string KnownType => Value.Type;

    public override AttributeValue Evaluate(MapValue item) => Value;
}

/// <summary><c>size(path)</c>.</summary>
internal sealed record SizeOperand(Operand Measured) : Operand
{
    public override string KnownType => "N";

    public override AttributeValue? Evaluate(MapValue item) =>
        Measured.Evaluate(item)?.Length is { } length ? new NumberValue(DynamoNumber.Parse(length.ToString())) : null;
}

/// <summary>A value that SET computes from existing ones; it has to exist.</summary>
internal abstract record UpdateOperand : Operand
{
    protected static AttributeValue Existing(Operand operand, MapValue item) =>
        operand.Evaluate(item)
        ?? throw DynamoDBError.Validation("The provided expression refers to an attribute that does not exist in the item");

    protected static T Existing<T>(Operand operand, MapValue item)
        where T : AttributeValue =>
        Existing(operand, item) as T ?? throw DynamoDBError.Validation("An operand in the update expression has an incorrect data type");
}

/// <summary><c>a + b</c> or <c>a - b</c>.</summary>
internal sealed record ArithmeticOperand(Operand Left, Operand Right, bool Minus) : UpdateOperand
{
    public override string KnownType => "N";

    public override AttributeValue Evaluate(MapValue item)
    {
        var (left, right) = (Existing<NumberValue>(Left, item).Number, Existing<NumberValue>(Right, item).Number);
        return new NumberValue(Minus ? left - right : left + right);
    }
}

/// <summary><c>if_not_exists(path, value)</c>.</summary>
internal sealed record IfNotExistsOperand(DocumentPath Path, Operand Otherwise) : UpdateOperand
{
    public override AttributeValue Evaluate(MapValue item) => Path.Read(item) ?? Existing(Otherwise, item);
}

/// <summary><c>list_append(first, second)</c>.</summary>
internal sealed record ListAppendOperand(Operand First, Operand Second) : UpdateOperand
{
    public override string KnownType => "L";

    public override AttributeValue Evaluate(MapValue item) =>
        new ListValue([.. Existing<ListValue>(First, item).Elements, .. Existing<ListValue>(Second, item).Elements]);
}
