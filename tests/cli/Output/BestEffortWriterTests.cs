using System.Diagnostics;

namespace Deployer.Cli.Tests.Output;

/// <summary>Standard error that cannot be written, closed or on a full disk, changes no exit code.</summary>
public sealed class BestEffortWriterTests
{
    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public async Task A_refusal_that_cannot_be_written_has_its_exit_code(string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        var start = DeployerProcess.Start();
        var command = $"'{start.FileName}' validate /there/is/none {redirection}";
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", command])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

        var ended = await DeployerProcess.Finish(process);

        (ended.ExitCode, ended.Output).ShouldBe((2, string.Empty), ended.Error);
    }
}
