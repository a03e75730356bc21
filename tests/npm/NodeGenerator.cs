using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Deployer.Tests.Npm;

/// <summary>A folder with scripts of Node that generate files from npm packages. Installs the packages where they are missing.</summary>
/// <param name="folder">The folder, with its <c>package-lock.json</c>.</param>
internal sealed class NodeGenerator(string folder)
{
    // Once for all classes: while npm still installs, the folder exists already, and another class would run on half a package.
    private readonly Lazy<(int Exit, string Text)> _installation = new(() => Install(folder));

    /// <summary>
    /// Runs a script: its exit code, and what it printed, or its errors where it failed. The test is skipped where the packages cannot be
    /// installed.
    /// </summary>
    public (int Exit, string Text) Run(string script, params string[] arguments)
    {
        if (_installation.Value is { Exit: not 0 } failed)
        {
            Assert.Skip($"The npm packages of {folder} could not be installed, so nothing was compared: {failed.Text}");
        }

        return Start(folder, "node", [script, .. arguments]);
    }

    // npm writes its own list last, so an installation that was cut is done again, and so is one of other packages.
    private static (int Exit, string Text) Install(string folder) =>
        File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json"))
        >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"))
            ? (0, "")
            : Start(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

    private static (int Exit, string Text) Start(string folder, string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(
                OperatingSystem.IsWindows() ? "cmd" : program,
                OperatingSystem.IsWindows() ? ["/c", program, .. arguments] : arguments
            )
            {
                UseShellExecute = false,
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : errors.Result);
        }
        catch (Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}
