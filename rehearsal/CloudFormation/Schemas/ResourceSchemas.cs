using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>The schemas of CloudFormation's resource types, an entry of the embedded file for each service.
/// A service's is read at the first question for a type of it, since most rehearsals ask for a few.</summary>
internal static class ResourceSchemas
{
    /// <summary>The embedded file.</summary>
    internal const string Resource = "schemas.zip";

    private static readonly Lazy<ZipArchive> Archive = new(() =>
        new ZipArchive(typeof(ResourceSchemas).Assembly.GetManifestResourceStream(Resource)!)
    );
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Services = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ResourceSchema?> Read = new(StringComparer.Ordinal);
    private static readonly Lock Reading = new();

    /// <summary>The names of all types that have a schema.</summary>
    public static IEnumerable<string> Names => Lines().Select(line => line[..line.IndexOf('\t', StringComparison.Ordinal)]);

    /// <summary>The schema of a type; null when CloudFormation has no such type.</summary>
    public static ResourceSchema? Find(string type) => Read.GetOrAdd(type, Parse);

    /// <summary>A line for each type with its name, a tab and its schema as JSON, in the order of their names in each service.</summary>
    internal static IEnumerable<string> Lines() =>
        Archive
            .Value.Entries.Select(entry => Encoding.UTF8.GetString(BytesOf(entry.FullName)))
            .SelectMany(lines => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static ResourceSchema? Parse(string type)
    {
        if (type.Split("::") is not [var first, var second, ..])
        {
            return null;
        }

        // The lines stay bytes: as text they would take twice the memory.
        var rest = BytesOf($"{first}::{second}").AsSpan();
        var start = Encoding.UTF8.GetBytes($"{type}\t");
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            if (rest.StartsWith(start))
            {
                var schema = JsonSerializer.Deserialize<ResourceSchema>(rest[start.Length..end])!;
                schema.Name = type;
                return schema;
            }

            rest = rest[(end + 1)..];
        }

        return null;
    }

    private static byte[] BytesOf(string service) => Services.GetOrAdd(service, name => new Lazy<byte[]>(() => Decompress(name))).Value;

    private static byte[] Decompress(string service)
    {
        // An archive has one position in its stream.
        lock (Reading)
        {
            if (Archive.Value.GetEntry(service) is not { } entry)
            {
                return [];
            }

            using var content = new BrotliStream(entry.Open(), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
