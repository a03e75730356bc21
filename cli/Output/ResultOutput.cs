using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployer.Cli.Output;

/// <summary>
/// The one way by which a command's result leaves: as a JSON document where one is asked for, and for people on a screen.
/// </summary>
/// <param name="screen">Where people read.</param>
/// <param name="json">A file for the document, <c>-</c> for standard output, <see langword="null"/> for no document.</param>
internal sealed class ResultOutput(Screen screen, string? json)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Writes a result; with the document on standard output nothing else goes there. Where the document cannot be written, the result
    /// is shown first.
    /// </summary>
    /// <exception cref="DocumentUnwrittenException">The file cannot be written any more, since the disk is full for example.</exception>
    public async Task Write<T>(T result, IView<T> view)
    {
        bool tookOutput;
        try
        {
            tookOutput = await WriteDocument(result);
        }
        catch (Exception exception)
            when (json is not (null or OutputFile.StandardOutput) && exception is IOException or UnauthorizedAccessException)
        {
            view.Show(result, screen);
            throw new DocumentUnwrittenException(OutputFile.Unwritten(json!, exception), exception);
        }

        if (!tookOutput)
        {
            view.Show(result, screen);
        }
    }

    /// <summary>Writes the document alone.</summary>
    /// <returns>Whether it took standard output.</returns>
    public async Task<bool> WriteDocument<T>(T result)
    {
        if (json is null)
        {
            return false;
        }

        var document = JsonSerializer.Serialize(result, Json);
        if (json == OutputFile.StandardOutput)
        {
            screen.Line(document);
            return true;
        }

        OutputFile.RefuseOther(json);
        await File.WriteAllTextAsync(json, document + "\n");
        return false;
    }
}
