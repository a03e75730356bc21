using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.Yaml;

/// <summary>Reads YAML that somebody else wrote.</summary>
internal static class YamlDocuments
{
    /// <summary>As deep as JSON is read; much deeper ones would overflow the stack, which nothing catches.</summary>
    internal const int MaxDepth = 64;

    /// <summary>The documents of a text.</summary>
    /// <exception cref="YamlException">It is no YAML, or its nesting is deeper than <see cref="MaxDepth"/>.</exception>
    internal static IList<YamlDocument> Read(string text)
    {
        // The parser keeps its place in a list; what makes nodes of its events calls itself.
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            // A stream and a document come before the first node.
            if (depth > MaxDepth + 2)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"the nesting is deeper than {MaxDepth}");
            }
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents;
    }
}
