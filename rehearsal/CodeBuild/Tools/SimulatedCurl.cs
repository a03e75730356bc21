using System.Globalization;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>The part of <c>curl</c> with which a build downloads a file: <c>curl -fsSL [--retry N] -o FILE URL</c>.</summary>
/// <param name="downloads">All of the internet that there is.</param>
/// <remarks>https://curl.se/docs/manpage.html, its options and its exit codes</remarks>
internal sealed class SimulatedCurl(IEnumerable<IDownload> downloads) : IBuildTool
{
    private const int NoSuchOption = 2;
    private const int NoSuchHost = 6;
    private const int HttpError = 22;
    private const int CannotWrite = 23;

    private static readonly string[] Flags = ["-f", "--fail", "-s", "--silent", "-S", "--show-error", "-L", "--location", "-fsSL"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => ["curl"];

    /// <inheritdoc/>
    public async Task<int> Run(ToolCall call)
    {
        string? file = null;
        Uri? address = null;
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            switch (call.Arguments[i])
            {
                case "-o" or "--output" when i + 1 < call.Arguments.Count:
                    file = call.Arguments[++i];
                    break;
                case "--retry" when i + 1 < call.Arguments.Count && IsNumber(call.Arguments[i + 1]):
                    i++;
                    break;
                case var flag when Flags.Contains(flag, StringComparer.Ordinal):
                    break;
                case ['h', 't', 't', 'p', 's', ':', ..] text when Uri.TryCreate(text, UriKind.Absolute, out var given):
                    address = given;
                    break;
                case var unknown:
                    return await Refuse(call, $", not {unknown}");
            }
        }

        if (file is null || address is null)
        {
            return await Refuse(call, string.Empty);
        }

        if (downloads.Select(download => download.Find(address)).FirstOrDefault(content => content is not null) is not { } found)
        {
            var isKnown = address.Host == "github.com";
            if (!isKnown)
            {
                call.NotSimulated($"curl of {address.Host}");
            }

            await call.Error.WriteLineAsync(
                isKnown
                    ? "curl: (22) The requested URL returned error: 404"
                    : $"curl: (6) Could not resolve host: {address.Host} (a rehearsal has no internet)"
            );
            return isKnown ? HttpError : NoSuchHost;
        }

        try
        {
            await File.WriteAllBytesAsync(Path.Combine(call.Folder, file), found, call.Ended);
            return 0;
        }
        catch (IOException exception)
        {
            await call.Error.WriteLineAsync($"curl: (23) {exception.Message}");
            return CannotWrite;
        }
    }

    private static async Task<int> Refuse(ToolCall call, string what)
    {
        call.NotSimulated("curl with other options or without -o");
        await call.Error.WriteLineAsync($"curl: the rehearsal simulates only curl -fsSL [--retry N] -o FILE URL{what}");
        return NoSuchOption;
    }

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
