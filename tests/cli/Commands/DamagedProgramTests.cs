using System.Diagnostics;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Commands;

/// <summary>A part of the program is missing: that is neither the input's fault nor the deployment's.</summary>
public sealed class DamagedProgramTests : IDisposable
{
    private readonly string _program = Directory.CreateTempSubdirectory("deployer-program-").FullName;

    [Theory]
    [InlineData("System.CommandLine.dll", "validate")]
    [InlineData("Deployer.Spec.dll", "validate")]
    [InlineData("deployer-functions.dll", "rehearse", "--target", "dev", "--in-process")]
    [InlineData("deployer-functions.dll", "rehearse", "--target", "dev", "--in-process", "--state", "state")]
    [InlineData("product/template.yaml", "rehearse", "--target", "dev", "--in-process")]
    [InlineData("functions/deployer-functions.dll", "rehearse", "--target", "dev")]
    public async Task It_ends_with_3_and_one_line_that_asks_for_a_report(string missing, string command, params string[] options)
    {
        foreach (var file in Directory.EnumerateFiles(Program, "*", SearchOption.AllDirectories))
        {
            if (Path.GetRelativePath(Program, file) != missing)
            {
                var copy = Path.Combine(_program, Path.GetRelativePath(Program, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(_program, "deployer.dll"), command, Repository.Example, .. options])
            {
                WorkingDirectory = _program,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(ExitCodes.ToolFailure, ended.Output + ended.Error);
        ended.Error.ShouldNotContain("   at ");
        var line = ended.Error.TrimEnd().Split('\n')[^1];
        line.ShouldStartWith("deployer itself failed: ");
        line.ShouldContain("please report this");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_program, recursive: true);

    private static string Program => Path.GetDirectoryName(DeployerProcess.Executable)!;
}
