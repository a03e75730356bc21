using Deployer.Cli.Output;
using Deployer.Cli.Plans;
using Deployer.Functions.Ions;
using Deployer.Functions.Plans;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Cli.Tests.Plans;

public sealed class PlanViewTests
{
    private static readonly StepPlan Ions = new()
    {
        Step = "ions",
        Kind = "ions",
        Subject = "inventory-dev",
        Action = PlannedAction.Release,
        LimitMinutes = 25,
    };

    [Fact]
    public void Libraries_are_shown_with_what_happens_to_them() =>
        Written(
                Ions.With(
                    LibraryPlan.Part,
                    [
                        new LibraryChange("acme/gone", "1", null),
                        new LibraryChange("acme/moved", "1", "2"),
                        new LibraryChange("acme/new", null, "3"),
                    ]
                )
            )
            .ShouldContain(
                """
                ions: release ions inventory-dev (at most 25 minutes)
                  -   acme/gone 1
                  ~   acme/moved 1 -> 2
                  +   acme/new 3
                """
            );

    [Fact]
    public void Each_line_of_a_problem_is_indented() =>
        Written(Ions with { Problem = "IonsPreflightException: one\ntwo" })
            .ShouldContain(
                """
                  would fail: IonsPreflightException: one
                    two
                """
            );

    [Fact]
    public void Changes_are_shown_with_their_risk_and_wrapped_at_word_ends() =>
        Written(
                (Ions with { Action = PlannedAction.Update }).With(
                    StackChange.Part,
                    [
                        new StackChange(
                            "LoadBalancer",
                            "AWS::ElasticLoadBalancingV2::LoadBalancer",
                            ChangeKind.Replaced,
                            ["Name", "Scheme"],
                            "its address changes"
                        ),
                    ]
                )
            )
            .ShouldContain(
                """
                  -/+ LoadBalancer AWS::ElasticLoadBalancingV2::LoadBalancer
                      (Name, Scheme)
                      ! its address changes
                """
            );

    [Fact]
    public void A_step_without_changes_is_shown_as_such() =>
        Written(Ions with { Action = PlannedAction.None }).ShouldContain("ions: no changes ions inventory-dev\n");

    /// <summary>What the summary has said is not said again as the reason.</summary>
    [Fact]
    public void A_plan_that_needs_an_approval_whatever_it_changes_says_how_much_that_is_once()
    {
        var plan = new ServicePlan("inventory", "dev", null, [Ions]);

        var everything = Written(plan with { NeedsApproval = [plan.Extent()] });
        var risky = Written(plan with { NeedsApproval = ["1 change is risky"] });

        everything.ShouldContain("needs an approval, as every change of this target does");
        everything.Split("have something to do").Length.ShouldBe(2);
        risky.ShouldContain("needs an approval: 1 change is risky");
    }

    private static string Written(StepPlan step) => Written(new ServicePlan("inventory", "dev", null, [step]));

    private static string Written(ServicePlan plan)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new PlanView([LibraryPlan.Part, StackChange.Part]).Show(plan, new Screen(output, width: 60));
        return output.ToString();
    }
}
