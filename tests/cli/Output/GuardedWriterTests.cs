using System.Diagnostics;

namespace Deployer.Cli.Tests.Output;

/// <summary>Output that cannot be written, closed or on a full disk, changes no exit code.</summary>
public sealed class GuardedWriterTests
{
    [Theory]
    [InlineData("faults >&-", "it is closed")]
    [InlineData("faults >/dev/full", "No space left on device")]
    [InlineData("faults --json - >/dev/full", "No space left on device")]
    public async Task A_result_that_cannot_be_written_says_what_could_not(string arguments, string why)
    {
        var ended = await Run(arguments);

        (ended.ExitCode, ended.Error.Words()).ShouldBe((2, $"standard output cannot be written ({why})"));
    }

    [Theory]
    [InlineData("validate /there/is/none 2>&-", 2)]
    [InlineData("validate /there/is/none 2>/dev/full", 2)]
    [InlineData("--help >&-", 0)]
    [InlineData("rehearse --help >/dev/full", 0)]
    [InlineData("--version >&-", 0)]
    public async Task What_cannot_be_written_has_the_exit_code_of_what_was_done(string arguments, int code)
    {
        var ended = await Run(arguments);

        (ended.ExitCode, ended.Output).ShouldBe((code, string.Empty), ended.Error);
    }

    private static async Task<Finished> Run(string arguments)
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

        return await DeployerProcess.Finish(process);
    }
}
