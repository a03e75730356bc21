using System.Diagnostics.CodeAnalysis;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>
/// Reads EDN as <c>clojure.edn</c> does, with positions. Written here because no EDN package for .NET that keeps positions could be
/// resolved.
/// Metadata is read and dropped; what only Clojure's own reader knows (quotes, <c>#(…)</c>, <c>::auto</c>) is refused by name.
/// </summary>
public sealed class EdnReader
{
    private const int MaxDepth = 100;

    private readonly EdnText _text;
    private readonly FaultList _faults = new();

    private EdnReader(EdnText text) => _text = text;

    /// <summary>Every form of the text. A fault of the syntax ends the reading; duplicate keys do not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name used in positions.</param>
    public static EdnReading Read(string text, string file)
    {
        var reader = new EdnReader(new EdnText(text, file));
        var forms = new List<EdnValue>();
        try
        {
            while (reader.TryReadForm(depth: 0, out var form))
            {
                forms.Add(form);
            }
        }
        catch (EdnSyntaxException problem)
        {
            reader._faults.Add(problem.Fault);
        }
        return new EdnReading(forms, reader._faults.InOrder());
    }

    /// <summary>
    /// The one form that begins at an offset and ends the text; null when there is none. Positions count from the offset.
    /// </summary>
    internal static EdnValue? ReadLast(string text, int offset, string file)
    {
        var reader = new EdnReader(new EdnText(text, file, offset));
        try
        {
            return reader.TryReadForm(depth: 0, out var form) && !reader.TryReadForm(depth: 0, out _) && !reader._faults.Any ? form : null;
        }
        catch (EdnSyntaxException)
        {
            return null;
        }
    }

    // False at the end of the text or before a closing bracket, which is left for the caller.
    private bool TryReadForm(int depth, [NotNullWhen(true)] out EdnValue? form)
    {
        if (depth > MaxDepth)
        {
            throw _text.Syntax($"the nesting is deeper than {MaxDepth}", "flatter data");
        }
        while (true)
        {
            _text.SkipBlank();
            if (_text.AtEnd || _text.Next is ')' or ']' or '}')
            {
                if (depth == 0 && !_text.AtEnd)
                {
                    throw _text.Syntax($"'{_text.Next}' closes nothing", "a form");
                }
                form = null;
                return false;
            }
            if (_text.Next == '#' && _text.Second == '_')
            {
                var at = _text.Position;
                _text.Skip(2);
                ReadAfter(at, "#_", depth);
                continue;
            }
            form = ReadValue(depth);
            return true;
        }
    }

    // The form that a prefix (a tag, a discard, metadata) is for.
    private EdnValue ReadAfter(SourcePosition at, string prefix, int depth) =>
        TryReadForm(depth + 1, out var form) ? form : throw EdnText.Syntax(at, $"nothing follows {prefix}", "a form after it");

    private EdnValue ReadValue(int depth)
    {
        var at = _text.Position;
        switch (_text.Next)
        {
            case '(':
                return new EdnSequence(at, isVector: false, ReadItems(at, ')', depth));
            case '[':
                return new EdnSequence(at, isVector: true, ReadItems(at, ']', depth));
            case '{':
                return ReadMap(at, depth);
            case '"':
                return EdnStrings.ReadString(_text);
            case '\\':
                return EdnStrings.ReadCharacter(_text);
            case '^':
                return ReadWithMetadata(at, depth);
            case '#':
                return ReadDispatch(at, depth);
            case '\'' or '`' or '~' or '@' or ';' or ',':
                throw _text.Syntax($"'{_text.Next}' is not part of EDN", "a form");
            default:
                return EdnTokens.Read(_text);
        }
    }

    private List<EdnValue> ReadItems(SourcePosition at, char closing, int depth)
    {
        _text.Skip(1);
        var items = new List<EdnValue>();
        while (TryReadForm(depth + 1, out var item))
        {
            items.Add(item);
        }
        if (_text.AtEnd)
        {
            throw EdnText.Syntax(at, "what begins here has no end", $"'{closing}'");
        }
        if (_text.Next != closing)
        {
            throw _text.Syntax($"'{_text.Next}' closes what began with another bracket on line {at.Line}", $"'{closing}'");
        }
        _text.Skip(1);
        return items;
    }

