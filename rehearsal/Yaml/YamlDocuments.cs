using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.Yaml;

/// <summary>Reads YAML that somebody else wrote.</summary>
internal static class YamlDocuments
{
    /// <summary>As deep as JSON is read; much deeper ones would overflow the stack, which nothing catches.</summary>
    internal const int MaxDepth = 64;

    /// <summary>How many nodes a text may have, those counted each time that an alias stands for.</summary>
    internal const int MaxNodes = 1_000_000;

    /// <summary>The documents of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="look">Sees each event before anything is made of it, and may refuse it.</param>
    /// <exception cref="NestedTooDeepException">Its nesting is deeper than <see cref="MaxDepth"/>.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    internal static IList<YamlDocument> Read(string text, Action<ParsingEvent>? look = null)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new CheckedParser(new Parser(new StringReader(text)), look));
        }
        catch (YamlException exception) when (exception.Message.Contains("invalid tab", StringComparison.Ordinal))
        {
            // The scanner says only where the block began.
            var line = text.Split('\n').TakeWhile(line => !line.AsSpan().TrimStart(' ').StartsWith('\t')).ToList();
            var place = new Mark(text.Length, line.Count + 1, 1);
            throw new YamlException(place, place, "the indentation has a tab", exception);
        }

        return stream.Documents;
    }

    // The parser keeps its place in a list; what makes nodes of its events calls itself.
    private sealed class CheckedParser(Parser parser, Action<ParsingEvent>? look) : IParser
    {
        private readonly Stack<(AnchorName Anchor, long Before)> _open = [];
        private readonly Dictionary<AnchorName, long> _sizes = [];
        private int _depth;
        private long _nodes;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!MoveOn())
            {
                return false;
            }

            look?.Invoke(parser.Current!);
            // A stream and a document come before the first node.
            if (_depth > MaxDepth + 2)
            {
                throw new NestedTooDeepException(parser.Current!.Start, parser.Current.End);
            }

            _depth += parser.Current!.NestingIncrease;
            Count(parser.Current);
            return true;
        }

        // A node that holds itself has no hash code, and one of many aliases none in time: both are looked for as a mapping's key is read.
        private void Count(ParsingEvent parsed)
        {
            switch (parsed)
            {
                case DocumentStart:
                    _sizes.Clear();
                    break;
                case AnchorAlias alias when _open.Any(open => open.Anchor == alias.Value):
                    throw new YamlException(parsed.Start, parsed.End, $"the alias *{alias.Value} stands within what it repeats");
                case AnchorAlias alias when !_sizes.ContainsKey(alias.Value):
                    throw new YamlException(parsed.Start, parsed.End, $"the alias *{alias.Value} stands for nothing before it");
                case AnchorAlias alias:
                    _nodes += _sizes[alias.Value];
                    if (_nodes > MaxNodes)
                    {
                        throw new YamlException(parsed.Start, parsed.End, $"with its aliases it has more than {MaxNodes} nodes");
                    }

                    break;
                case MappingStart or SequenceStart:
                    _open.Push((((NodeEvent)parsed).Anchor, _nodes++));
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, before) = _open.Pop();
                    Keep(anchor, _nodes - before);
                    break;
                case Scalar scalar:
                    _nodes++;
                    Keep(scalar.Anchor, 1);
                    break;
            }
        }

        private void Keep(AnchorName anchor, long nodes)
        {
            if (!anchor.IsEmpty)
            {
                _sizes[anchor] = nodes;
            }
        }

        private bool MoveOn()
        {
            try
            {
                return parser.MoveNext();
            }
            catch (InvalidOperationException exception)
            {
                // The scanner lets some broken documents run into its own checks; where it had come is all that is known.
                var place = parser.Current?.End ?? Mark.Empty;
                throw new YamlException(place, place, "it cannot be read after here", exception);
            }
        }
    }
}

/// <summary>The nesting of a text is deeper than <see cref="YamlDocuments.MaxDepth"/>.</summary>
internal sealed class NestedTooDeepException(Mark start, Mark end)
    : YamlException(start, end, $"the nesting is deeper than {YamlDocuments.MaxDepth}");
