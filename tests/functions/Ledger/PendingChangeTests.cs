using Deployer.Functions.Ledger;

namespace Deployer.Functions.Tests.Ledger;

public sealed class PendingChangeTests
{
    private static readonly DateTimeOffset Noon = new(2040, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Noon + TimeSpan.FromHours(1);
    private static readonly PendingChange None = new() { Service = "inventory", Target = "dev" };

    [Fact]
    public void The_same_change_again_is_not_named_again_until_a_look_knows_it()
    {
        var due = None.With(Change("UPDATE_COMPLETE"));

        due.With(Change("UPDATE_COMPLETE")).ShouldBeSameAs(due, "an event that comes twice");
        due.With(Change("UPDATE_COMPLETE", seconds: 4)).ShouldBeSameAs(due, "a storm is few writes");
        due.With(Change("UPDATE_COMPLETE", minutes: 3)).Changes.ShouldBe(due.Changes);
        due.Looking().With(Change("UPDATE_COMPLETE", minutes: 3)).Changes.Count.ShouldBe(2);
    }

    /// <summary>Two operations without a token are the same change; reads may be late after each of them.</summary>
    [Fact]
    public void What_is_not_named_again_is_later_all_the_same_and_makes_no_look_due_by_itself()
    {
        var due = None.With(Change("UPDATE_COMPLETE")).With(Change("UPDATE_COMPLETE", minutes: 3));

        due.LastChange.ShouldBe(Noon + TimeSpan.FromMinutes(3));
        due.With(Change("UPDATE_COMPLETE", minutes: 1)).LastChange.ShouldBe(Noon + TimeSpan.FromMinutes(3));
        due.Looking().Looked(plan: null, Later).LastChange.ShouldBeNull();
        var storm = Enumerable.Range(0, 20).Aggregate(None, (record, number) => record.With(Change($"{number}")));
        storm.With(Change("one more", minutes: 2)).LastChange.ShouldBe(Noon + TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void What_comes_while_a_look_compares_makes_another_one_due()
    {
        var looking = None.With(Change("UPDATE_IN_PROGRESS")).Looking();

        var undisturbed = looking.Looked(plan: null, Later);
        var again = looking.With(Change("UPDATE_COMPLETE", minutes: 1)).Looked(plan: null, Later);

        (undisturbed.Number, undisturbed.Changes.Count, undisturbed.LastChange).ShouldBe((2L, 0, null));
        again.Changes.ShouldHaveSingleItem().What.ShouldBe("UPDATE_COMPLETE");
        (again.Number, again.Known, again.LastChange).ShouldBe((2L, 0, Noon + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_last_change_is_the_latest_whatever_came_first() =>
        None.With(Change("B", minutes: 5)).With(Change("A", minutes: 2)).LastChange.ShouldBe(Noon + TimeSpan.FromMinutes(5));

    [Fact]
    public void A_storm_of_many_sorts_does_not_grow_without_end_and_still_makes_another_look_due()
    {
        var due = None;
        for (var number = 0; number < 500; number++)
        {
            due = due.With(Change($"{number}"));
        }

        due.Changes.Count.ShouldBe(20);
        due.Looking().With(Change("later")).Changes.Count.ShouldBe(21);
    }

    /// <summary>A look in the middle of a storm may have read what was before the last changes.</summary>
    [Fact]
    public void What_a_look_may_have_read_too_early_makes_another_one_due()
    {
        var looking = None.With(Change("A")).With(Change("B", minutes: 9)).Looking();

        looking.FirstChange.ShouldBe(Noon);
        var left = looking.Looked(plan: null, Noon + TimeSpan.FromMinutes(8));
        left.Changes.ShouldBe([Change("B", minutes: 9)]);
        (left.FirstChange, left.Known).ShouldBe((Noon + TimeSpan.FromMinutes(9), 0));
        looking.Looked(plan: null, Noon + TimeSpan.FromMinutes(9)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_change_that_is_not_named_and_that_a_look_may_have_read_too_early_makes_another_one_due()
    {
        var looking = None.With(Change("A")).With(Change("A", minutes: 9)).Looking();

        looking.Looked(plan: null, Noon + TimeSpan.FromMinutes(8)).Changes.ShouldBe([Change("A", minutes: 9)]);
        looking.Looked(plan: null, Noon + TimeSpan.FromMinutes(9)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_plan_is_kept_with_the_look_that_began_it()
    {
        var looked = None.With(Change("UPDATE_COMPLETE")).Looking().Looked(new DeploymentId("plan"), Later);

        looked.Plan.ShouldBe(new BegunPlan(new DeploymentId("plan"), 1));
        looked.With(Change("UPDATE_COMPLETE")).Looking().Looked(plan: null, Later).Plan.ShouldBe(looked.Plan);
    }

    [Fact]
    public void A_deployment_that_others_follow_makes_one_more_look_due_however_often_it_is_said()
    {
        var deployment = new DeploymentId("changed-1");

        var due = None.Followed(deployment, ["b", "c"], Noon);

        due.Changes.ShouldBe([new OutsideChange("deployment changed-1", "succeeded, before b, c", null, Noon)]);
        due.Chain.ShouldBe([deployment]);
        var again = due.Followed(deployment, ["b", "c"], Noon + TimeSpan.FromMinutes(1));
        (again.Changes.Count, again.Chain.Count).ShouldBe((1, 1));
    }

    [Fact]
    public void The_deployments_one_after_another_are_counted_until_nothing_follows()
    {
        var due = None.Followed(new DeploymentId("changed-1"), ["b"], Noon).Looking();

        due.Looked(plan: null, Later, continues: true).Chain.Count.ShouldBe(1);
        due.Looked(plan: null, Later).Chain.ShouldBeEmpty();
    }

    private static OutsideChange Change(string what, int minutes = 0, int seconds = 0) =>
        new("stack", what, "token", Noon + new TimeSpan(0, minutes, seconds));
}
