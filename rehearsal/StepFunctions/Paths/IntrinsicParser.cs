using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the text of an intrinsic call. Every fault is a <see cref="FormatException"/>.</summary>
internal sealed class IntrinsicParser(string text)
{
    private const string Prefix = "States.";
    private int _at;

    public IntrinsicCall Call()
    {
        var call = Function();
        return _at == text.Length ? call : throw Fault();
    }

    private IntrinsicCall Function()
    {
        var begin = _at;
        if (string.CompareOrdinal(text, _at, Prefix, 0, Prefix.Length) != 0)
        {
            throw Fault();
        }

        _at += Prefix.Length;
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
            } while (Take(','));
        }

        Expect(')');
        return new IntrinsicCall(text[begin.._at], name, arguments);
    }

    private IntrinsicArgument Argument()
    {
        switch (Peek())
        {
            case '\'':
                return new(JsonValue.Create(Quoted()), null, null);
            case '$':
                var parser = new JsonPathParser(text, _at);
                var path = parser.Prefix();
                _at = parser.End;
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
    private string Quoted()
    {
        var value = new StringBuilder();
        _at++;
        while (Peek() != '\'')
        {
            if (_at >= text.Length)
            {
                throw Fault();
            }

            if (Peek() == '\\')
            {
                _at++;
                value.Append(
                    Peek() switch
                    {
                        '\'' => "'",
                        '\\' => "\\",
                        '{' => "\\{",
                        '}' => "\\}",
                        _ => throw Fault(),
                    }
                );
                _at++;
                continue;
            }

            value.Append(text[_at++]);
        }

        _at++;
        return value.ToString();
    }

    private JsonNode Number()
    {
        var begin = _at++;
        while (char.IsAsciiDigit(Peek()) || Peek() is '.' or 'e' or 'E' or '+' or '-')
        {
            _at++;
        }

        return double.TryParse(text.AsSpan(begin, _at - begin), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? JsonNode.Parse(text[begin.._at])!
            : throw Fault();
    }

    private string Word()
    {
        var begin = _at;
        while (char.IsAsciiLetterOrDigit(Peek()))
        {
            _at++;
        }

        return begin == _at ? throw Fault() : text[begin.._at];
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private bool Take(char c)
    {
        if (Peek() != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Spaces()
    {
        while (char.IsWhiteSpace(Peek()))
        {
            _at++;
        }
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Fault();
        }
    }

    private FormatException Fault() => new($"The value '{text}' is not a valid intrinsic function call (at position {_at})");
}
