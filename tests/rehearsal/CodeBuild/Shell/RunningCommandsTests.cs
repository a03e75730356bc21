using System.Diagnostics;
using Deployer.Rehearsal.CodeBuild.Shell;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Tests.CodeBuild.Shell;

public sealed class RunningCommandsTests : IDisposable
{
    private const int Shell = int.MaxValue;
    private static readonly ProcessStatus Child = new(int.MaxValue - 1, "quick", Shell, long.MaxValue);

    /// <summary>Longer than what ends by itself is waited for.</summary>
    private static readonly TimeSpan SlowLook = TimeSpan.FromSeconds(1.2);

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_left_is_killed_however_slow_the_look_at_the_processes_is()
    {
        using var left = Start();
        var running = new RunningCommands(_folder) { Look = Slowly };

        await running.End(Environment.ProcessId);

        left.WaitForExit(TimeSpan.FromSeconds(10)).ShouldBeTrue();

        // Children of this program are its own: the test's is shown as a child of the shell.
        IEnumerable<ProcessStatus> Slowly()
        {
            var living = ProcessTable.Find(left.Id) is { } status ? [status with { Parent = 1 }] : Array.Empty<ProcessStatus>();
            Wait();
            return living;
        }
    }

    [Fact]
    public async Task A_process_that_does_not_say_yet_what_it_is_is_looked_at_until_it_does()
    {
        // Neither a command nor variables: it becomes another program, which takes long on a machine under load.
        const int Silent = 20;
        var looks = 0;
        var running = new RunningCommands(_folder) { Look = () => [++looks <= Silent ? Child with { Parent = 1 } : Child] };

        (await running.StillRunning(Shell, CancellationToken.None)).ShouldBe(["quick"]);

        looks.ShouldBeGreaterThan(Silent);
    }

    [Fact]
    public async Task A_process_that_says_its_command_and_no_variables_is_soon_somebody_elses()
    {
        using var stranger = Process.Start(new ProcessStartInfo("env", ["-i", "sleep", "300"]) { WorkingDirectory = "/" })!;
        while (ProcessTable.Find(stranger.Id) is not { Name: "sleep" } || !ProcessTable.HasCommandLine(stranger.Id))
        {
            await Task.Delay(1);
        }

        var looks = 0;
        var running = new RunningCommands(_folder) { Look = Stranger };

        (await running.StillRunning(Shell, CancellationToken.None)).ShouldBeEmpty();

        looks.ShouldBe(3);
        stranger.Kill();

        IEnumerable<ProcessStatus> Stranger()
        {
            looks++;
            return [Child with { Id = stranger.Id, Parent = 1 }];
        }
    }

    [Fact]
    public async Task What_has_ended_after_a_slow_look_was_not_left()
    {
        var looks = 0;
        var running = new RunningCommands(_folder) { Look = Slowly };

        (await running.StillRunning(Shell, CancellationToken.None)).ShouldBeEmpty();

        looks.ShouldBe(2);

        IEnumerable<ProcessStatus> Slowly()
        {
            Wait();
            return ++looks == 1 ? [Child] : [];
        }
    }

    [Fact]
    public async Task What_ran_before_the_shell_and_what_this_program_has_started_is_not_the_builds()
    {
        using var own = Start();
        var status = ProcessTable.Find(own.Id).ShouldNotBeNull();
        status.Parent.ShouldBe(Environment.ProcessId);
        status.StartTime.ShouldBePositive();

        // As an orphan it would be: it works in the build's folder.
        (await Left(status with { Parent = 1 })).ShouldBe(["sleep"]);
        (await Left(status)).ShouldBeEmpty();
        (await Left(status with { Parent = 1, StartTime = status.StartTime - 1 })).ShouldBeEmpty();
        own.Kill();

        async Task<IReadOnlyList<string>> Left(ProcessStatus shown)
        {
            var running = new RunningCommands(_folder) { Look = () => [shown] };
            running.Began(own.Id);
            return await running.StillRunning(shell: null, CancellationToken.None);
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo("sleep", "300") { WorkingDirectory = _folder })!;

    private static void Wait()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(SlowLook);
    }
}
