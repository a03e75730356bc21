using Deployer.Rehearsal.Lambda;

namespace Deployer.Rehearsal.Tests.Lambda;

public sealed class LogTimesTests
{
    private static readonly DateTimeOffset Now = new(2040, 1, 1, 0, 0, 5, 120, TimeSpan.Zero);

    [Theory]
    [InlineData(
        """{"timestamp":"2026-11-27T19:30:00.123Z","level":"Error"}""",
        """{"timestamp":"2040-01-01T00:00:05.120Z","level":"Error"}"""
    )]
    [InlineData("2026-11-27T19:30:00.123Z\tid\tinfo\tdone", "2040-01-01T00:00:05.120Z\tid\tinfo\tdone")]
    [InlineData("stack changed at 2026-11-27T19:30:00.123Z\t", "stack changed at 2026-11-27T19:30:00.123Z\t")]
    [InlineData("""{"at":"2026-11-27T19:30:00.123Z"}""", """{"at":"2026-11-27T19:30:00.123Z"}""")]
    [InlineData("", "")]
    public void The_time_that_the_runtime_writes_before_a_line_is_the_worlds(string line, string expected) =>
        LogTimes.InWorld(line, Now).ShouldBe(expected);
}
