using System.Diagnostics;
using Deployer.Cli;
using Deployer.Cli.Output;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>Runs <c>deployer</c> as a person does.</summary>
internal static class CommandLine
{
    private const int Columns = 100;

    /// <summary>The example service.</summary>
    public static string Inventory { get; } = Repository.Example;

    /// <summary>Copies the example service into a folder, so that a test can change it.</summary>
    /// <returns>The copy.</returns>
    public static string CopyInventory(string folder)
    {
        var service = Path.Combine(folder, "service");
        Folders.Copy(Inventory, service);

        return service;
    }

    /// <summary>
    /// How rehearsals have to run the functions' executable: natively when it was published and not built since. CI, which publishes it,
    /// insists.
    /// </summary>
    public static string ExpectedHost { get; } =
        Environment.GetEnvironmentVariable("DEPLOYER_EXPECTED_HOST") ?? (NativeIsCurrent() ? "native" : "executable");

    /// <summary>Runs a command through the entry of the program, with the functions in this process.</summary>
    public static async Task<CommandResult> InProcess(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var json = Path.Combine(folder.Path, "result.json");
        // Progress and result are written by several threads. The synchronised writer's own ToString gives its type, not the text.
        using var written = new StringWriter();
        var screen = new Screen(TextWriter.Synchronized(written), Columns);
        var exit = await Program.Run([.. arguments, "--in-process", "--json", json], new Terminal(screen, screen));
        return new CommandResult(exit, await Written(json), written.ToString());
    }

    /// <summary>Runs a command that works with records alone, and gives its exit code and what it prints.</summary>
    public static async Task<(int ExitCode, string Terminal)> Print(params string[] arguments)
    {
        using var written = new StringWriter();
        var screen = new Screen(TextWriter.Synchronized(written), Columns);
        var exit = await Program.Run(arguments, new Terminal(screen, screen));
        return (exit, written.ToString());
    }

    /// <summary>Runs a command that works with records alone, and gives its JSON document.</summary>
    public static async Task<string> Document(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var json = Path.Combine(folder.Path, "result.json");
        var (exit, terminal) = await Print([.. arguments, "--json", json]);
        exit.ShouldBe(0, terminal);
        return await Written(json);
    }

    /// <summary>Rehearses the example service to <c>dev</c>, with the functions in this process.</summary>
    public static Task<CommandResult> Rehearse(params string[] options) =>
        InProcess(["rehearse", Inventory, "--target", "dev", .. options]);

    /// <summary>Runs a command in a process of its own, with the functions in processes of theirs.</summary>
    public static Task<CommandResult> Executable(params string[] arguments) => ExecutableOf(functions: null, arguments);

    /// <summary>The functions' framework-dependent executable.</summary>
    public static string ManagedFunctions =>
        Path.Combine(AppContext.BaseDirectory, "../../Deployer.Cli", Configuration, "functions/deployer-functions");

    /// <summary>The functions' native executable, where it was published and not built since.</summary>
    public static string? NativeFunctions => NativeIsCurrent() ? Native : null;

    private static string Native => Repository.At("artifacts/native/deployer-functions");

    private static string Configuration => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Runs a command in a process of its own, with the functions in processes of an executable.</summary>
    /// <param name="functions">The executable; the program's own choice when it is left out.</param>
    /// <param name="arguments">What stands behind <c>deployer</c>.</param>
    public static async Task<CommandResult> ExecutableOf(string? functions, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var json = Path.Combine(folder.Path, "result.json");
        var program = Path.Combine(AppContext.BaseDirectory, "../../Deployer.Cli", Configuration, "deployer.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--json", json])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (functions is not null)
        {
            start.Environment["DEPLOYER_FUNCTIONS"] = functions;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await Written(json), output + await error);
    }

    private static async Task<string> Written(string file) => File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;

    private static bool NativeIsCurrent() =>
        File.Exists(Native)
        && File.GetLastWriteTimeUtc(Native)
            >= File.GetLastWriteTimeUtc(Repository.At($"artifacts/bin/Deployer.Functions/{Configuration}/deployer-functions.dll"));
}
