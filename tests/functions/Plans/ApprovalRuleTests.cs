using Deployer.Functions.Ions;
using Deployer.Functions.Plans;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Tests.Plans;

public sealed class ApprovalRuleTests
{
    private static readonly IReadOnlyList<PlanPart> Parts = [StackChange.Part, LibraryPlan.Part, RemovedLambdas.Part];

    private static readonly StepPlan Stack = new StepPlan
    {
        Step = "table",
        Kind = "stack",
        Action = PlannedAction.Update,
    };

    [Theory]
    [InlineData(ChangeKind.Replaced, null, ApprovalReason.Replacements, true)]
    [InlineData(ChangeKind.Replaced, null, ApprovalReason.Removals, false)]
    [InlineData(ChangeKind.Removed, null, ApprovalReason.Removals, true)]
    [InlineData(ChangeKind.Removed, null, ApprovalReason.Replacements, false)]
    [InlineData(ChangeKind.Modified, "may be replaced", ApprovalReason.Risky, true)]
    [InlineData(ChangeKind.Modified, "may be replaced", ApprovalReason.Replacements, false)]
    [InlineData(ChangeKind.Modified, null, ApprovalReason.Risky, false)]
    [InlineData(ChangeKind.Added, null, ApprovalReason.Removals, false)]
    public void A_rule_asks_about_the_changes_that_it_names(ChangeKind change, string? risk, ApprovalReason reason, bool isAsked)
    {
        var plan = Plan(Stack.With(StackChange.Part, [new StackChange("Orders", "AWS::DynamoDB::Table", change, [], risk)]));

        Reasons(plan, reason).Count.ShouldBe(isAsked ? 1 : 0);
    }

    [Theory]
    [InlineData(true, DriftedResource.Deleted, PlannedAction.Update, true)]
    [InlineData(true, DriftedResource.Unknown, PlannedAction.Update, false)]
    [InlineData(false, DriftedResource.Deleted, PlannedAction.Update, false)]
    [InlineData(true, DriftedResource.Deleted, PlannedAction.None, false)]
    public void By_a_rule_drift_that_is_refused_has_to_be_approved(bool refuses, string drift, PlannedAction action, bool isAsked)
    {
        var plan = Plan(
            Stack with
            {
                Action = action,
                Drift = [new DriftedResource("inventory", "Orders", "AWS::DynamoDB::Table", drift, null, [])],
            }
        );

        ApprovalRule
            .Reasons(new ApprovalSpec([ApprovalReason.Removals], TimeSpan.FromHours(1)), plan, Parts, refuses)
            .ShouldBe(isAsked ? ["table: Orders (AWS::DynamoDB::Table) of stack inventory was deleted by hand"] : []);
    }

    [Fact]
    public void The_reason_names_the_step_the_resource_and_what_can_be_lost()
    {
        var plan = Plan(
            Stack.With(
                StackChange.Part,
                [
                    new StackChange(
                        "Orders",
                        "AWS::DynamoDB::Table",
                        ChangeKind.Replaced,
                        ["KeySchema"],
                        "what it holds is deleted with the old one"
                    ),
                ]
            )
        );

        Reasons(plan, ApprovalReason.Replacements)
            .ShouldBe(["table: Orders AWS::DynamoDB::Table (KeySchema) is replaced: what it holds is deleted with the old one"]);
    }

    [Theory]
    [InlineData(ApprovalReason.Risky, true)]
    [InlineData(ApprovalReason.Replacements, false)]
    public void What_cannot_be_taken_back_is_risky(ApprovalReason reason, bool isAsked)
    {
        var plan = Plan(Stack with { Kind = "transactor", Risks = ["no way back"] });

        Reasons(plan, reason).ShouldBe(isAsked ? ["table: no way back"] : []);
    }

    [Theory]
    [InlineData(ApprovalReason.Removals, true)]
    [InlineData(ApprovalReason.Risky, true)]
    [InlineData(ApprovalReason.Replacements, false)]
    public void A_Lambda_of_ions_that_goes_away_is_a_removal(ApprovalReason reason, bool isAsked)
    {
        var plan = Plan(
            new StepPlan
            {
                Step = "ions",
                Kind = "ions",
                Action = PlannedAction.Release,
            }.With(RemovedLambdas.Part, ["inventory-dev-add-item"])
        );

        Reasons(plan, reason)
            .ShouldBe(isAsked ? ["ions: inventory-dev-add-item AWS::Lambda::Function is removed: what calls it fails from then on"] : []);
    }

    [Fact]
    public void A_library_that_is_gone_is_no_removal_of_a_resource()
    {
        var plan = Plan(
            new StepPlan
            {
                Step = "ions",
                Kind = "ions",
                Action = PlannedAction.Release,
            }.With(LibraryPlan.Part, [new LibraryChange("org.clojure/tools.reader", "1.0", null)])
        );

        Reasons(plan, ApprovalReason.Removals).ShouldBeEmpty();
    }

    [Fact]
    public void A_rule_that_names_nothing_asks_about_every_change_and_about_none_where_there_is_none()
    {
        Reasons(Plan(Stack)).ShouldBe(["1 of 1 steps have something to do"]);
        Reasons(Plan(Stack with { Action = PlannedAction.None })).ShouldBeEmpty();
    }

    [Fact]
    public void A_target_without_a_rule_asks_nobody() =>
        ApprovalRule.Reasons(null, Plan(Stack), Parts, refusesDrift: false).ShouldBeEmpty();

    private static ServicePlan Plan(StepPlan step) => new("orders", "prod", null, [step]);

    private static IReadOnlyList<string> Reasons(ServicePlan plan, params ApprovalReason[] reasons) =>
        ApprovalRule.Reasons(new ApprovalSpec(reasons, TimeSpan.FromHours(1)), plan, Parts, refusesDrift: false);
}
