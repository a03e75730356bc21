using System.Diagnostics;
using System.Text;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Tests.Processes;

public sealed class ProcessTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;

    public static bool IsLinux => OperatingSystem.IsLinux();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Skip = "only Linux has /proc", SkipUnless = nameof(IsLinux))]
    public void A_process_may_have_any_name()
    {
        var program = Path.Combine(_folder, "x) Z 1 (y");
        File.CreateSymbolicLink(program, "/bin/sleep");
        using var process = Process.Start(program, "300");

        var status = Until(() => ProcessTable.Find(process.Id), found => found?.Name == "x) Z 1 (y");

        process.Kill();
        status.ShouldNotBeNull();
        status.Parent.ShouldBe(Environment.ProcessId);
        status.StartTime.ShouldBeGreaterThan(0);
    }

    [Fact(Skip = "only Linux has /proc", SkipUnless = nameof(IsLinux))]
    public void Its_variables_are_read_whole_and_so_are_its_folder_and_files()
    {
        var value = new string('v', 20_000);
        var start = new ProcessStartInfo("sleep", "300") { WorkingDirectory = _folder, Environment = { ["LONG"] = value } };
        using var process = Process.Start(start)!;

        var variables = Until(
            () => Encoding.UTF8.GetString(ProcessTable.Environment(process.Id)),
            text => text.Contains("LONG=", StringComparison.Ordinal)
        );
        var files = ProcessTable.Files(process.Id).ToList();

        process.Kill();
        variables.Split('\0').ShouldContain($"LONG={value}");
        files.ShouldContain(_folder);
    }

    [Fact(Skip = "only Linux has /proc", SkipUnless = nameof(IsLinux))]
    public void One_that_has_ended_is_none()
    {
        using var process = Process.Start("true");
        process.WaitForExit();

        ProcessTable.Find(process.Id).ShouldBeNull();
        ProcessTable.Environment(process.Id).IsEmpty.ShouldBeTrue();
        ProcessTable.Files(process.Id).ShouldBeEmpty();
        ProcessTable.Living().ShouldContain(living => living.Id == Environment.ProcessId);
    }

    // A process that has been started is this program for a moment before it becomes another.
    private static T Until<T>(Func<T> read, Func<T, bool> isThere)
    {
        for (var attempts = 0; attempts < 500 && !isThere(read()); attempts++)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromMilliseconds(10));
        }

        return read();
    }
}
