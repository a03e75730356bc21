using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class SimulatedTimeTests
{
    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(795, "13:15")]
    [InlineData(3723, "1:02:03")]
    [InlineData(90_000, "25:00:00")]
    public void Hours_are_written_where_there_are_any(double seconds, string text) => SimulatedTime.Text(seconds).ShouldBe(text);
}
