using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>A place in a text of EDN that moves forward and knows its line.</summary>
internal sealed class EdnText(string text, string file, int offset = 0)
{
    private int _at = offset;
    private int _line = 1;
    private int _lineStart = offset;

    public bool AtEnd => _at >= text.Length;

    /// <summary>The next character; only before the end.</summary>
    public char Next => text[_at];

    /// <summary>The character after the next one, or null at the end.</summary>
    public char? Second => _at + 1 < text.Length ? text[_at + 1] : null;

    public SourcePosition Position => new(file, _line, _at - _lineStart + 1);

    public static EdnSyntaxException Syntax(SourcePosition position, string problem, string expected) =>
        new(new Fault(position, problem, expected));

    public EdnSyntaxException Syntax(string problem, string expected) => Syntax(Position, problem, expected);

    public char Take()
    {
        var taken = text[_at++];
        if (taken == '\n')
        {
            _line++;
            _lineStart = _at;
        }
        return taken;
    }

    public void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Take();
        }
    }

    /// <summary>Skips white space, commas and comments.</summary>
    public void SkipBlank()
    {
        while (!AtEnd && (IsBlank(Next) || Next == ';'))
        {
            if (Next == ';')
            {
                while (!AtEnd && Next is not ('\n' or '\r'))
                {
                    Take();
                }
            }
            else
            {
                Take();
            }
        }
    }

    /// <summary>Takes everything up to white space or a character that ends a token.</summary>
    public string TakeToken()
    {
        var start = _at;
        while (
            !AtEnd
            && !IsBlank(Next)
            && Next is not ('(' or ')' or '[' or ']' or '{' or '}' or '"' or ';' or '^' or '`' or '~' or '@' or '\\')
        )
        {
            Take();
        }
        return text[start.._at];
    }

    private static bool IsBlank(char character) => char.IsWhiteSpace(character) || character == ',';
}

/// <summary>Ends a reading of EDN; never leaves the reader.</summary>
internal sealed class EdnSyntaxException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
