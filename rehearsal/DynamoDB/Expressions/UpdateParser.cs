using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Reads update expressions: SET, REMOVE, ADD and DELETE, each at most once.</summary>
internal sealed class UpdateParser
{
    private static readonly Dictionary<string, string> LongTypes = new(StringComparer.Ordinal)
    {
        ["S"] = "STRING",
        ["N"] = "NUMBER",
        ["B"] = "BINARY",
        ["BOOL"] = "BOOLEAN",
        ["NULL"] = "NULL",
        ["L"] = "LIST",
        ["M"] = "MAP",
        ["SS"] = "STRING_SET",
        ["NS"] = "NUMBER_SET",
        ["BS"] = "BINARY_SET",
    };

    private readonly OperandParser _operands;
    private readonly TokenReader _reader;
    private readonly List<UpdateAction> _actions = [];

    private UpdateParser(OperandParser operands) => (_operands, _reader) = (operands, operands.Reader);

    /// <summary>Reads a whole expression.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static UpdateExpression Parse(string text, Placeholders placeholders)
    {
        var parser = new UpdateParser(new OperandParser(new TokenReader(ExpressionKind.UpdateExpression, text), placeholders));
        parser.Sections();
        Overlaps.Refuse(parser._reader, [.. parser._actions.Select(action => action.Path)]);
        return new UpdateExpression(parser._actions);
    }

    private void Sections()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Current.Kind != TokenKind.End)
        {
            var section = _reader.Current.Text.ToUpperInvariant();
            Func<UpdateAction> read =
                _reader.Current.Kind == TokenKind.Word
                    ? section switch
                    {
                        "SET" => Set,
                        "REMOVE" => Remove,
                        "ADD" => Add,
                        "DELETE" => Delete,
                        _ => throw _reader.SyntaxError(),
                    }
                    : throw _reader.SyntaxError();
            if (!seen.Add(section))
            {
                throw _reader.Invalid($"The \"{section}\" section can only be used once in an update expression;");
            }

            _reader.Take();
            do
            {
                _actions.Add(read());
            } while (_reader.TakeIf(","));
        }
    }

    private SetAction Set()
    {
        var path = _operands.Path();
        _reader.Expect("=");
        var left = SetOperand();
        var minus = _reader.Current.Is("-");
        if (!minus && !_reader.Current.Is("+"))
        {
            return new SetAction(path, left);
        }

        var operation = _reader.Take().Text;
        var right = SetOperand();
        _operands.Demand(left, operation, type => type == "N");
        _operands.Demand(right, operation, type => type == "N");
        return new SetAction(path, new ArithmeticOperand(left, right, minus));
    }

    private RemoveAction Remove() => new(_operands.Path());

    private AddAction Add()
    {
        var path = _operands.Path();
        return new AddAction(path, Literal("ADD", value => value is NumberValue or SetValue));
    }

    private DeleteAction Delete()
    {
        var path = _operands.Path();
        return new DeleteAction(path, (SetValue)Literal("DELETE", value => value is SetValue));
    }

    private AttributeValue Literal(string section, Func<AttributeValue, bool> allows)
    {
        var value = _reader.Current.Kind == TokenKind.Value ? ((ValueOperand)_operands.PathOrValue()).Value : throw _reader.SyntaxError();
        return allows(value)
            ? value
            : throw _reader.Invalid(
                $"Incorrect operand type for operator or function; operator: {section}, operand type: {LongTypes[value.Type]}, "
                    + $"typeSet: ALLOWED_FOR_{section}_OPERAND"
            );
    }

    private Operand SetOperand()
    {
        if (_reader.TakeIf("("))
        {
            var inner = SetOperand();
            _reader.Expect(")");
            return inner;
        }

        if (!_operands.AtFunction)
        {
            return _operands.PathOrValue();
        }

        var name = _reader.Take().Text;
        switch (name)
        {
            case "if_not_exists":
                var arguments = _operands.Arguments(name, 2, SetOperand);
                return new IfNotExistsOperand(_operands.PathOf(arguments[0], name), arguments[1]);
            case "list_append":
                arguments = _operands.Arguments(name, 2, SetOperand);
                _operands.Demand(arguments[0], name, type => type == "L");
                _operands.Demand(arguments[1], name, type => type == "L");
                return new ListAppendOperand(arguments[0], arguments[1]);
            case "attribute_exists" or "attribute_not_exists" or "attribute_type" or "begins_with" or "contains" or "size":
                throw _reader.Invalid($"The function is not allowed in an update expression; function: {name}");
            default:
                throw _reader.Invalid($"Invalid function name; function: {name}");
        }
    }
}
