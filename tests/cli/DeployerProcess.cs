using System.Diagnostics;

namespace Deployer.Cli.Tests;

/// <summary>The command line as a process of its own, with its own folder of files.</summary>
internal static class DeployerProcess
{
    public static ProcessStartInfo Start(params string[] arguments) =>
        new(Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    public static async Task<Finished> Run(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        return await Finish(process);
    }

    /// <summary>Waits for the end of a process and takes what it wrote.</summary>
    public static async Task<Finished> Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Finished(process.ExitCode, output, await error);
    }

    /// <summary>The program.</summary>
    public static string Executable { get; } =
        Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Deployer.Cli",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "deployer"
        );
}

/// <summary>What people read.</summary>
internal static class PrintedText
{
    /// <summary>The text as one line: what is wrapped is whole again.</summary>
    public static string Words(this string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What a process left.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error);
