using System.Diagnostics;
using Deployer.Cli.Output;
using Deployer.Cli.Tests.Output;
using Deployer.Cli.Tests.Rehearsals;

namespace Deployer.Cli.Tests.Records;

/// <summary>Commands about deployments, in the accounts that a rehearsal kept.</summary>
public sealed class RehearsedRecordsTests : IDisposable
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:x";

    private readonly SmallService _service = new();
    private readonly string _state = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose()
    {
        _service.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task History_and_releases_show_what_was_rehearsed()
    {
        var service = _service.Folder;
        (await DeployerProcess.Run("rehearse", service, "--target", "dev", "--state", _state, "--in-process")).ExitCode.ShouldBe(0);

        var history = await DeployerProcess.Run("history", service, "--target", "dev", "--rehearsed", _state);
        var releases = await DeployerProcess.Run("releases", service, "--rehearsed", _state);
        var mixed = await DeployerProcess.Run("releases", service, "--rehearsed", _state, "--region", "us-east-1");

        (history.ExitCode, releases.ExitCode).ShouldBe((0, 0), history.Error + releases.Error);
        history.Output.ShouldContain("✓");
        history.Output.ShouldContain("succeeded");
        releases.Output.ShouldContain("arn:aws:cloudformation:");
        mixed.ExitCode.ShouldBe(2);
        mixed.Error.Words().ShouldBe("--profile, --region and --stage are for AWS; expected none of them beside --rehearsed or --state");
    }

    [Theory]
    [InlineData("history", "--target", "dev")]
    [InlineData("releases")]
    public async Task A_terminal_shows_all_that_a_pipe_gets_and_nothing_of_the_progress(string command, params string[] options)
    {
        var service = _service.Folder;
        (await DeployerProcess.Run("rehearse", service, "--target", "dev", "--state", _state, "--in-process")).ExitCode.ShouldBe(0);
        string[] arguments = [command, service, .. options, "--rehearsed", _state];

        var terminal = XtermScreen.Shown([string.Empty], await Show(isLive: true));
        var pipe = XtermScreen.Shown([string.Empty], await Show(isLive: false));

        pipe[0].Trim().ShouldBe("preparing the accounts");
        pipe[1].Trim().ShouldBe("accounts prepared");
        pipe.Length.ShouldBeGreaterThan(3);
        terminal.ShouldBe(pipe[2..]);

        async Task<string> Show(bool isLive)
        {
            await using var written = new StringWriter();
            var screen = new Screen(TextWriter.Synchronized(written), width: 100, hasColors: false, isLive);
            (await Program.Run(arguments, new Terminal(screen, screen))).ShouldBe(0);
            return written.ToString();
        }
    }

    [Fact]
    public async Task A_target_for_which_nothing_was_rehearsed_has_no_history()
    {
        var service = _service.Folder;
        (await DeployerProcess.Run("rehearse", service, "--target", "dev", "--state", _state, "--in-process")).ExitCode.ShouldBe(0);
        var file = Path.Combine(service, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var dev = text.Split('\n').Single(line => line.TrimStart().StartsWith("dev:", StringComparison.Ordinal));
        var prod = dev.Replace("dev:", "prod:", StringComparison.Ordinal);
        var both = text.Replace(dev, $"{dev}\n{prod}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, both, TestContext.Current.CancellationToken);

        var history = await DeployerProcess.Run("history", service, "--target", "prod", "--rehearsed", _state);

        history.ExitCode.ShouldBe(2, history.Error);
        history.Error.Words().ShouldEndWith($"nothing was rehearsed for the target 'prod' in {_state}; expected one that was");
    }

    [Fact]
    public async Task History_tells_a_deployment_that_had_nothing_to_do_from_one_that_deployed()
    {
        string[] rehearse = ["rehearse", _service.Folder, "--target", "dev", "--state", _state, "--in-process"];
        (await DeployerProcess.Run(rehearse)).ExitCode.ShouldBe(0);
        (await DeployerProcess.Run(rehearse)).ExitCode.ShouldBe(0);

        var history = await DeployerProcess.Run("history", _service.Folder, "--target", "dev", "--rehearsed", _state);
        var document = await DeployerProcess.Run("history", _service.Folder, "--target", "dev", "--rehearsed", _state, "--json", "-");

        history.Output.ShouldContain("nothing to do in ");
        System
            .Text.Json.JsonDocument.Parse(document.Output)
            .RootElement.GetProperty("deployments")
            .EnumerateArray()
            .Select(deployment => deployment.GetProperty("verdict").GetString())
            .ShouldBe(["nothing-to-do", "succeeded"]);
    }

    [Fact]
    public async Task History_says_why_a_deployment_ended_before_it_had_a_record()
    {
        var file = Path.Combine(_service.Folder, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file,
            text.Replace("region: us-east-1, values", "region: us-east-1, approval: true, values", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        var refused = await DeployerProcess.Run("rehearse", _service.Folder, "--target", "dev", "--state", _state, "--in-process");
        refused.ExitCode.ShouldBe(1, refused.Output + refused.Error);

        var history = await DeployerProcess.Run("history", _service.Folder, "--target", "dev", "--rehearsed", _state);

        history.Output.Words().ShouldContain("ApprovalNeededException");
        history.Output.Words().ShouldContain("is deployed to dev by an approved plan only");
    }

    [Theory]
    [InlineData("> /dev/full", "No space left on device")]
    [InlineData(">&-", "")]
    public async Task A_result_that_cannot_be_printed_is_printed_elsewhere_with_the_exit_code_of_the_deployment(string output, string why)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here, which refuses what is written as a full disk does");
        var start = DeployerProcess.Start();
        start.FileName = "sh";
        string[] command = [DeployerProcess.Executable, "rehearse", _service.Folder, "--target", "dev", "--in-process"];
        foreach (var argument in (string[])["-c", $"exec \"$@\" {output}", "sh", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var finished = await DeployerProcess.Finish(process);

        finished.ExitCode.ShouldBe(0, finished.Error);
        finished.Error.Words().ShouldContain("succeeded in");
        finished.Error.Words().ShouldContain($"standard output cannot be written ({why}");
    }

    [Theory]
    [InlineData("watch", "watched")]
    [InlineData("stop", "stopped")]
    public async Task Watch_and_stop_say_that_nothing_is_on_its_way_there(string command, string done)
    {
        var run = await DeployerProcess.Run(command, Execution, "--rehearsed", _state);

        run.ExitCode.ShouldBe(2);
        run.Error.Words()
            .ShouldBe(
                $"in the rehearsed accounts of {_state} time stands still between commands, so that nothing can be {done} there; expected "
                    + $"'deployer history SERVICE --rehearsed {_state}' to see what was deployed, 'deployer redrive {Execution} "
                    + $"--rehearsed {_state}' to go on with it, or a stop in a --schedule"
            );
    }

    [Fact]
    public async Task The_doctor_says_that_nothing_answers_there_and_what_does()
    {
        var run = await DeployerProcess.Run("doctor", Repository.Example, "--target", "dev", "--rehearsed", _state);

        run.ExitCode.ShouldBe(2);
        run.Error.Words()
            .ShouldBe(
                $"in the rehearsed accounts of {_state} nothing answers between commands, and the doctor asks functions and builds; "
                    + $"expected 'deployer serve {Repository.Example} --state {_state}', and the doctor without --rehearsed, with the "
                    + "variables that it prints"
            );
    }
}
