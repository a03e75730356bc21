using System.Diagnostics;
using System.Text.Json;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>
/// What the npm packages <c>@aws-sdk/client-*</c> say, through the generator's reader. Installs them where they are missing.
/// </summary>
public sealed class NpmSchemas
{
    private static readonly string Folder = Path.Combine(Repository.Root, "sdk", "generate");

    // Once for all classes: while npm still installs, the folder exists already, and another class would run on half a package.
    private static readonly Lazy<(int Exit, string Text)> Installation = new(Install);

    /// <summary>The reader's document.</summary>
    internal JsonElement Read() => Print("describe.mjs");

    /// <summary>The document that a script of the generator prints.</summary>
    internal JsonElement Print(string script)
    {
        var (exit, text) = Run(script);
        exit.ShouldBe(0, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a script of the generator: its exit code, and what it printed, or its errors where it failed.</summary>
    internal (int Exit, string Text) Run(string script, params string[] arguments)
    {
        if (Installation.Value is { Exit: not 0 } failed)
        {
            Assert.Skip($"The schemas of @aws-sdk/client-* could not be installed, so nothing was compared: {failed.Text}");
        }
        return Start("node", [script, .. arguments]);
    }

    // npm writes this file last, so an installation that was cut is done again.
    private static (int Exit, string Text) Install() =>
        File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))
            ? (0, "")
            : Start("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

    private static (int Exit, string Text) Start(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(
                OperatingSystem.IsWindows() ? "cmd" : program,
                OperatingSystem.IsWindows() ? ["/c", program, .. arguments] : arguments
            )
            {
                UseShellExecute = false,
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : errors.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
