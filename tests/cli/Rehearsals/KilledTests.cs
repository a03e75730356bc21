using System.Diagnostics;

namespace Deployer.Cli.Tests.Rehearsals;

/// <summary>The program ends in the midst of a rehearsal whose accounts are kept.</summary>
public sealed class KilledTests : IDisposable
{
    private readonly SmallService _service = new();

    private string Journal => Path.Combine(_service.State, "journal");

    /// <summary>The accounts are one entry of the journal, written when they are prepared.</summary>
    [Theory]
    [InlineData("lock", 0)]
    [InlineData("journal", 1)]
    [InlineData("journal", 1000)]
    [InlineData("rehearsal.json", 1)]
    public async Task Accounts_that_were_being_prepared_when_the_program_was_killed_can_be_used_again(string file, int bytes)
    {
        await KillWhen(file, bytes);

        await ShouldSucceed();
    }

    [Fact]
    public async Task An_entry_of_which_a_half_is_written_never_happened()
    {
        await KillWhen("rehearsal.json", 1);
        await using (var journal = new FileStream(Journal, FileMode.Open))
        {
            journal.SetLength(journal.Length / 2);
        }

        await ShouldSucceed();
    }

    [Fact]
    public async Task Interrupted_twice_it_ends_at_once_with_one_word()
    {
        using var process = await StartUntil("journal", 1);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        }

        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(130);
        ended.Error.ShouldNotContain("   at ");
        ended.Error.ShouldNotContain("Unhandled");
        await ShouldSucceed();
    }

    /// <summary>A limit of the size of files stands for a full disk: no privilege is needed for it.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(400)]
    public async Task A_full_disk_is_one_sentence_and_the_accounts_can_be_used_when_there_is_room(int kilobytes)
    {
        var start = DeployerProcess.Start(_service.Rehearse);
        var command = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(word => $"'{word}'"));
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", $"ulimit -f {kilobytes}; trap '' XFSZ; exec {command}"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // The runtime's own memory would be limited too: https://learn.microsoft.com/dotnet/core/runtime-config/#write-xor-execute
                Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
            }
        )!;

        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(2, ended.Error);
        ended.Error.ShouldNotContain("   at ");
        ended.Error.TrimEnd().Split('\n')[^1].ShouldContain("a limit of the size of files is reached");
        new FileInfo(Journal).Length.ShouldBeLessThanOrEqualTo(kilobytes * 1024);
        await ShouldSucceed();
    }

    /// <summary>Another folder in the place of the document stands for a disk that became full.</summary>
    [Theory]
    [InlineData(0, "✓ inventory to dev: succeeded in ")]
    [InlineData(1, "✗ inventory to dev: failed", "--fault", "stack-rolls-back:Log")]
    public async Task A_document_that_cannot_be_written_at_the_end_hides_neither_the_result_nor_its_exit_code(
        int exitCode,
        string result,
        params string[] options
    )
    {
        var document = _service.State + ".json";
        using var process = Process.Start(DeployerProcess.Start([.. _service.Rehearse, "--json", document, .. options]))!;
        while (!File.Exists(Journal))
        {
            process.HasExited.ShouldBeFalse("it had ended before");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(document);
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(exitCode, ended.Error);
        ended.Output.ShouldStartWith(result);
        ended.Error.ReplaceLineEndings(" ").ShouldContain($"--json '{document}' was not written: ");
        ended.Error.ShouldNotContain("   at ");
        Directory.Delete(document);
    }

    /// <inheritdoc/>
    public void Dispose() => _service.Dispose();

    private async Task ShouldSucceed()
    {
        var run = await DeployerProcess.Run(_service.Rehearse);

        run.ExitCode.ShouldBe(0, run.Error);
        // Where the deployment had ended before there is nothing to do.
        run.Output.ShouldMatch("^✓ inventory to dev: (succeeded|nothing to do) in ");
    }

    private async Task KillWhen(string file, int bytes)
    {
        using var process = await StartUntil(file, bytes);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(128 + 9, "it had ended before");
    }

    private async Task<Process> StartUntil(string file, int bytes)
    {
        var process = Process.Start(DeployerProcess.Start(_service.Rehearse))!;
        var path = Path.Combine(_service.State, file);
        while (new FileInfo(path) is not { Exists: true } found || found.Length < bytes)
        {
            process.HasExited.ShouldBeFalse($"{file} never had {bytes} bytes");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return process;
    }
}
