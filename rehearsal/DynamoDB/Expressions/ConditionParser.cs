using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Reads conditions: NOT binds before AND, AND before OR.</summary>
internal sealed class ConditionParser
{
    private static readonly HashSet<string> Comparators = new(StringComparer.Ordinal) { "=", "<>", "<", "<=", ">", ">=" };
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "B",
        "NULL",
        "SS",
        "BOOL",
        "L",
        "BS",
        "N",
        "NS",
        "S",
        "M",
    };

    private readonly OperandParser _operands;
    private readonly TokenReader _reader;

    private ConditionParser(OperandParser operands) => (_operands, _reader) = (operands, operands.Reader);

    /// <summary>Reads a whole expression.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static Condition Parse(ExpressionKind kind, string text, Placeholders placeholders)
    {
        var parser = new ConditionParser(new OperandParser(new TokenReader(kind, text), placeholders));
        var condition = parser.Or();
        parser._reader.ExpectEnd();
        return condition;
    }

    private Condition Or()
    {
        var left = And();
        while (_reader.TakeIf("OR"))
        {
            left = new OrCondition(left, And());
        }

        return left;
    }

    private Condition And()
    {
        var left = Not();
        while (_reader.TakeIf("AND"))
        {
            left = new AndCondition(left, Not());
        }

        return left;
    }

    private Condition Not() => _reader.TakeIf("NOT") ? new NotCondition(Not()) : Primary();

    private Condition Primary()
    {
        if (_reader.TakeIf("("))
        {
            var inner = Or();
            _reader.Expect(")");
            return inner;
        }

        if (_operands.AtFunction && _reader.Current.Text != "size")
        {
            return Function();
        }

        var tested = Operand();
        if (_reader.TakeIf("BETWEEN"))
        {
            return Between(tested);
        }

        if (_reader.TakeIf("IN"))
        {
            return In(tested);
        }

        return _reader.Current.Kind == TokenKind.Symbol && Comparators.Contains(_reader.Current.Text)
            ? Comparison(tested)
            : throw _reader.SyntaxError();
    }

    private Operand Operand()
    {
        if (!_operands.AtFunction)
        {
            return _operands.PathOrValue();
        }

        var name = _reader.Take().Text;
        if (name != "size")
        {
            throw _reader.Invalid(
                IsFunction(name)
                    ? $"The function is not allowed to be used this way in an expression; function: {name}"
                    : $"Invalid function name; function: {name}"
            );
        }

        var measured = _operands.Arguments("size", 1, _operands.PathOrValue)[0];
        _operands.Demand(measured, "size", type => type is not ("N" or "BOOL" or "NULL"));
        return new SizeOperand(measured);
    }

    private Comparison Comparison(Operand left)
    {
        var operation = _reader.Take().Text;
        var right = Operand();
        Distinct(operation, left, right);
        if (operation is not ("=" or "<>"))
        {
            _operands.Demand(left, operation, ValueOrder.Knows);
            _operands.Demand(right, operation, ValueOrder.Knows);
        }

        return new Comparison(left, operation, right);
    }

    private BetweenCondition Between(Operand tested)
    {
        var low = Operand();
        _reader.Expect("AND");
        var high = Operand();
        foreach (var operand in new[] { tested, low, high })
        {
            _operands.Demand(operand, "BETWEEN", ValueOrder.Knows);
        }

        if (low is ValueOperand from && high is ValueOperand to)
        {
            var order =
                ValueOrder.Compare(from.Value, to.Value)
                ?? throw _reader.Invalid(
                    $"The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: {Shown(from)}, "
                        + $"upper bound operand: {Shown(to)}"
                );
            if (order > 0)
            {
                throw _reader.Invalid(
                    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                        + $"lower bound operand: {Shown(from)}, upper bound operand: {Shown(to)}"
                );
            }
        }

        return new BetweenCondition(tested, low, high);
    }

    private static string Shown(ValueOperand operand) =>
        $"AttributeValue: {{{operand.Value.Type}:{operand.Value switch
    {
        StringValue text => text.Text,
        NumberValue number => number.Number.ToString(),
        _ => Convert.ToBase64String(((BinaryValue)operand.Value).Bytes),
    }}}}";

    private InCondition In(Operand tested)
    {
        _reader.Expect("(");
        var choices = new List<Operand> { Operand() };
        while (_reader.TakeIf(","))
        {
            choices.Add(Operand());
        }

        _reader.Expect(")");
        return choices.Count <= 100
            ? new InCondition(tested, choices)
            : throw _reader.Invalid(
                $"Incorrect number of operands for operator or function; operator or function: IN, number of operands: {choices.Count}"
            );
    }

    private Condition Function()
    {
        var name = _reader.Take().Text;
        if (!IsFunction(name))
        {
            throw _reader.Invalid($"Invalid function name; function: {name}");
        }

        var arguments = _operands.Arguments(
            name,
            name.StartsWith("attribute_", StringComparison.Ordinal) && name != "attribute_type" ? 1 : 2,
            Operand
        );
        switch (name)
        {
            case "attribute_exists" or "attribute_not_exists":
                return new ExistsCondition(_operands.PathOf(arguments[0], name), name == "attribute_exists");
            case "attribute_type":
                var path = _operands.PathOf(arguments[0], name);
                if (arguments[1] is not ValueOperand { Value: StringValue type })
                {
                    throw _reader.Invalid(
                        $"Incorrect operand type for operator or function; operator or function: {name}, operand type: "
                            + $"{arguments[1].KnownType ?? "document path"}"
                    );
                }

                return Types.Contains(type.Text)
                    ? new AttributeTypeCondition(path, type.Text)
                    : throw _reader.Invalid(
                        $"Invalid attribute type name found; type: {type.Text}, valid types: {{{string.Join(",", Types)}}}"
                    );
            case "begins_with":
                Distinct(name, arguments[0], arguments[1]);
                _operands.Demand(arguments[0], name, type => type is "S" or "B");
                _operands.Demand(arguments[1], name, type => type is "S" or "B");
                return new BeginsWithCondition(arguments[0], arguments[1]);
            default:
                Distinct(name, arguments[0], arguments[1]);
                return new ContainsCondition(arguments[0], arguments[1]);
        }
    }

    private void Distinct(string operation, Operand left, Operand right)
    {
        if (left is PathOperand first && right is PathOperand second && first.Path.ToString() == second.Path.ToString())
        {
            throw _reader.Invalid(
                $"The first operand must be distinct from the remaining operands for this operator or function; operator: {operation}, "
                    + $"first operand: {first.Path}"
            );
        }
    }

    private static bool IsFunction(string name) =>
        name is "attribute_exists" or "attribute_not_exists" or "attribute_type" or "begins_with" or "contains" or "size";
}
