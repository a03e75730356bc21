namespace Deployer.Functions.Tests.Lock;

/// <summary>The lock alone, under thousands of schedules that a seed decides.</summary>
public sealed class LockScheduleTests
{
    private const int Schedules = 2000;

    [Fact]
    public void No_schedule_leaves_the_lock_held_or_gives_it_to_two()
    {
        var faults = Enumerable.Range(1, Schedules).SelectMany(seed => LockSchedule.Faults(seed).Select(fault => $"seed {seed}: {fault}"));

        faults.Take(10).ShouldBeEmpty();
    }
}
