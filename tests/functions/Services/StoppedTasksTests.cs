using Deployer.Functions.Services;

namespace Deployer.Functions.Tests.Services;

/// <summary>The lines of a cause about tasks that stopped.</summary>
public sealed class StoppedTasksTests
{
    private static readonly DateTime Start = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void What_was_killed_for_its_memory_is_named_first_and_lines_of_logs_follow_all_reasons()
    {
        var (killed, failed) = (At("container web exited with 137: OutOfMemoryError", 9), At("container web exited with 1", 1));
        var (line, other) = (OfLog("log /shop: ERROR", 2), OfLog("log /shop: exited with 137", 3));

        StoppedTasks.InOrder([failed, line], [killed, other]).ShouldBe([killed.Text, failed.Text, line.Text, other.Text]);
    }

    [Fact]
    public void Reasons_and_lines_of_two_services_stand_as_they_happened() =>
        StoppedTasks
            .InOrder([At("a later", 5), OfLog("log a", 4), OfLog("log a later", 8)], [At("b first", 1), OfLog("log b", 6)])
            .ShouldBe(["b first", "a later", "log a", "log b", "log a later"]);

    private static StoppedLine At(string text, int second) => new(text, Start.AddSeconds(second));

    private static StoppedLine OfLog(string text, int second) => At(text, second) with { IsOfLog = true };
}
