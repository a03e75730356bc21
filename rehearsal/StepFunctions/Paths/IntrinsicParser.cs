using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the text of an intrinsic call. Every fault is a <see cref="FormatException"/>.</summary>
sealed class IntrinsicParser(string text)
{
    const string Prefix = "States.";
    int at;

    public IntrinsicCall Call()
    {
        var call = Function();
        return at == text.Length ? call : throw Fault();
    }

    IntrinsicCall Function()
    {
        var begin = at;
        if (string.CompareOrdinal(text, at, Prefix, 0, Prefix.Length) != 0)
        {
            throw Fault();
        }
        at += Prefix.Length;
        var name = Word();
        if (!IntrinsicFunctions.Known.Contains(name))
        {
            throw Fault();
        }
        Expect('(');
        var arguments = new List<IntrinsicArgument>();
        Spaces();
        if (Peek() != ')')
        {
            do
            {
                Spaces();
                arguments.Add(Argument());
                Spaces();
            }
            while (Take(','));
        }
        Expect(')');
        return new IntrinsicCall(text[begin..at], name, arguments);
    }

    IntrinsicArgument Argument()
    {
        switch (Peek())
        {
            case '\'':
                return new(JsonValue.Create(Quoted()), null, null);
            case '$':
                var parser = new JsonPathParser(text, at);
                var path = parser.Prefix();
                at = parser.End;
                return new(null, path, null);
            case 'S':
                return new(null, null, Function());
            case '-' or (>= '0' and <= '9'):
                return new(Number(), null, null);
            default:
                return Word() switch
                {
                    "true" => new(JsonValue.Create(true), null, null),
                    "false" => new(JsonValue.Create(false), null, null),
                    "null" => new(null, null, null),
                    _ => throw Fault(),
                };
        }
    }

    /// <summary>The escapes of braces stay as they are: only <c>States.Format</c> gives braces a meaning.</summary>
    string Quoted()
    {
        var value = new StringBuilder();
        at++;
        while (Peek() != '\'')
        {
            if (at >= text.Length)
            {
                throw Fault();
            }
            if (Peek() == '\\')
            {
                at++;
                value.Append(Peek() switch
                {
                    '\'' => "'",
                    '\\' => "\\",
                    '{' => "\\{",
                    '}' => "\\}",
                    _ => throw Fault(),
                });
                at++;
                continue;
            }
            value.Append(text[at++]);
        }
        at++;
        return value.ToString();
    }

    JsonNode Number()
    {
        var begin = at++;
        while (char.IsAsciiDigit(Peek()) || Peek() is '.' or 'e' or 'E' or '+' or '-')
        {
            at++;
        }
        return double.TryParse(text.AsSpan(begin, at - begin), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? JsonNode.Parse(text[begin..at])!
            : throw Fault();
    }

    string Word()
    {
        var begin = at;
        while (char.IsAsciiLetterOrDigit(Peek()))
        {
            at++;
        }
        return begin == at ? throw Fault() : text[begin..at];
    }

    char Peek() => at < text.Length ? text[at] : '\0';

    bool Take(char c)
    {
        if (Peek() != c)
        {
            return false;
        }
        at++;
        return true;
    }

    void Spaces()
    {
        while (char.IsWhiteSpace(Peek()))
        {
            at++;
        }
    }

    void Expect(char c)
    {
        if (!Take(c))
        {
            throw Fault();
        }
    }

    FormatException Fault() => new($"The value '{text}' is not a valid intrinsic function call (at position {at})");
}
