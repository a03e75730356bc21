using System.Globalization;
using System.Text;

namespace Deployer.Rehearsal.Datomic.Edn;

/// <summary>Reads as much of edn as deps.edn, ion-config.edn and ion-dev's arguments use.</summary>
/// <remarks>https://github.com/edn-format/edn. Tags are read past, their values kept.</remarks>
internal sealed class EdnReader
{
    private readonly string _text;
    private int _at;

    private EdnReader(string text) => _text = text;

    /// <summary>Reads one map and refuses anything after it.</summary>
    /// <exception cref="FormatException">The text is not one edn map.</exception>
    public static EdnMap ReadMap(string text)
    {
        var reader = new EdnReader(text);
        var value = reader.Read();
        reader.SkipBlank();
        return value is EdnMap map && reader._at == text.Length ? map : throw new FormatException("expected one edn map");
    }

    private object? Read()
    {
        SkipBlank();
        switch (Next())
        {
            case '{':
                return ReadEntries();
            case '(':
                return new EdnList(ReadUntil(')'));
            case '[':
                return new EdnVector(ReadUntil(']'));
            case '"':
                return ReadString();
            case ':':
                return new Keyword(ReadToken());
            case '#' when Peek() == '{':
                _at++;
                return new EdnVector(ReadUntil('}'));
            case '#' when Peek() == ':':
                _at++;
                return InNamespace(ReadToken(), Read() as EdnMap ?? throw Wrong("no map after a namespace"));
            case '#':
                ReadToken();
                return Read();
            case ')' or ']' or '}':
                throw Wrong("an unmatched bracket");
            default:
                _at--;
                return Atom(ReadToken());
        }
    }

    private EdnMap ReadEntries()
    {
        var items = ReadUntil('}');
        if (items.Count % 2 != 0)
        {
            throw Wrong("a map with a key that has no value");
        }

        return new EdnMap([.. items.Chunk(2).Select(pair => KeyValuePair.Create(pair[0] ?? throw Wrong("nil as a key"), pair[1]))]);
    }

    /// <summary><c>#:mvn{:version "1.0"}</c> is <c>{:mvn/version "1.0"}</c>.</summary>
    private static EdnMap InNamespace(string space, EdnMap map) =>
        new([
            .. map.Entries.Select(entry => new KeyValuePair<object, object?>(
                entry.Key switch
                {
                    Keyword keyword when !keyword.Name.Contains('/') => new Keyword($"{space}/{keyword.Name}"),
                    Symbol symbol when !symbol.Name.Contains('/') => new Symbol($"{space}/{symbol.Name}"),
                    var key => key,
                },
                entry.Value
            )),
        ]);

    private List<object?> ReadUntil(char end)
    {
        var items = new List<object?>();
        for (SkipBlank(); Peek() != end; SkipBlank())
        {
            items.Add(Read());
        }

        _at++;
        return items;
    }

    private string ReadString()
    {
        var text = new StringBuilder();
        for (var c = Next(); c != '"'; c = Next())
        {
            text.Append(
                c != '\\'
                    ? c
                    : Next() switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        var escaped => escaped,
                    }
            );
        }

        return text.ToString();
    }

    private string ReadToken()
    {
        var start = _at;
        while (_at < _text.Length && !IsBlank(_text[_at]) && !"()[]{}\";".Contains(_text[_at]))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Wrong("a token");
    }

    private static object? Atom(string token) =>
        token switch
        {
            "nil" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ when double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => new Symbol(token),
        };

    private void SkipBlank()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == ';')
            {
                var end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (_at + 1 < _text.Length && _text[_at] == '#' && _text[_at + 1] == '_')
            {
                _at += 2;
                Read();
            }
            else if (IsBlank(_text[_at]))
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == ',';

    private char Peek() => _at < _text.Length ? _text[_at] : throw Wrong("the end of the text");

    private char Next()
    {
        var c = Peek();
        _at++;
        return c;
    }

    private FormatException Wrong(string what)
    {
        var line = _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1;
        return new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line}: {what} where a value was expected"));
    }
}
