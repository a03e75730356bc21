using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>The schemas of CloudFormation's resource types. Read at the first question, since most rehearsals ask none.</summary>
internal static class ResourceSchemas
{
    /// <summary>The embedded file.</summary>
    internal const string Resource = "schemas.txt.br";

    private static readonly Lazy<Dictionary<string, ReadOnlyMemory<byte>>> Lines = new(ReadLines);
    private static readonly ConcurrentDictionary<string, ResourceSchema?> Read = new(StringComparer.Ordinal);

    /// <summary>The names of all types that have a schema.</summary>
    public static IEnumerable<string> Names => Lines.Value.Keys;

    /// <summary>The schema of a type; null when CloudFormation has no such type.</summary>
    public static ResourceSchema? Find(string type) => Read.GetOrAdd(type, Parse);

    /// <summary>The embedded file, uncompressed: UTF-8, a line for each type with its name, a tab and its schema as JSON.</summary>
    internal static byte[] Content()
    {
        using var compressed = typeof(ResourceSchemas).Assembly.GetManifestResourceStream(Resource)!;
        using var content = new BrotliStream(compressed, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static ResourceSchema? Parse(string type)
    {
        if (!Lines.Value.TryGetValue(type, out var line))
        {
            return null;
        }

        var schema = JsonSerializer.Deserialize<ResourceSchema>(line.Span)!;
        schema.Name = type;
        return schema;
    }

    // The lines stay bytes of the one content: as text they would be most of what a rehearsal holds in memory.
    private static Dictionary<string, ReadOnlyMemory<byte>> ReadLines()
    {
        var lines = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var rest = Content().AsMemory();
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.IsEmpty)
            {
                var tab = line.Span.IndexOf((byte)'\t');
                lines.Add(Encoding.UTF8.GetString(line.Span[..tab]), line[(tab + 1)..]);
            }
        }

        return lines;
    }
}
