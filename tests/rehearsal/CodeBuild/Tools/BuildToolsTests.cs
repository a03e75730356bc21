using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Tests.CodeBuild.Tools;

public sealed class BuildToolsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;
    private readonly Recorded _tool = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tool_has_the_words_the_folder_and_the_environment_of_its_call()
    {
        var (exit, _, _) = await Shell("mkdir -p 'a b' && cd 'a b' && X=$'one\ntwo' tool -A:ion-dev '{:op \"push\"}' '' $'a\nb' \"it's\"");

        exit.ShouldBe(0);
        var call = _tool.Calls.ShouldHaveSingleItem();
        call.Name.ShouldBe("tool");
        call.Arguments.ShouldBe(["-A:ion-dev", "{:op \"push\"}", "", "a\nb", "it's"]);
        call.Folder.ShouldBe(Path.Combine(_folder, "work", "a b"));
        call.Environment["X"].ShouldBe("one\ntwo");
        call.Environment["GIVEN"].ShouldBe("value");
        call.Environment.Keys.ShouldNotContain("HOME");
    }

    [Fact]
    public async Task What_it_prints_and_its_status_are_those_of_the_command()
    {
        _tool.Answer = call =>
        {
            call.Output.Write("no line end");
            call.Error.WriteLine("warned");
            return Task.FromResult(7);
        };

        var (exit, output, errors) = await Shell("tool > printed; status=$?; cat printed; echo; exit $status");

        (exit, errors).ShouldBe((7, "warned\n"));
        output.ShouldBe(["no line end"]);
    }

    [Fact]
    public async Task What_it_prints_keeps_its_line_ends_and_is_no_format()
    {
        _tool.Answer = call =>
        {
            call.Output.Write("100% \\n\n\n.\n\n");
            call.Error.Write("first\n\n");
            return Task.FromResult(0);
        };

        var (exit, output, errors) = await Shell("tool; tool; printf end");

        (exit, errors).ShouldBe((0, "first\n\nfirst\n\n"));
        output.ShouldBe(["100% \\n", "", ".", "", "100% \\n", "", ".", "", "end"]);
    }

    [Fact]
    public async Task Variables_of_the_call_reach_the_tool_as_they_are()
    {
        var (exit, _, _) = await Shell("export LINES_OF='a\nb=c'$'\\n''d'; ONLY=here tool; tool");

        exit.ShouldBe(0);
        _tool.Calls.ConvertAll(call => call.Environment["LINES_OF"]).ShouldBe(["a\nb=c\nd", "a\nb=c\nd"]);
        _tool.Calls.ConvertAll(call => call.Environment.GetValueOrDefault("ONLY")).ShouldBe(["here", null]);
    }

    [Fact]
    public async Task Two_calls_at_once_have_their_own_answers()
    {
        var both = new TaskCompletionSource();
        _tool.Answer = async call =>
        {
            if (_tool.Calls.Count == 2)
            {
                both.TrySetResult();
            }

            await both.Task;
            await call.Output.WriteLineAsync(call.Arguments[0]);
            return 0;
        };

        var (exit, output, _) = await Shell("tool first | cat - <(tool second) | sort");

        exit.ShouldBe(0);
        output.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_call_ends_when_the_process_was_killed_that_made_it()
    {
        var ended = new TaskCompletionSource();
        _tool.Answer = async call =>
        {
            if (call.Arguments[0] == "killed")
            {
                call.Ended.Register(ended.SetResult);
                await File.WriteAllTextAsync(Path.Combine(_folder, "called"), string.Empty, CancellationToken.None);
                await Task.Delay(Timeout.Infinite, call.Ended);
            }

            return 0;
        };

        var (exit, _, errors) = await Shell("tool killed & until [ -e ../called ]; do sleep 0.01; done; kill -9 $!; wait; tool next")
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        exit.ShouldBe(0, errors);
        ended.Task.IsCompleted.ShouldBeTrue();
        _tool.Calls.ConvertAll(call => call.Arguments[0]).ShouldBe(["killed", "next"]);
    }

    [Theory]
    [InlineData("echo 'echo leaked' > start; export BASH_ENV=start; tool")]
    [InlineData("printf() { echo leaked; }; export -f printf; tool")]
    [InlineData("export SHELLOPTS; set -x; tool 2>&1 | grep -v '^+ tool'; set +x")]
    public async Task Nothing_of_the_shell_that_calls_is_in_what_stands_for_a_program(string script)
    {
        _tool.Answer = async call =>
        {
            await call.Output.WriteLineAsync("of the tool");
            return 0;
        };

        var (_, output, _) = await Shell(script);

        output.ShouldBe(["of the tool"]);
    }

    [Fact]
    public async Task A_tool_that_fails_in_an_exception_says_it_and_fails()
    {
        _tool.Answer = _ => throw new InvalidOperationException("no luck");

        var (exit, _, errors) = await Shell("tool");

        (exit, errors).ShouldBe((1, "tool: no luck\n"));
    }

    [Fact]
    public async Task A_tool_that_nothing_simulates_fails_and_names_itself()
    {
        var (exit, _, errors) = await Shell("aws sts get-caller-identity");

        (exit, errors).ShouldBe((127, "this rehearsal was given nothing that simulates aws\n"));
    }

    [Fact]
    public async Task A_killed_build_ends_although_a_call_is_never_answered()
    {
        using var killing = new CancellationTokenSource();
        _tool.Answer = async _ =>
        {
            await killing.CancelAsync();
            return await new TaskCompletionSource<int>().Task;
        };

        await Shell("tool; echo never", killing.Token).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        _tool.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_ends_when_the_rehearsal_was_killed_that_should_answer_it()
    {
        var script = "mkfifo requests && bash call; exit $?";
        using var gone = System.Diagnostics.Process.Start("true");
        await gone.WaitForExitAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "call"),
            BuildTools.Call("tool", _folder, Path.Combine(_folder, "requests"), gone.Id),
            TestContext.Current.CancellationToken
        );

        var (exitCode, _, _) = await ChildProcess
            .Run("bash", ["-c", script], _folder, environment: null, _ => { }, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        exitCode.ShouldBe(137);
    }

    private async Task<(int ExitCode, IReadOnlyList<string> Output, string Errors)> Shell(
        string script,
        CancellationToken cancellation = default
    )
    {
        var (tools, path, _) = BuildTools.Open(
            Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName,
            ImagePrograms.OnImage(CuratedImages.Usual),
            [_tool],
            cancellation
        );
        await using var ended = tools;
        var output = new List<string>();
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}",
            ["GIVEN"] = "value",
        };
        var (exitCode, errors, _) = await ChildProcess.Run(
            "bash",
            ["--noprofile", "--norc", "-c", script],
            Directory.CreateDirectory(Path.Combine(_folder, "work")).FullName,
            environment,
            output.Add,
            cancellation
        );
        return (exitCode, output, errors);
    }

    private sealed class Recorded : IBuildTool
    {
        public IReadOnlyList<string> Names => ["tool"];

        public List<ToolCall> Calls { get; } = [];

        public Func<ToolCall, Task<int>> Answer { get; set; } = _ => Task.FromResult(0);

        public Task<int> Run(ToolCall call)
        {
            lock (Calls)
            {
                Calls.Add(call);
            }

            return Answer(call);
        }
    }
}
