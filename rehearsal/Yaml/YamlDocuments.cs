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
        // The parser keeps its place in a list; what makes nodes of its events calls itself.
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            look?.Invoke(parser.Current!);
            // A stream and a document come before the first node.
            if (depth > MaxDepth + 2)
            {
                throw new NestedTooDeepException(parser.Current!.Start, parser.Current.End);
            }
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents;
    }
}

/// <summary>The nesting of a text is deeper than <see cref="YamlDocuments.MaxDepth"/>.</summary>
internal sealed class NestedTooDeepException(Mark start, Mark end)
    : YamlException(start, end, $"the nesting is deeper than {YamlDocuments.MaxDepth}");
