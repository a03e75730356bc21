using Deployer.Spec.Faults;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Deployer.Spec.Yaml;

/// <summary>
/// Reads one YAML document into nodes with positions. It stands on YamlDotNet's event parser rather than its representation model, which
/// stops at the first duplicate key and can be made to overflow the stack by aliases (aaubry/YamlDotNet#1027).
/// Anchors and aliases are refused, as they make small files expand without bound.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 64;

    // https://yaml.org/type/: what JSON has too. The others (!!binary, !!set, …) are no values of a template
    // (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html, "the same features and functions" as JSON).
    private const string CoreTag = "tag:yaml.org,2002:";

    private static readonly string[] CoreTags = ["bool", "float", "int", "map", "null", "seq", "str"];

    private readonly IParser _parser;
    private readonly string _file;
    private readonly FaultList _faults;
    private readonly bool _tags;

    private YamlReader(IParser parser, string file, FaultList faults, bool tags)
    {
        _parser = parser;
        _file = file;
        _faults = faults;
        _tags = tags;
    }

    /// <summary>The document's root; null, with a fault, when the text is not one YAML document.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <param name="tags">Whether explicit tags (<c>!Ref</c>) are part of the file's language.</param>
    public static YamlNode? Read(string text, string file, FaultList faults, bool tags = false)
    {
        var events = new Parser(new Scanner(new StringReader(text), skipComments: true));
        try
        {
            return new YamlReader(events, file, faults, tags).ReadDocument();
        }
        catch (YamlException problem) when (problem.Message.Contains("invalid tab", StringComparison.Ordinal) && Tab(text) is { } tab)
        {
            faults.Add(
                new SourcePosition(file, tab.Line, tab.Column),
                "the YAML cannot be read: the indentation has a tab",
                "spaces in its place"
            );
            return null;
        }
        catch (YamlException problem)
        {
            faults.Add(At(file, problem.Start), $"the YAML cannot be read: {problem.Message.TrimEnd('.')}", "valid YAML");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner lets some broken documents run into its own checks; where it had come is all that is known.
            faults.Add(At(file, events.Current?.End ?? Mark.Empty), "the YAML cannot be read after here", "valid YAML");
            return null;
        }
    }

    /// <summary>The first tab before the text of a line.</summary>
    private static (int Line, int Column)? Tab(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var indentation = line.Length - line.TrimStart(' ', '\t').Length;
            if (indentation < line.Length && line.AsSpan(0, indentation).IndexOf('\t') is >= 0 and var column)
            {
                return (number, column + 1);
            }
        }
        return null;
    }

    private static SourcePosition At(string file, in Mark mark) => new(file, Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _faults.Add(SourcePosition.StartOf(_file), "the file is empty", "a map");
            return null;
        }
        var root = ReadNode(depth: 0);
        if (root is null)
        {
            return null;
        }
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _faults.Add(At(_file, second.Start), "a second document begins", "one document in the file");
        }
        return root;
    }

    // Null only when the document is given up because of its depth.
    private YamlNode? ReadNode(int depth)
    {
        var position = At(_file, _parser.Current!.Start);
        if (depth > MaxDepth)
        {
            _faults.Add(position, $"the nesting is deeper than {MaxDepth}", "a flatter document");
            return null;
        }
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                _faults.Add(position, $"the alias *{alias.Value} is used", "the value itself: aliases are not read");
                _parser.MoveNext();
                return new YamlScalar(position, Tag: null, "", Plain: false);
            case NodeEvent node:
                CheckPlainness(node, position);
                return node switch
                {
                    Scalar => ReadScalar(position),
                    SequenceStart => ReadSequence(position, depth),
                    _ => ReadMapping(position, depth),
                };
            default:
                throw new SemanticErrorException(_parser.Current.Start, _parser.Current.End, "a node is missing here");
        }
    }

    private void CheckPlainness(NodeEvent node, SourcePosition position)
    {
        if (!node.Anchor.IsEmpty)
        {
            _faults.Add(position, $"the anchor &{node.Anchor.Value} is set", "no anchor: aliases are not read");
        }
        if (
            _tags
            && TagOf(node) is { } own
            && own.StartsWith(CoreTag, StringComparison.Ordinal)
            && !CoreTags.Contains(own[CoreTag.Length..])
        )
        {
            _faults.Add(
                position,
                $"the tag !!{own[CoreTag.Length..]} is used",
                "the value without it: CloudFormation takes no such values"
            );
        }
        if (!_tags && TagOf(node) is { } tag)
        {
            _faults.Add(position, $"the tag {tag} is used", "no tag: this file has none");
        }
    }

    /// <summary>A tag of the file's language; those of YAML itself say nothing that the value does not.</summary>
    private static string? OwnTagOf(NodeEvent node) =>
        TagOf(node) is { } tag && !tag.StartsWith(CoreTag, StringComparison.Ordinal) ? tag : null;

    private static string? TagOf(NodeEvent node) => node.Tag.IsEmpty || node.Tag.IsNonSpecific ? null : node.Tag.Value;

    private YamlScalar ReadScalar(SourcePosition position)
    {
        var scalar = _parser.Consume<Scalar>();
        return new YamlScalar(
            position,
            OwnTagOf(scalar),
            scalar.Value,
            scalar.Style == ScalarStyle.Plain && TagOf(scalar) != CoreTag + "str"
        )
        {
            Place = (int)scalar.Start.Index..(int)scalar.End.Index,
        };
    }

    private YamlSequence? ReadSequence(SourcePosition position, int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }
            items.Add(item);
        }
        return new YamlSequence(position, OwnTagOf(start), items);
    }

    private YamlMapping? ReadMapping(SourcePosition position, int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var keys = new Dictionary<string, SourcePosition>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value)
            {
                return null;
            }
            if (key is not YamlScalar name)
            {
                _faults.Add(key.Position, $"{key.Description} is used as a key", "a name");
            }
            else if (keys.TryGetValue(name.Value, out var first))
            {
                _faults.Add(name.Position, $"the key \"{name.Value}\" is already on line {first.Line}", "each key once");
            }
            else
            {
                keys.Add(name.Value, name.Position);
                entries.Add(new YamlEntry(name, value));
            }
        }
        return new YamlMapping(position, OwnTagOf(start), entries);
    }
}
