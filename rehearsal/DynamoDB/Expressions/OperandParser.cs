namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Reads paths, values and comma-separated arguments, which every kind of expression has.</summary>
internal sealed class OperandParser(TokenReader reader, Placeholders placeholders)
{
    public TokenReader Reader => reader;

    public bool AtFunction => reader.Current.Kind == TokenKind.Word && reader.Following.Is("(");

    public DocumentPath Path()
    {
        var steps = new List<PathStep> { new(Name(), 0) };
        while (true)
        {
            if (reader.TakeIf("."))
            {
                steps.Add(new(Name(), 0));
            }
            else if (reader.TakeIf("["))
            {
                steps.Add(reader.Current.Kind == TokenKind.Index ? new(null, int.Parse(reader.Take().Text)) : throw reader.SyntaxError());
                reader.Expect("]");
            }
            else
            {
                return new DocumentPath(steps);
            }
        }
    }

    /// <summary>A path or a value.</summary>
    public Operand PathOrValue() =>
        reader.Current.Kind == TokenKind.Value ? new ValueOperand(placeholders.Value(reader.Take(), reader)) : new PathOperand(Path());

    /// <summary>The arguments of a function, its name already taken.</summary>
    public IReadOnlyList<Operand> Arguments(string function, int count, Func<Operand> argument)
    {
        reader.Expect("(");
        var arguments = new List<Operand> { argument() };
        while (reader.TakeIf(","))
        {
            arguments.Add(argument());
        }

        reader.Expect(")");
        return arguments.Count == count
            ? arguments
            : throw reader.Invalid(
                $"Incorrect number of operands for operator or function; operator or function: {function}, number of operands: "
                    + $"{arguments.Count}"
            );
    }

    public DocumentPath PathOf(Operand operand, string function) =>
        operand is PathOperand path
            ? path.Path
            : throw reader.Invalid($"Operator or function requires a document path; operator or function: {function}");

    /// <summary>Refuses an operand whose type alone shows that the operator cannot take it.</summary>
    public void Demand(Operand operand, string function, Func<string, bool> allows)
    {
        if (operand.KnownType is { } type && !allows(type))
        {
            throw reader.Invalid(
                $"Incorrect operand type for operator or function; operator or function: {function}, operand type: {type}"
            );
        }
    }

    private string Name() =>
        reader.Current.Kind switch
        {
            TokenKind.Name => placeholders.Name(reader.Take(), reader),
            TokenKind.Word when ReservedWords.Contain(reader.Current.Text) => throw (
                IsSyntax(reader.Current.Text)
                    ? reader.SyntaxError()
                    : reader.Invalid($"Attribute name is a reserved keyword; reserved keyword: {reader.Current.Text}")
            ),
            TokenKind.Word => reader.Take().Text,
            _ => throw reader.SyntaxError(),
        };

    private static bool IsSyntax(string word) => word.ToUpperInvariant() is "AND" or "OR" or "NOT" or "BETWEEN" or "IN";
}
