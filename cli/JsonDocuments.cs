using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployer.Cli;

/// <summary>Where the JSON document of a result goes: a file, or standard output.</summary>
internal static class JsonDocuments
{
    private const string StandardOutput = "-";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the document where one is asked for.</summary>
    /// <param name="result">The result.</param>
    /// <param name="place">A file, <c>-</c> for standard output, <see langword="null"/> for nowhere.</param>
    /// <returns>Whether it took standard output: nothing else goes there then.</returns>
    public static async Task<bool> Write<T>(T result, string? place)
    {
        var document = JsonSerializer.Serialize(result, Json);
        if (place == StandardOutput)
        {
            Console.WriteLine(document);
            return true;
        }

        if (place is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(place))!);
            await File.WriteAllTextAsync(place, document + "\n");
        }

        return false;
    }
}
