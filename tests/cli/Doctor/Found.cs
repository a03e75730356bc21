using System.Text.Json;

namespace Deployer.Cli.Tests.Doctor;

/// <summary>A problem or a notice.</summary>
internal sealed record Found(string Check, string Text, string Remedy, string Status)
{
    /// <summary>All of a document of <c>doctor</c>.</summary>
    public static IReadOnlyList<Found> Read(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return
        [
            .. parsed
                .RootElement.GetProperty("checks")
                .EnumerateArray()
                .Where(check => check.GetProperty("status").GetString() != "ok")
                .Select(check => new Found(
                    check.GetProperty("check").GetString()!,
                    check.GetProperty("text").GetString()!,
                    check.TryGetProperty("remedy", out var remedy) ? remedy.GetString() ?? string.Empty : string.Empty,
                    check.GetProperty("status").GetString()!
                )),
        ];
    }
}
