using System.Text;
using System.Text.Json;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Yaml;

/// <summary>
/// Reads one JSON document into the nodes that <see cref="YamlReader"/> makes of YAML. JSON is not read as YAML, because YAML takes no tabs
/// between values and other escapes within texts.
/// </summary>
internal sealed class JsonReader
{
    private const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private readonly byte[] _bytes;
    private readonly string _file;
    private readonly FaultList _faults;

    // Where reading has come to: tokens come in the order of the text, so that each character is counted once.
    private int _at;
    private int _index;
    private int _line = 1;
    private int _lineStart;

    private JsonReader(string text, string file, FaultList faults)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _file = file;
        _faults = faults;
    }

    /// <summary>What is wrong, without a word of the text: it may be secret.</summary>
    private static string Reason(JsonException problem, string text)
    {
        var line = text.Split('\n').ElementAtOrDefault((int)(problem.LineNumber ?? 0)) ?? string.Empty;
        var bytes = Encoding.UTF8.GetBytes(line);
        var rest = Encoding.UTF8.GetString(bytes.AsSpan(Math.Min(bytes.Length, (int)(problem.BytePositionInLine ?? 0))));
        return rest switch
        {
            _ when problem.Message.Contains("maximum configured depth", StringComparison.Ordinal) => $"it is nested deeper than {MaxDepth}",
            _ when problem.LineNumber is null || problem.Message.Contains("after a single JSON value", StringComparison.Ordinal) =>
                "more follows its end",
            ['/', ..] or ['#', ..] => "here is a comment, and JSON has none",
            ['}', ..] or [']', ..] when problem.Message.Contains("trailing comma", StringComparison.Ordinal) =>
                "a comma before this is one too many",
            ['\'', ..] => "here is a single quote, and JSON has double quotes",
            _ when problem.Message.Contains("end of data", StringComparison.Ordinal)
                    || problem.Message.Contains("but is at the end", StringComparison.Ordinal)
                    || problem.Message.Contains("open JSON object or array", StringComparison.Ordinal) => "it ends before it is complete",
            _ => "it is not well-formed here",
        };
    }

    /// <summary>The document's root; null, with a fault, when the text is not one JSON document.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <param name="expected">What the file should be.</param>
    public static YamlNode? Read(string text, string file, FaultList faults, string expected)
    {
        try
        {
            var json = new JsonReader(text, file, faults);
            var reader = new Utf8JsonReader(json._bytes, Options);
            reader.Read();
            var root = json.ReadNode(ref reader);
            return reader.Read() ? throw new JsonException() : root;
        }
        catch (JsonException problem)
        {
            var position = new SourcePosition(file, (int)(problem.LineNumber ?? 0) + 1, (int)(problem.BytePositionInLine ?? 0) + 1);
            faults.Add(position, $"the JSON cannot be read: {Reason(problem, text)}", expected);
        }
        catch (InvalidOperationException)
        {
            // A text with half of a character: the escape of one surrogate without the other.
            faults.Add(SourcePosition.StartOf(file), "the JSON holds half of a character", expected);
        }
        return null;
    }

    private YamlNode ReadNode(ref Utf8JsonReader reader)
    {
        var position = Advance((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<YamlNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode(ref reader));
                }
                return new YamlSequence(position, Tag: null, items);
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, position);
            default:
                return ReadScalar(ref reader, position);
        }
    }

    private YamlMapping ReadObject(ref Utf8JsonReader reader, SourcePosition position)
    {
        var entries = new List<YamlEntry>();
        var keys = new Dictionary<string, SourcePosition>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadScalar(ref reader, Advance((int)reader.TokenStartIndex));
            reader.Read();
            var value = ReadNode(ref reader);
            if (!keys.TryAdd(key.Value, key.Position))
            {
                _faults.Add(key.Position, $"the key \"{key.Value}\" is already on line {keys[key.Value].Line}", "each key once");
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }
        return new YamlMapping(position, Tag: null, entries);
    }

    private YamlScalar ReadScalar(ref Utf8JsonReader reader, SourcePosition position)
    {
        var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        var start = _index;
        // The quotes do not belong to the value's span.
        var end = (int)reader.TokenStartIndex + reader.ValueSpan.Length + (isText ? 2 : 0);
        var value = isText ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        Advance(end);
        return new YamlScalar(position, Tag: null, value, Plain: !isText) { Place = start.._index };
    }

    private SourcePosition Advance(int to)
    {
        while (_at < to)
        {
            var current = _bytes[_at++];
            // Bytes that go on with a character are no new one; four of them are two UTF-16 units.
            _index +=
                (current & 0xC0) == 0x80 ? 0
                : current >= 0xF0 ? 2
                : 1;
            if (current == '\n')
            {
                _line++;
                _lineStart = _index;
            }
        }
        return new SourcePosition(_file, _line, _index - _lineStart + 1);
    }
}
