using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Walks over the tokens of one expression.</summary>
internal sealed partial class TokenReader
{
    private readonly string _text;
    private readonly ExpressionKind _kind;
    private readonly List<Token> _tokens = [];
    private int _next;

    public TokenReader(ExpressionKind kind, string text)
    {
        (_kind, _text) = (kind, text);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Invalid("The expression can not be empty;");
        }

        var at = 0;
        while (at < text.Length)
        {
            var match = Piece().Match(text, at);
            at += match.Length;
            if (!match.Groups["space"].Success)
            {
                _tokens.Add(new Token(KindOf(match), match.Value, match.Index, at));
            }
        }

        _tokens.Add(new Token(TokenKind.End, "<EOF>", text.Length, text.Length));
        if (_tokens.FindIndex(token => token.Kind == TokenKind.Symbol && !Symbols.Contains(token.Text)) is >= 0 and var wrong)
        {
            throw SyntaxError(wrong);
        }
    }

    private static HashSet<string> Symbols { get; } =
        new(StringComparer.Ordinal) { "(", ")", "[", "]", ",", ".", "=", "<>", "<", "<=", ">", ">=", "+", "-" };

    public Token Current => _tokens[_next];

    public Token Following => _tokens[Math.Min(_next + 1, _tokens.Count - 1)];

    public Token Take() => _tokens[_next++];

    public bool TakeIf(string keywordOrSymbol)
    {
        if (!Current.Is(keywordOrSymbol))
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Expect(string symbol)
    {
        if (!TakeIf(symbol))
        {
            throw SyntaxError();
        }
    }

    public void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
        {
            throw SyntaxError();
        }
    }

    /// <summary>The current token does not belong here.</summary>
    public ApiException SyntaxError() => SyntaxError(_next);

    public ApiException Invalid(string message) => DynamoDBError.Validation($"Invalid {_kind}: {message}");

    // "near" is the token with its neighbours, as written.
    private ApiException SyntaxError(int at)
    {
        var from = _tokens[Math.Max(at - 1, 0)].Start;
        var to = _tokens[Math.Min(at + 1, _tokens.Count - 1)].End;
        return Invalid($"Syntax error; token: \"{_tokens[at].Text}\", near: \"{_text[from..to].Trim()}\"");
    }

    private static TokenKind KindOf(Match match) =>
        match.Groups["word"].Success ? TokenKind.Word
        : match.Groups["name"].Success ? TokenKind.Name
        : match.Groups["value"].Success ? TokenKind.Value
        : match.Groups["index"].Success ? TokenKind.Index
        : TokenKind.Symbol;

    [GeneratedRegex(
        @"\G((?<space>\s+)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<name>\#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>[0-9]+)|<>|<=|>=|.)",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        60_000
    )]
    private static partial Regex Piece();
}
