using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.Yaml;

/// <summary>Reads YAML that somebody else wrote.</summary>
internal static class YamlDocuments
{
    /// <summary>As deep as JSON is read; much deeper ones would overflow the stack, which nothing catches.</summary>
    internal const int MaxDepth = 64;

    /// <summary>The documents of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="look">Sees each event before anything is made of it, and may refuse it.</param>
    /// <exception cref="NestedTooDeepException">Its nesting is deeper than <see cref="MaxDepth"/>.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    internal static IList<YamlDocument> Read(string text, Action<ParsingEvent>? look = null)
    {
        var stream = new YamlStream();
        stream.Load(new CheckedParser(new Parser(new StringReader(text)), look));
        return stream.Documents;
    }

    // The parser keeps its place in a list; what makes nodes of its events calls itself.
    private sealed class CheckedParser(Parser parser, Action<ParsingEvent>? look) : IParser
    {
        private int _depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!parser.MoveNext())
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
            return true;
        }
    }
}

/// <summary>The nesting of a text is deeper than <see cref="YamlDocuments.MaxDepth"/>.</summary>
internal sealed class NestedTooDeepException(Mark start, Mark end)
    : YamlException(start, end, $"the nesting is deeper than {YamlDocuments.MaxDepth}");
