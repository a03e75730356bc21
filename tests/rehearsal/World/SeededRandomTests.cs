using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_same_seed_gives_the_same_ids() => new SeededRandom(7).Uuid().ShouldBe(new SeededRandom(7).Uuid());

    [Fact]
    public void Another_seed_gives_other_ids() => new SeededRandom(7).Uuid().ShouldNotBe(new SeededRandom(8).Uuid());

    [Fact]
    public void It_goes_on_after_the_draws_already_made()
    {
        var whole = new SeededRandom(3);
        whole.HexId(10);

        new SeededRandom(3, whole.Drawn).HexId(8).ShouldBe(whole.HexId(8));
    }

    [Fact]
    public void Doubles_lie_between_zero_and_one()
    {
        var random = new SeededRandom(1);
        Enumerable.Range(0, 1000).Select(_ => random.NextDouble()).ShouldAllBe(value => value >= 0 && value < 1);
    }
}
