using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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

    /// <summary>Whoever takes its output for variables gets none of a server that is gone.</summary>
    [Fact]
    public async Task Interrupted_while_it_prepares_the_accounts_serve_ends_and_announces_nothing()
    {
        using var process = await StartUntil("lock", 0, "serve", _service.Rehearse[1], "--state", _service.State);

        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var ended = await DeployerProcess.Finish(process);

        (ended.ExitCode, ended.Output, ended.Error.Words()).ShouldBe((130, string.Empty, "interrupted"));
    }

    [Fact]
    public async Task Interrupted_it_says_what_had_begun_and_how_it_goes_on()
    {
        using var process = Process.Start(DeployerProcess.Start(_service.Rehearse))!;
        while (await process.StandardError.ReadLineAsync(Cancellation) is { } line && !line.Contains(" started", StringComparison.Ordinal))
        { }

        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(130, ended.Error);
        if (ended.Error.Contains("execution succeeded", StringComparison.Ordinal))
        {
            // A machine may be quicker than the signal.
            ended.Error.Words().ShouldMatch("interrupted; inventory-dev-[-0-9a-f]+ has ended. To see how: ");
            return;
        }

        ended
            .Error.Words()
            .ShouldMatch(
                "interrupted; inventory-dev-[-0-9a-f]+ had begun and is not at its end. To continue it, as the next deployment there "
            );
        // Whole, on a line of its own: it is copied as it stands.
        var command = ended.Error.TrimEnd().Split('\n')[^1];
        command.ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+ --state {_service.State}$");
        var next = await DeployerProcess.Run(command.Trim().Split(' ')[1..]);
        next.ExitCode.ShouldBe(0, next.Error);
        next.Error.ShouldMatch(@"0:00  execution inventory-dev-[-0-9a-f]+ continued\n");
        next.Error.ShouldContain("execution succeeded");
        next.Output.Words().ShouldContain("✓ inventory to dev: succeeded in ");
        next.Output.Words().ShouldNotContain("redriven");
    }

    /// <summary>Another deployment in the accounts goes on with it first: that is shown, and can be interrupted as well.</summary>
    [Fact]
    public async Task What_another_deployment_continues_is_shown_and_named_when_that_is_interrupted_too()
    {
        using (var killed = Process.Start(DeployerProcess.Start(_service.Rehearse))!)
        {
            while (
                await killed.StandardError.ReadLineAsync(Cancellation) is { } line
                && !line.Contains(": update stack", StringComparison.Ordinal)
            ) { }

            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
        }

        using var process = Process.Start(DeployerProcess.Start(_service.Rehearse))!;
        string? continued = null;
        while (continued is null && await process.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            continued = line.Contains(" continued", StringComparison.Ordinal) ? line : null;
        }

        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var ended = await DeployerProcess.Finish(process);

        continued.ShouldNotBeNull(ended.Error).ShouldMatch("0:00  execution inventory-dev-[-0-9a-f]+ continued$");
        var name = continued.Split(' ')[^2];
        ended.ExitCode.ShouldBe(130, ended.Error);
        ended
            .Error.Words()
            .ShouldMatch($"interrupted( before anything new had begun)?; {name} had begun (before )?and is not at its end. To continue it");
        ended.Error.TrimEnd().Split('\n')[^1].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+:{name} --state {_service.State}$");
        var next = await DeployerProcess.Run(_service.Rehearse);
        next.ExitCode.ShouldBe(0, next.Error);
        next.Error.ShouldMatch(
            $"execution {name} continued\n(.*\n)+.*execution succeeded\n(.*\n)*.*execution inventory-dev-[-0-9a-f]+ started"
        );
    }

    /// <summary>Of two targets each has its deployer; what goes on at one beside the other is not hidden.</summary>
    [Fact]
    public async Task What_an_earlier_run_had_begun_for_another_target_is_named_too_and_told_when_it_went_on()
    {
        // What a run that is killed has only pushed to dev could not be deployed to prod.
        var folder = Path.Combine(_service.Folder, "two-targets");
        Folders.Copy(Repository.Example, folder);
        var file = Path.Combine(folder, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(
            file,
            text.Replace("    ions: ions ", "    allowUnpromoted: true\n    ions: ions ", StringComparison.Ordinal),
            Cancellation
        );
        string[] dev = ["rehearse", folder, "--target", "dev", "--in-process", "--state", _service.State];
        string[] prod = [.. dev.Select(word => word == "dev" ? "prod" : word)];
        // The accounts of prod are there then: to make them takes as long as what dev has left to do.
        (await DeployerProcess.Run(prod)).ExitCode.ShouldBe(0);
        await Interrupt(dev, ": update stack", process => process.Kill());
        var (copy, killed) = (Path.Combine(_service.Folder, "copy"), Path.Combine(_service.Folder, "killed"));
        Folders.Copy(_service.State, copy);
        Folders.Copy(_service.State, killed);
        var both = await Interrupt(prod, " started", process => Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit());

        both.ExitCode.ShouldBe(130, both.Error);
        both.Error.Words()
            .ShouldMatch(
                "interrupted; inventory-dev-[-0-9a-f]+ and inventory-prod-[-0-9a-f]+ had begun and are not at their end. To continue"
            );
        var commands = both.Error.TrimEnd().Split('\n')[^2..];
        commands[0].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+:inventory-dev-[^ ]+ --state {_service.State}$");
        commands[1].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+:inventory-prod-[^ ]+ --state {_service.State}$");
        await Interrupt([.. prod[..^1], killed], " started", process => process.Kill());
        var room = (int)(new FileInfo(Path.Combine(killed, "journal")).Length / 1024) + 32;
        using (var limited = Limited(room, [.. prod[..^1], copy]))
        {
            var full = await DeployerProcess.Finish(limited);
            full.ExitCode.ShouldBe(3, full.Error);
            full.Error.Words()
                .ShouldMatch(
                    "inventory-prod-[-0-9a-f]+ and inventory-dev-[-0-9a-f]+ had begun and are not at their end. When that is mended, "
                        + "continue them: "
                );
            commands = full.Error.TrimEnd().Split('\n')[^2..];
            commands[0].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+:inventory-prod-[^ ]+ --state {copy}$");
            commands[1].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+:inventory-dev-[^ ]+ --state {copy}$");
        }

        var next = await DeployerProcess.Run([.. prod, "--json", "-"]);
        next.ExitCode.ShouldBe(0, next.Error);
        // Half an hour of it passes while the accounts of the other target are prepared.
        next.Error.ShouldMatch(
            "preparing the accounts\n +0:00  execution inventory-dev-[-0-9a-f]+ continued\n(.*\n)*.*accounts prepared\n"
        );
        var notices = JsonNode.Parse(next.Output)!["notices"]!.AsArray().Select(notice => notice!.GetValue<string>()).ToList();
        notices.ShouldContain(notice =>
            notice.Contains(":deployer-dev-deploy:", StringComparison.Ordinal)
            && notice.Contains("which an earlier run had begun and not ended, went on in this one: ", StringComparison.Ordinal)
        );
    }

    /// <summary>The interruption may come too late for the result; what has ended is never said to go on.</summary>
    [Fact]
    public async Task Interrupted_at_the_end_it_says_that_it_has_ended()
    {
        using var process = Process.Start(DeployerProcess.Start(_service.Rehearse))!;
        while (
            await process.StandardError.ReadLineAsync(Cancellation) is { } line
            && !line.Contains("execution succeeded", StringComparison.Ordinal)
        ) { }

        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBeOneOf(0, 130);
        if (ended.ExitCode == 130)
        {
            var said = Regex.Match(ended.Error, @"interrupted; inventory-dev-[-0-9a-f]+ has ended\. To see how:\n  [^ ]*deployer (.*)\n$");
            said.Success.ShouldBeTrue(ended.Error);
            (await DeployerProcess.Run(said.Groups[1].Value.Split(' '))).Output.ShouldContain("succeeded in ");
        }
        else
        {
            ended.Output.Words().ShouldContain("✓ inventory to dev: succeeded in ");
        }
    }

    /// <summary>A limit of the size of files stands for a full disk: no privilege is needed for it.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(400)]
    public async Task A_full_disk_is_one_sentence_and_the_accounts_can_be_used_when_there_is_room(int kilobytes)
    {
        using var process = Limited(kilobytes, _service.Rehearse);

        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(2, ended.Error);
        ended.Error.ShouldNotContain("   at ");
        ended.Error.TrimEnd().Split('\n')[^1].ShouldContain("a limit of the size of files is reached");
        new FileInfo(Journal).Length.ShouldBeLessThanOrEqualTo(kilobytes * 1024);
        await ShouldSucceed();
    }

    /// <summary>What a deployment that nobody saw the end of has done is not hidden, in the run that ends by it and in the next.</summary>
    [Fact]
    public async Task A_deployment_that_had_begun_is_named_where_the_run_ends_and_where_the_next_one_continues_it()
    {
        long begun;
        using (var killed = Process.Start(DeployerProcess.Start(_service.Rehearse))!)
        {
            while (
                await killed.StandardError.ReadLineAsync(Cancellation) is { } line && !line.Contains(" started", StringComparison.Ordinal)
            ) { }

            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
            killed.ExitCode.ShouldBe(128 + 9, "it had ended before");
            begun = new FileInfo(Journal).Length;
        }

        var next = await DeployerProcess.Run(_service.Rehearse);

        next.ExitCode.ShouldBe(0, next.Error);
        next.Output.Words().ShouldContain(", which an earlier run had begun and not ended, went on in this one: it succeeded");
        Directory.Delete(_service.State, recursive: true);
        using var process = Limited((int)(begun / 1024) + 8, _service.Rehearse);
        var full = await DeployerProcess.Finish(process);
        full.ExitCode.ShouldBe(3, full.Error);
        full.Error.Words().ShouldContain("a limit of the size of files is reached");
        full.Error.Words().ShouldContain(" had begun and is not at its end. When that is mended, continue it: ");
        full.Error.ShouldNotContain("FileUnusable");
        full.Error.TrimEnd().Split('\n')[^1].ShouldMatch($"^  [^ ]*deployer redrive arn:[^ ]+ --state {_service.State}$");
        full.Error.ShouldNotContain("   at ");
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

    /// <summary>Another folder in the place of the snapshot that is written at the end stands for a disk that became full.</summary>
    [Theory]
    [InlineData(0, "✓ inventory to dev: succeeded in ")]
    [InlineData(1, "✗ inventory to dev: failed", "--fault", "stack-rolls-back:Log")]
    public async Task Accounts_that_cannot_be_written_down_at_the_end_hide_neither_the_result_nor_its_document_nor_its_exit_code(
        int exitCode,
        string result,
        params string[] options
    )
    {
        var (document, snapshot) = (_service.State + ".json", Path.Combine(_service.State, "snapshot.new"));
        using var process = Process.Start(DeployerProcess.Start([.. _service.Rehearse, "--json", document, .. options]))!;
        while (!File.Exists(Journal))
        {
            process.HasExited.ShouldBeFalse("it had ended before");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(snapshot);
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(exitCode, ended.Error);
        ended.Output.ShouldStartWith(result);
        ended.Error.ShouldContain("the rehearsed accounts could not be kept as they are now: ");
        ended.Error.ShouldNotContain("   at ");
        File.Exists(document).ShouldBeTrue();
        Directory.Delete(snapshot);
        await ShouldSucceed();
    }

    /// <summary>The journal holds what has happened; a snapshot that is too large for the limit leaves it as it is.</summary>
    [Fact]
    public async Task A_snapshot_for_which_there_is_no_room_hides_neither_the_result_nor_what_has_happened()
    {
        await ShouldSucceed();
        var snapshot = Path.Combine(_service.State, "snapshot");
        var (before, kilobytes) = (await File.ReadAllBytesAsync(snapshot, Cancellation), new FileInfo(snapshot).Length / 1024 - 100);
        using var process = Limited(
            (int)kilobytes,
            ["plan", _service.Folder, "--target", "dev", "--in-process", "--state", _service.State]
        );

        var ended = await DeployerProcess.Finish(process);

        ended.Error.TrimEnd().Split('\n')[^1].ShouldContain("a limit of the size of files is reached");
        ended.Error.ShouldNotContain("   at ");
        (await File.ReadAllBytesAsync(snapshot, Cancellation)).ShouldBe(before);
        await ShouldSucceed();
    }

    /// <summary>A command that only looks ends with the exit code of a file that cannot be used, after its result.</summary>
    [Fact]
    public async Task A_plan_whose_document_cannot_be_written_at_the_end_is_shown()
    {
        var document = _service.State + ".json";
        using var process = Process.Start(
            DeployerProcess.Start([
                "plan",
                _service.Folder,
                "--target",
                "dev",
                "--in-process",
                "--state",
                _service.State,
                "--json",
                document,
            ])
        )!;
        while (!File.Exists(Journal))
        {
            process.HasExited.ShouldBeFalse("it had ended before");
            await Task.Delay(5, Cancellation);
        }

        Directory.CreateDirectory(document);
        var ended = await DeployerProcess.Finish(process);

        ended.ExitCode.ShouldBe(2, ended.Error);
        ended.Output.ShouldContain("inventory-dev");
        ended.Error.Words().ShouldContain($"--json '{document}' was not written: ");
        ended.Error.ShouldNotContain("   at ");
        Directory.Delete(document);
    }

    /// <inheritdoc/>
    public void Dispose() => _service.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the program with a limit of the size of files.</summary>
    private static Process Limited(int kilobytes, string[] arguments)
    {
        var start = DeployerProcess.Start(arguments);
        var command = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(word => $"'{word}'"));
        return Process.Start(
            new ProcessStartInfo("bash", ["-c", $"ulimit -f {kilobytes}; trap '' XFSZ; exec {command}"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // The runtime's own memory would be limited too: https://learn.microsoft.com/dotnet/core/runtime-config/#write-xor-execute
                Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
            }
        )!;
    }

    /// <summary>Ends a run where its progress comes to something.</summary>
    private static async Task<Finished> Interrupt(string[] arguments, string at, Action<Process> end)
    {
        using var process = Process.Start(DeployerProcess.Start(arguments))!;
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            lines.Add(line);
            if (line.Contains(at, StringComparison.Ordinal))
            {
                end(process);
                return await DeployerProcess.Finish(process);
            }
        }

        throw new InvalidOperationException($"it did not come to '{at}': {string.Join('\n', lines)}");
    }

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

    private async Task<Process> StartUntil(string file, int bytes, params string[] command)
    {
        var process = Process.Start(DeployerProcess.Start(command is [] ? _service.Rehearse : command))!;
        var path = Path.Combine(_service.State, file);
        while (new FileInfo(path) is not { Exists: true } found || found.Length < bytes)
        {
            process.HasExited.ShouldBeFalse($"{file} never had {bytes} bytes");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return process;
    }
}
