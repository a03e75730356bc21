using Deployer.Functions.Services;

namespace Deployer.Functions.Tests.Services;

/// <summary>The lines of a cause about tasks that stopped.</summary>
public sealed class StoppedTasksTests
{
    private const string Killed = "1 task stopped: Essential container in task exited, container web exited with 137: OutOfMemoryError";
    private const string Failed = "2 tasks stopped: Essential container in task exited, container web exited with 1";
    private const string Line = "log /shop: {\"level\":\"ERROR\"}";

    [Fact]
    public void What_was_killed_for_its_memory_is_named_first_and_lines_of_logs_follow_all_reasons() =>
        StoppedTasks
            .InOrder([Failed, Line], [Killed, "log /shop: exited with 137"])
            .ShouldBe([Killed, Failed, Line, "log /shop: exited with 137"]);
}
