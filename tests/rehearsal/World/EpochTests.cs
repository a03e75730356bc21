using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class EpochTests
{
    [Fact]
    public void Starts_on_a_whole_day() => Epoch.Start.TimeOfDay.ShouldBe(TimeSpan.Zero);
}
