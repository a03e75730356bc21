namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>
/// A condition on an item.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html.
/// </summary>
internal abstract record Condition
{
    public abstract bool Holds(MapValue item);

    /// <summary>This condition and every one inside it.</summary>
    public virtual IEnumerable<Condition> Parts => [this];

    /// <summary>The operands that stand directly in this condition.</summary>
    public virtual IEnumerable<Operand> Operands => [];
}

internal sealed record AndCondition(Condition Left, Condition Right) : Condition
{
    public override IEnumerable<Condition> Parts => [this, .. Left.Parts, .. Right.Parts];

    public override bool Holds(MapValue item) => Left.Holds(item) && Right.Holds(item);
}

internal sealed record OrCondition(Condition Left, Condition Right) : Condition
{
    public override IEnumerable<Condition> Parts => [this, .. Left.Parts, .. Right.Parts];

    public override bool Holds(MapValue item) => Left.Holds(item) || Right.Holds(item);
}

internal sealed record NotCondition(Condition Inner) : Condition
{
    public override IEnumerable<Condition> Parts => [this, .. Inner.Parts];

    public override bool Holds(MapValue item) => !Inner.Holds(item);
}

/// <summary>Comparison by <c>= &lt;&gt; &lt; &lt;= &gt; &gt;=</c>. What is missing is equal to nothing, so it differs from
/// everything.</summary>
internal sealed record Comparison(Operand Left, string Operator, Operand Right) : Condition
{
    public override IEnumerable<Operand> Operands => [Left, Right];

    public override bool Holds(MapValue item)
    {
        var (left, right) = (Left.Evaluate(item), Right.Evaluate(item));
        var equal = left is not null && left.Equals(right);
        if (Operator is "=" or "<>")
        {
            return equal == (Operator == "=");
        }

        var order = left is null || right is null ? null : ValueOrder.Compare(left, right);
        return Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}

internal sealed record BetweenCondition(Operand Tested, Operand Low, Operand High) : Condition
{
    public override IEnumerable<Operand> Operands => [Tested, Low, High];

    public override bool Holds(MapValue item) =>
        new Comparison(Tested, ">=", Low).Holds(item) && new Comparison(Tested, "<=", High).Holds(item);
}

internal sealed record InCondition(Operand Tested, IReadOnlyList<Operand> Choices) : Condition
{
    public override IEnumerable<Operand> Operands => [Tested, .. Choices];

    public override bool Holds(MapValue item) => Choices.Any(choice => new Comparison(Tested, "=", choice).Holds(item));
}

internal sealed record ExistsCondition(DocumentPath Path, bool Wanted) : Condition
{
    public override IEnumerable<Operand> Operands => [new PathOperand(Path)];

    public override bool Holds(MapValue item) => Path.Read(item) is not null == Wanted;
}

internal sealed record AttributeTypeCondition(DocumentPath Path, string Type) : Condition
{
    public override IEnumerable<Operand> Operands => [new PathOperand(Path)];

    public override bool Holds(MapValue item) => Path.Read(item)?.Type == Type;
}

internal sealed record BeginsWithCondition(Operand Tested, Operand Prefix) : Condition
{
    public override IEnumerable<Operand> Operands => [Tested, Prefix];

    public override bool Holds(MapValue item) =>
        (Tested.Evaluate(item), Prefix.Evaluate(item)) switch
        {
            (StringValue text, StringValue prefix) => text.Text.StartsWith(prefix.Text, StringComparison.Ordinal),
            (BinaryValue bytes, BinaryValue prefix) => bytes.Bytes.AsSpan().StartsWith(prefix.Bytes),
            _ => false,
        };
}

internal sealed record ContainsCondition(Operand Container, Operand Contained) : Condition
{
    public override IEnumerable<Operand> Operands => [Container, Contained];

    public override bool Holds(MapValue item) =>
        (Container.Evaluate(item), Contained.Evaluate(item)) switch
        {
            (StringValue text, StringValue part) => text.Text.Contains(part.Text, StringComparison.Ordinal),
            (BinaryValue bytes, BinaryValue part) => bytes.Bytes.AsSpan().IndexOf(part.Bytes) >= 0,
            (SetValue set, { } member) => set.Members.Contains(member),
            (ListValue list, { } element) => list.Elements.Contains(element),
            _ => false,
        };
}