    private EdnMap ReadMap(SourcePosition at, int depth)
    {
        var items = ReadItems(at, '}', depth);
        if (items.Count % 2 != 0)
        {
            throw EdnText.Syntax(items[^1].Position, $"{items[^1].Description} has no value in its map", "a value for each key");
        }
        var entries = items.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
        return new EdnMap(at, Distinct(entries, entry => entry.Key, "key"));
    }

    private List<T> Distinct<T>(IEnumerable<T> items, Func<T, EdnValue> key, string what)
    {
        var seen = new Dictionary<EdnValue, SourcePosition>();
        var kept = new List<T>();
        foreach (var item in items)
        {
            if (seen.TryAdd(key(item), key(item).Position))
            {
                kept.Add(item);
            }
            else
            {
                _faults.Add(
                    key(item).Position,
                    $"the {what}, {key(item).Description}, is already on line {seen[key(item)].Line}",
                    $"each {what} once"
                );
            }
        }
        return kept;
    }

    private EdnValue ReadWithMetadata(SourcePosition at, int depth)
    {
        _text.Skip(1);
        var metadata = ReadAfter(at, "^", depth);
        if (metadata is not (EdnMap or EdnKeyword or EdnSymbol or EdnString))
        {
            throw EdnText.Syntax(metadata.Position, $"{metadata.Description} is used as metadata", "a map, keyword, symbol or string");
        }
        var value = ReadAfter(at, "the metadata", depth);
        return value is EdnSymbol or EdnSequence or EdnMap or EdnSet
            ? value
            : throw EdnText.Syntax(value.Position, $"{value.Description} has metadata", "metadata on a symbol or collection only");
    }

    private EdnValue ReadDispatch(SourcePosition at, int depth)
    {
        switch (_text.Second)
        {
            case '{':
                _text.Skip(1);
                return new EdnSet(at, Distinct(ReadItems(at, '}', depth), item => item, "element"));
            case ':':
                return ReadNamespacedMap(at, depth);
            case '#':
                return EdnTokens.ReadSymbolic(_text);
            case '^':
                _text.Skip(1);
                return ReadWithMetadata(at, depth);
            case { } letter when char.IsLetter(letter):
                _text.Skip(1);
                var tag = EdnTokens.Read(_text) as EdnSymbol ?? throw EdnText.Syntax(at, "the tag is not a symbol", "a tag such as #inst");
                return new EdnTagged(at, tag, ReadAfter(at, $"the tag #{tag.FullName}", depth));
            default:
                throw EdnText.Syntax(at, $"\"#{_text.Second}\" is not part of EDN", "a set #{, a tag, #_ or ##Inf");
        }
    }

    // #:ns{:a 1} is {:ns/a 1}; inside, :_/a stands for :a.
    private EdnMap ReadNamespacedMap(SourcePosition at, int depth)
    {
        _text.Skip(1);
        if (_text.Second == ':')
        {
            throw EdnText.Syntax(at, "#:: needs Clojure's namespaces", "a namespaced map such as #:mvn{:version \"1.0\"}");
        }
        if (EdnTokens.Read(_text) is not EdnKeyword { Namespace: null } ns)
        {
            throw EdnText.Syntax(
                at,
                "the namespace of the map is not a simple keyword",
                "a namespaced map such as #:mvn{:version \"1.0\"}"
            );
        }
        _text.SkipBlank();
        if (_text.AtEnd || _text.Next != '{')
        {
            throw EdnText.Syntax(at, $"no map follows #:{ns.Name}", "'{'");
        }
        var map = ReadMap(_text.Position, depth);
        var entries = map.Entries.Select(entry => KeyValuePair.Create(Qualified(entry.Key, ns.Name), entry.Value));
        return new EdnMap(at, Distinct(entries, entry => entry.Key, "key"));
    }

    private static EdnValue Qualified(EdnValue key, string ns) =>
        key switch
        {
            EdnKeyword keyword => keyword with { Namespace = QualifiedNamespace(keyword.Namespace, ns) },
            EdnSymbol symbol => symbol with { Namespace = QualifiedNamespace(symbol.Namespace, ns) },
            _ => key,
        };

    private static string? QualifiedNamespace(string? own, string ns) =>
        own switch
        {
            null => ns,
            "_" => null,
            _ => own,
        };
}

/// <summary>What reading EDN gave.</summary>
/// <param name="Forms">The forms read before a fault of the syntax, if any.</param>
/// <param name="Faults">What is wrong; empty when the text is EDN.</param>
public sealed record EdnReading(IReadOnlyList<EdnValue> Forms, IReadOnlyList<Fault> Faults);
