using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>Parses an expression by binding powers.</summary>
internal sealed class JsonataParser
{
    private static readonly Dictionary<string, int> Powers = new()
    {
        ["."] = 75,
        ["["] = 80,
        ["{"] = 70,
        ["("] = 80,
        ["@"] = 80,
        ["#"] = 80,
        ["?"] = 20,
        ["+"] = 50,
        ["-"] = 50,
        ["*"] = 60,
        ["/"] = 60,
        ["%"] = 60,
        ["="] = 40,
        ["<"] = 40,
        [">"] = 40,
        ["^"] = 40,
        [".."] = 20,
        [":="] = 10,
        ["!="] = 40,
        ["<="] = 40,
        [">="] = 40,
        ["~>"] = 40,
        ["and"] = 30,
        ["or"] = 25,
        ["in"] = 40,
        ["&"] = 50,
    };

    private readonly JsonataLexer _lexer;
    private JsonataToken _token;

    private JsonataParser(string text)
    {
        _lexer = new(text);
        _token = _lexer.Next(operand: true);
    }

    /// <summary>Parses the whole text. Throws <see cref="JsonataException"/>.</summary>
    public static JsonataSyntax Parse(string text)
    {
        var parser = new JsonataParser(text);
        var expression = parser.Expression(0);
        return parser._token.Kind == JsonataTokenKind.End
            ? expression
            : throw new JsonataException("S0201", $"Syntax error: \"{parser._token.Text}\"");
    }

    private JsonataSyntax Expression(int power)
    {
        var left = Operand();
        while (_token.Kind == JsonataTokenKind.Operator && power < Powers.GetValueOrDefault(_token.Text))
        {
            left = Operation(left);
        }

        return left;
    }

    private JsonataSyntax Operand()
    {
        var current = _token;
        Advance(current is { Kind: JsonataTokenKind.Operator, Text: not ("*" or "**") });
        switch (current.Kind)
        {
            case JsonataTokenKind.Literal:
                return new LiteralSyntax(current.Value!);
            case JsonataTokenKind.Regex:
                return new RegexSyntax((Regex)current.Value!);
            case JsonataTokenKind.Variable:
                return new VariableSyntax(current.Text);
            case JsonataTokenKind.Name:
                return !current.Quoted && current.Text is "function" or "λ" && _token.Text == "(" ? Lambda() : new NameSyntax(current.Text);
            case JsonataTokenKind.End:
                throw new JsonataException("S0207", "Unexpected end of expression");
            default:
                return Prefixed(current.Text);
        }
    }

    private JsonataSyntax Prefixed(string op)
    {
        switch (op)
        {
            case "and" or "or" or "in":
                return new NameSyntax(op);
            case "*":
                return new WildcardSyntax();
            case "**":
                return new DescendantsSyntax();
            case "-":
                var operand = Expression(70);
                return operand is LiteralSyntax { Value: double number } && operand.Filters.Count == 0
                    ? new LiteralSyntax(-number)
                    : new NegationSyntax(operand);
            case "(":
                return Block();
            case "[":
                return ArrayOf();
            case "{":
                return ObjectOf();
            case "|":
                return Transform();
            case "%":
                throw NotSimulated("operator %");
            default:
                throw new JsonataException("S0211", $"The symbol \"{op}\" cannot be used as a unary operator");
        }
    }

    private JsonataSyntax Operation(JsonataSyntax left)
    {
        var op = _token.Text;
        Advance(operand: true);
        switch (op)
        {
            case ".":
                return Path(left, Expression(Powers["."]));
            case "[":
                return Filter(left);
            case "{":
                var group = ObjectOf();
                if (left.Group is not null)
                {
                    throw new JsonataException("S0210", "Each step can only have one grouping expression");
                }

                left.Group = group;
                return left;
            case "(":
                return Call(left);
            case "?":
                var then = Expression(0);
                JsonataSyntax? otherwise = null;
                if (_token.Text == ":")
                {
                    Advance(operand: true);
                    otherwise = Expression(0);
                }

                return new ConditionSyntax(left, then, otherwise);
            case "^":
                return Sort(left);
            case ":=":
                return left is VariableSyntax variable
                    ? new BindSyntax(variable.Name, Expression(Powers[":="] - 1))
                    : throw new JsonataException("S0212", "The left side of := must be a variable name (start with $)");
            case "~>":
                return new ApplySyntax(left, Expression(Powers["~>"]));
            case "@" or "#":
                throw NotSimulated($"operator {op}");
            default:
                return new BinarySyntax(op, left, Expression(Powers[op]));
        }
    }

    private static PathSyntax Path(JsonataSyntax left, JsonataSyntax right)
    {
        var steps = new List<JsonataSyntax>();
        steps.AddRange(left is PathSyntax { Group: null, Filters.Count: 0 } path ? path.Steps : [AsName(left)]);
        steps.AddRange(right is PathSyntax { Group: null, Filters.Count: 0 } rest ? rest.Steps : [AsName(right)]);
        return new PathSyntax(steps) { KeepsArray = left.KeepsArray || right.KeepsArray };
    }

