using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.Iam;

/// <summary>Text of a policy with its wildcards and its variables filled in. Characters that come from a variable are never
/// wildcards.</summary>
internal sealed partial class TextPattern
{
    private const int AnyRun = -1;
    private const int AnyOne = -2;

    private readonly IReadOnlyList<int> _tokens;

    private TextPattern(IReadOnlyList<int> tokens) => _tokens = tokens;

    /// <summary>Fills the variables in; null when the request has no value for one of them, since the statement then does not
    /// match.</summary>
    public static TextPattern? Expand(string text, ConditionKeys? variables, bool wildcards)
    {
        var tokens = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (variables is not null && Variable().Match(text, i) is { Success: true } variable)
            {
                if (ValueOf(variable, variables) is not { } value)
                {
                    return null;
                }

                tokens.AddRange(value.Select(character => (int)character));
                i += variable.Length - 1;
                continue;
            }

            tokens.Add(
                (text[i], wildcards) switch
                {
                    ('*', true) => AnyRun,
                    ('?', true) => AnyOne,
                    var (character, _) => character,
                }
            );
        }

        return new TextPattern(tokens);
    }

    public bool Matches(string text, bool ignoreCase)
    {
        var (token, position, run, runPosition) = (0, 0, -1, 0);
        while (position < text.Length)
        {
            if (token < _tokens.Count && _tokens[token] == AnyRun)
            {
                (run, runPosition) = (token++, position);
            }
            else if (token < _tokens.Count && (_tokens[token] == AnyOne || Same(_tokens[token], text[position], ignoreCase)))
            {
                token++;
                position++;
            }
            else if (run >= 0)
            {
                token = run + 1;
                position = ++runPosition;
            }
            else
            {
                return false;
            }
        }

        while (token < _tokens.Count && _tokens[token] == AnyRun)
        {
            token++;
        }

        return token == _tokens.Count;
    }

    /// <summary>The pattern's parts between separators; the last part keeps further separators.</summary>
    public IReadOnlyList<TextPattern> Split(char separator, int count)
    {
        var parts = new List<TextPattern>();
        var part = new List<int>();
        foreach (var token in _tokens)
        {
            if (token == separator && parts.Count < count - 1)
            {
                parts.Add(new TextPattern(part));
                part = [];
            }
            else
            {
                part.Add(token);
            }
        }

        parts.Add(new TextPattern(part));
        return parts;
    }

    private static bool Same(int token, char character, bool ignoreCase) =>
        token == character || (ignoreCase && token >= 0 && char.ToUpperInvariant((char)token) == char.ToUpperInvariant(character));

    private static string? ValueOf(Match variable, ConditionKeys variables)
    {
        var name = variable.Groups["name"].Value;
        if (name is "*" or "?" or "$")
        {
            return name;
        }

        var values = variables[name];
        return values.Count == 1 ? values[0]
            : variable.Groups["default"] is { Success: true } otherwise ? otherwise.Value
            : null;
    }

    [GeneratedRegex(
        @"\G\$\{\s*(?<name>[*?$]|[A-Za-z0-9:/._@+=-]+)\s*(,\s*'(?<default>[^']*)'\s*)?\}",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Variable();
}
