using System.Diagnostics;

namespace Deployer.Cli.Tests.Output;

/// <summary>Output that cannot be written, closed or on a full disk, changes no exit code.</summary>
public sealed class BestEffortWriterTests
{
    [Theory]
    [InlineData("validate /there/is/none 2>&-", 2)]
    [InlineData("validate /there/is/none 2>/dev/full", 2)]
    [InlineData("--help >&-", 0)]
    [InlineData("rehearse --help >/dev/full", 0)]
    [InlineData("--version >&-", 0)]
    public async Task What_cannot_be_written_has_the_exit_code_of_what_was_done(string arguments, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        var start = DeployerProcess.Start();
        var command = $"'{start.FileName}' {arguments}";
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", command])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

        var ended = await DeployerProcess.Finish(process);

        (ended.ExitCode, ended.Output).ShouldBe((code, string.Empty), ended.Error);
    }
}