    /// <summary>A text as a step names a field.</summary>
    private static JsonataSyntax AsName(JsonataSyntax step)
    {
        if (step is not LiteralSyntax { Value: string name })
        {
            return step;
        }

        var field = new NameSyntax(name) { Group = step.Group, KeepsArray = step.KeepsArray };
        field.Filters.AddRange(step.Filters);
        return field;
    }

    private JsonataSyntax Filter(JsonataSyntax left)
    {
        var step = left is PathSyntax path ? path.Steps[^1] : left;
        if (_token.Text == "]" && _token.Kind == JsonataTokenKind.Operator)
        {
            Advance(operand: false);
            left.KeepsArray = true;
            step.KeepsArray = true;
            return left;
        }

        if (step.Group is not null)
        {
            throw new JsonataException("S0209", "A predicate cannot follow a grouping expression in a step");
        }

        var filter = Expression(0);
        Expect("]");
        step.Filters.Add(filter);
        return left;
    }

    private JsonataSyntax Call(JsonataSyntax function)
    {
        var arguments = new List<JsonataSyntax?>();
        if (!Is(")"))
        {
            do
            {
                if (Is("?"))
                {
                    Advance(operand: false);
                    arguments.Add(null);
                }
                else
                {
                    arguments.Add(Expression(0));
                }
            } while (Take(","));
        }

        Expect(")");
        return function is VariableSyntax { Name: var name } && JsonataFunctions.NotSimulated.Contains(name)
            ? throw NotSimulated($"function ${name}")
            : new CallSyntax(function, arguments);
    }

    /// <summary>Said when a machine is created, so that no run meets it.</summary>
    private static JsonataException NotSimulated(string what) => new("S0204", $"The rehearsal does not simulate the {what}");

    private JsonataSyntax Lambda()
    {
        Expect("(", operand: true);
        var parameters = new List<string>();
        if (!Is(")"))
        {
            do
            {
                parameters.Add(
                    _token.Kind == JsonataTokenKind.Variable
                        ? _token.Text
                        : throw new JsonataException("S0208", "Parameter of function definition must be a variable name (start with $)")
                );
                Advance(operand: false);
            } while (Take(","));
        }

        Expect(")");
        if (Is("<"))
        {
            while (!Is("{"))
            {
                Advance(operand: false);
            }
        }

        Expect("{", operand: true);
        var body = Expression(0);
        Expect("}");
        return new LambdaSyntax(parameters, body);
    }

    private BlockSyntax Block()
    {
        var expressions = new List<JsonataSyntax>();
        while (!Is(")"))
        {
            expressions.Add(Expression(0));
            if (!Take(";"))
            {
                break;
            }
        }

        Expect(")");
        return new BlockSyntax(expressions);
    }

    private ArraySyntax ArrayOf()
    {
        var items = new List<JsonataSyntax>();
        if (!Is("]"))
        {
            do
            {
                items.Add(Expression(0));
            } while (Take(","));
        }

        Expect("]");
        return new ArraySyntax(items);
    }

    private ObjectSyntax ObjectOf()
    {
        var fields = new List<(JsonataSyntax, JsonataSyntax)>();
        if (!Is("}"))
        {
            do
            {
                var key = Expression(0);
                Expect(":", operand: true);
                fields.Add((key, Expression(0)));
            } while (Take(","));
        }

        Expect("}");
        return new ObjectSyntax(fields);
    }

    private JsonataSyntax Sort(JsonataSyntax left)
    {
        Expect("(", operand: true);
        var terms = new List<(JsonataSyntax, bool)>();
        do
        {
            var descending = Is(">");
            if (descending || Is("<"))
            {
                Advance(operand: true);
            }

            terms.Add((Expression(0), descending));
        } while (Take(","));
        Expect(")");
        return Path(left, new SortSyntax(terms));
    }

    private TransformSyntax Transform()
    {
        var pattern = Expression(0);
        Expect("|", operand: true);
        var update = Expression(0);
        var delete = Take(",") ? Expression(0) : null;
        Expect("|");
        return new TransformSyntax(pattern, update, delete);
    }

    private bool Is(string op) => _token.Kind == JsonataTokenKind.Operator && _token.Text == op;

    private bool Take(string op)
    {
        if (!Is(op))
        {
            return false;
        }

        Advance(operand: true);
        return true;
    }

    private void Expect(string op, bool operand = false)
    {
        if (!Is(op))
        {
            throw _token.Kind == JsonataTokenKind.End
                ? new JsonataException("S0203", $"Expected \"{op}\" before end of expression")
                : new JsonataException("S0202", $"Expected \"{op}\", got \"{_token.Text}\"");
        }

        Advance(operand);
    }

    private void Advance(bool operand) => _token = _lexer.Next(operand);
}
