using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>The schemas of CloudFormation's resource types. Read at the first question, since most rehearsals ask none.</summary>
internal static class ResourceSchemas
{
    /// <summary>The embedded file.</summary>
    internal const string Resource = "schemas.txt.br";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Lines = new(ReadLines);
    private static readonly ConcurrentDictionary<string, ResourceSchema?> Read = new(StringComparer.Ordinal);

    /// <summary>The names of all types that have a schema.</summary>
    public static IEnumerable<string> Names => Lines.Value.Keys;

    /// <summary>The schema of a type; null when CloudFormation has no such type.</summary>
    public static ResourceSchema? Find(string type) => Read.GetOrAdd(type, Parse);

    /// <summary>The embedded file, uncompressed.</summary>
    internal static string Text()
    {
        using var compressed = typeof(ResourceSchemas).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(new BrotliStream(compressed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static ResourceSchema? Parse(string type)
    {
        if (!Lines.Value.TryGetValue(type, out var line))
        {
            return null;
        }

        var schema = JsonSerializer.Deserialize<ResourceSchema>(line)!;
        schema.Name = type;
        return schema;
    }

    private static Dictionary<string, string> ReadLines()
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t');
            lines.Add(line[..tab], line[(tab + 1)..]);
        }

        return lines;
    }
}
