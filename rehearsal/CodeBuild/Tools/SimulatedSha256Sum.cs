using System.Security.Cryptography;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>
/// <c>sha256sum FILE…</c> and <c>sha256sum --check FILE</c>. What stands for a real download has the digest that is published of that; of
/// everything else it is computed.
/// </summary>
/// <param name="downloads">What can be downloaded.</param>
/// <remarks>https://www.gnu.org/software/coreutils/manual/html_node/cksum-common-options.html</remarks>
internal sealed class SimulatedSha256Sum(IEnumerable<IDownload> downloads) : IBuildTool
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names => ["sha256sum"];

    /// <inheritdoc/>
    public async Task<int> Run(ToolCall call)
    {
        try
        {
            return call.Arguments switch
            {
                ["--check" or "-c", var list] => await Check(call, list),
                [_, ..] files when !files.Any(file => file.StartsWith('-')) => await Print(call, files),
                _ => await Refuse(call),
            };
        }
        catch (IOException exception)
        {
            await call.Error.WriteLineAsync($"sha256sum: {exception.Message}");
            return 1;
        }
    }

    private static async Task<int> Refuse(ToolCall call)
    {
        call.NotSimulated("sha256sum with other options");
        await call.Error.WriteLineAsync("sha256sum: the rehearsal simulates only sha256sum FILE… and sha256sum --check FILE");
        return 1;
    }

    private async Task<int> Print(ToolCall call, IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            await call.Output.WriteLineAsync($"{await Digest(call, file)}  {file}");
        }

        return 0;
    }

    private async Task<int> Check(ToolCall call, string list)
    {
        var wrong = 0;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(call.Folder, list), call.Ended))
        {
            if (line.Split("  ", 2) is not [{ Length: 64 } digest, var file])
            {
                await call.Error.WriteLineAsync($"sha256sum: {list}: no properly formatted checksum lines found");
                return 1;
            }

            var isRight = string.Equals(digest, await Digest(call, file), StringComparison.OrdinalIgnoreCase);
            wrong += isRight ? 0 : 1;
            await call.Output.WriteLineAsync($"{file}: {(isRight ? "OK" : "FAILED")}");
        }

        if (wrong > 0)
        {
            await call.Error.WriteLineAsync($"sha256sum: WARNING: {wrong} computed checksum{(wrong == 1 ? "" : "s")} did NOT match");
        }

        return wrong == 0 ? 0 : 1;
    }

    private async Task<string> Digest(ToolCall call, string file)
    {
        var content = await File.ReadAllBytesAsync(Path.Combine(call.Folder, file), call.Ended);
        return downloads.Select(download => download.PublishedSha256(content)).FirstOrDefault(digest => digest is not null)
            ?? Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
