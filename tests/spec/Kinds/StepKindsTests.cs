using Deployer.Spec.Kinds;

namespace Deployer.Spec.Tests.Kinds;

public sealed class StepKindsTests
{
    [Fact]
    public void A_kind_is_found_by_the_key_that_says_it()
    {
        foreach (var kind in StepKinds.BuiltIn.All)
        {
            StepKinds.BuiltIn.Find(kind.Key).ShouldBe(kind);
        }

        StepKinds.BuiltIn.Find("queue").ShouldBeNull();
        StepKinds.BuiltIn.Find("Stack").ShouldBeNull();
    }

    /// <summary>A step with keys of two kinds would be of the first of them.</summary>
    [Fact]
    public void No_kind_has_the_key_of_another() =>
        StepKinds.BuiltIn.All.Select(kind => kind.Key).ShouldBe(["stack", "ions", "endpoint", "service", "transactor"]);

    [Fact]
    public void The_key_of_a_kind_is_required_and_every_kind_has_after()
    {
        foreach (var kind in StepKinds.BuiltIn.All)
        {
            kind.Shape.Keys[0].Required.ShouldBeTrue(kind.Key);
            kind.Shape.Keys.ShouldContain(key => key.Name == "after", kind.Key);
            kind.Shape.Keys.Select(key => key.Name).ShouldBeUnique(kind.Key);
        }
    }

    [Fact]
    public void Another_kind_comes_last_and_changes_nothing_of_the_others()
    {
        var known = StepKinds.BuiltIn.All[0];

        StepKinds.BuiltIn.With(known).All.ShouldBe([.. StepKinds.BuiltIn.All, known]);
        StepKinds.BuiltIn.All.Count.ShouldBe(5);
    }
}
