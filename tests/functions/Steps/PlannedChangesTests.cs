using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Steps;

/// <summary>What a deployment changes is held to the rule by which its plan was approved.</summary>
public sealed class PlannedChangesTests
{
    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps: { api: { stack: inventory-dev-api, template: api.yaml } }
            """
        ),
        ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
    );

    [Fact]
    public async Task A_recorded_rule_holds_where_the_file_that_is_deployed_has_none() =>
        (await Should.ThrowAsync<PlanChangedException>(Check(Rule(ApprovalReason.Removals), "one"))).Message.ShouldBe(
            "step api would change what plan one could not show, and has changed nothing; plan again\n"
                + "Orders AWS::DynamoDB::Table is removed"
        );

    [Fact]
    public async Task A_recorded_rule_that_asks_about_something_else_refuses_nothing() =>
        await Check(Rule(ApprovalReason.Replacements), "one");

    [Fact]
    public async Task What_the_plan_shows_is_not_refused() => await Check(Rule(ApprovalReason.Removals), "one", isShown: true);

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "one")]
    public async Task Without_a_plan_or_a_rule_nothing_is_refused(bool hasRule, string? plan) =>
        await Check(hasRule ? Rule(ApprovalReason.Removals) : null, plan);

    private static ApprovalSpec Rule(ApprovalReason reason) => new([reason], ApprovalSpec.UsualExpiry);

    /// <summary>A table is about to be removed.</summary>
    /// <param name="recorded">The rule that the deployment's record has.</param>
    /// <param name="plan">The plan that is deployed.</param>
    /// <param name="isShown">Whether the plan shows the removal.</param>
    private static async Task Check(ApprovalSpec? recorded, string? plan, bool isShown = false)
    {
        await using var desk = await Desk.Open();
        var removal = new StackChange("Orders", "AWS::DynamoDB::Table", ChangeKind.Removed, []);
        if (isShown)
        {
            var shown = new StepPlan
            {
                Step = "api",
                Kind = "stack",
                Action = PlannedAction.Update,
            };
            await desk.Ledger.Put(StepPlan.Key(new(plan!), "api"), shown.With(StackChange.Part, [removal]));
        }

        var record = new TaskRecord
        {
            Deployment = new("two"),
            Step = "api",
            Task = "stack",
            Kind = "stack",
        };
        using var entered = desk.Run(Folder, record, StubbedAccount.With());
        using var run = new StepRun(
            desk.Ledger,
            entered.Deployment with
            {
                Plan = plan is null ? null : new DeploymentId(plan),
                Approval = recorded,
            },
            entered.Source,
            entered.Target,
            entered.Account,
            entered.Released,
            record,
            token: null
        );

        await new PlannedChanges(desk.Ledger).RefuseUnplanned(run, StackChange.Part, [removal.ToPlannedChange()]);
    }
}
