namespace Deployer.Rehearsal.DynamoDB.Expressions;

internal enum TokenKind
{
    /// <summary>An attribute name, a function or a keyword.</summary>
    Word,

    /// <summary>A placeholder for a name: <c>#name</c>.</summary>
    Name,

    /// <summary>A placeholder for a value: <c>:value</c>.</summary>
    Value,

    /// <summary>The index of a list element.</summary>
    Index,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    End,
}

/// <summary>A piece of an expression, with its place for the message of a syntax error.</summary>
internal sealed record Token(TokenKind Kind, string Text, int Start, int End)
{
    public bool Is(string keywordOrSymbol) =>
        Kind is TokenKind.Word or TokenKind.Symbol && string.Equals(Text, keywordOrSymbol, StringComparison.OrdinalIgnoreCase);
}
