using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Pipelines;
using NSubstitute;

namespace Deployer.Functions.Tests.Pipeline;

/// <summary>
/// Which manual approval counts: one of the execution that made the plan, after the plan, that succeeded.
/// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html
/// </summary>
public sealed class PipelineApprovalTests : IAsyncLifetime
{
    private const string PlanExecution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan-1";
    private static readonly DateTime PlannedAt = new(2026, 11, 2, 9, 0, 0, DateTimeKind.Utc);
    private static readonly DeploymentId Id = new("plan-1");

    private readonly List<ListActionExecutionsRequest> _asked = [];
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task The_approval_of_this_execution_after_the_plan_is_written_down_with_its_name_and_time()
    {
        await Keep(Plan());

        await Find([Made()], [Answer()]);

        (await Kept()).ShouldBe(
            new ApprovalRecord(Id, "d1", Approved: true, "arn:aws:iam::222222222222:user/jane", new(PlannedAt.AddMinutes(10)), "looks good")
        );
        _asked.Count.ShouldBe(2, "both pages");
        _asked.ShouldAllBe(request => request.PipelineName == "pipeline-1" && request.Filter.PipelineExecutionId == "execution-1");
    }

    public static TheoryData<string> Insufficient =>
        new("nothing", "before the plan", "in progress", "not answered in time", "another kind of action", "of another provider");

    [Theory]
    [MemberData(nameof(Insufficient))]
    public async Task Nothing_else_counts(string what)
    {
        await Keep(Plan());
        ActionExecutionDetail[] answers = what switch
        {
            "nothing" => [],
            "before the plan" => [Answer(minutes: -1)],
            "in progress" => [Answer(status: ActionExecutionStatus.InProgress)],
            "not answered in time" => [Answer(status: ActionExecutionStatus.Failed, by: null)],
            "another kind of action" => [Answer(category: ActionCategory.Invoke)],
            _ => [Answer(provider: "Lambda")],
        };

        (await Should.ThrowAsync<ApprovalNeededException>(Find([Made()], answers))).Message.ShouldBe(
            "no manual approval of the execution execution-1 of the pipeline pipeline-1 has succeeded after plan plan-1 was made; "
                + "approval: true"
        );

        (await Kept()).ShouldBeNull();
    }

    [Theory]
    [InlineData("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan-2", true)]
    [InlineData(PlanExecution, false)]
    public async Task A_plan_that_no_action_of_this_execution_has_made_is_refused(string execution, bool succeeded)
    {
        await Keep(Plan());
        var made = Made(execution, succeeded ? ActionExecutionStatus.Succeeded : ActionExecutionStatus.Failed);

        (await Should.ThrowAsync<ApprovalNeededException>(Find([made], [Answer()]))).Message.ShouldBe(
            "no action of the execution execution-1 of the pipeline pipeline-1 has made plan plan-1"
        );

        (await Kept()).ShouldBeNull();
    }

    [Fact]
    public async Task A_rejection_is_written_down_and_no_later_approval_of_a_retried_stage_takes_it_back()
    {
        await Keep(Plan());

        (
            await Should.ThrowAsync<ApprovalNeededException>(
                Find([Made()], [Answer(status: ActionExecutionStatus.Failed), Answer(minutes: 20)])
            )
        ).Message.ShouldStartWith("plan plan-1 was rejected by arn:aws:iam::222222222222:user/jane in the execution execution-1");

        (await Kept())!.Approved.ShouldBeFalse();
        (await Should.ThrowAsync<ApprovalNeededException>(Find([Made()], [Answer(minutes: 20)]))).Message.ShouldEndWith(
            "; make another plan: retry all actions of the stage that failed if it makes the plan itself, else start the pipeline again"
        );
    }

    [Fact]
    public async Task Without_the_pipeline_in_the_parameters_it_says_what_is_missing()
    {
        await Keep(Plan());

        (
            await Should.ThrowAsync<ApprovalNeededException>(
                Approval([], []).Find(new UserParameters("inventory", "dev", null, null, null, null) { Plan = Id.Value })
            )
        ).Message.ShouldContain("expected \"pipeline\" and \"execution\"");

        _asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_needs_none_asks_for_none()
    {
        await Keep(Plan() with { NeedsApproval = [] });

        await Find([Made()], []);

        (await Kept()).ShouldBeNull();
    }

    /// <summary>In a pipeline people are asked all the same: who has said yes is recorded.</summary>
    [Fact]
    public async Task Who_approves_a_plan_that_needs_no_approval_is_written_down_too()
    {
        await Keep(Plan() with { NeedsApproval = [] });

        await Find([Made()], [Answer()]);

        (await Kept())!.By.ShouldBe("arn:aws:iam::222222222222:user/jane");
    }

    private static PlanRecord Plan() =>
        new()
        {
            Plan = Id,
            Execution = new(PlanExecution),
            Request = new DeploymentRequest("inventory", "dev", new SourceObject("bucket", "sources/inventory/files.zip")),
            Source = "files",
            Digest = "d1",
            BegunAt = new(PlannedAt),
            NeedsApproval = ["approval: true"],
        };

    private static ActionExecutionDetail Made(string execution = PlanExecution, ActionExecutionStatus? status = null) =>
        new()
        {
            ActionName = "Plan",
            Status = status ?? ActionExecutionStatus.Succeeded,
            LastUpdateTime = PlannedAt,
            Input = new ActionExecutionInput
            {
                ActionTypeId = new ActionTypeId { Category = ActionCategory.Invoke, Provider = "Lambda" },
            },
            Output = new ActionExecutionOutput { ExecutionResult = new ActionExecutionResult { ExternalExecutionId = execution } },
        };

    private static ActionExecutionDetail Answer(
        int minutes = 10,
        ActionExecutionStatus? status = null,
        ActionCategory? category = null,
        string provider = "Manual",
        string? by = "arn:aws:iam::222222222222:user/jane"
    ) =>
        new()
        {
            ActionName = "Approve",
            Status = status ?? ActionExecutionStatus.Succeeded,
            UpdatedBy = by,
            LastUpdateTime = PlannedAt.AddMinutes(minutes),
            Input = new ActionExecutionInput
            {
                ActionTypeId = new ActionTypeId { Category = category ?? ActionCategory.Approval, Provider = provider },
            },
            Output = new ActionExecutionOutput { ExecutionResult = new ActionExecutionResult { ExternalExecutionSummary = "looks good" } },
        };

    private Task Keep(PlanRecord plan) => _desk.Ledger.Put(PlanRecord.Key(plan.Plan), plan);

    private Task<ApprovalRecord?> Kept() => _desk.Ledger.Read(ApprovalRecord.KeyOfPipeline(Id));

    private Task Find(ActionExecutionDetail[] first, ActionExecutionDetail[] second) =>
        Approval(first, second)
            .Find(
                new UserParameters("inventory", "dev", null, null, null, null)
                {
                    Plan = Id.Value,
                    Pipeline = "pipeline-1",
                    Execution = "execution-1",
                }
            );

    private PipelineApproval Approval(ActionExecutionDetail[] first, ActionExecutionDetail[] second)
    {
        var codePipeline = Substitute.For<IAmazonCodePipeline>();
        codePipeline
            .ListActionExecutionsAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                var request = call.Arg<ListActionExecutionsRequest>();
                _asked.Add(request);
                return request.NextToken is null
                    ? new ListActionExecutionsResponse { ActionExecutionDetails = [.. first], NextToken = "second" }
                    : new ListActionExecutionsResponse { ActionExecutionDetails = [.. second] };
            });
        _desk.CodePipeline = codePipeline;
        return new PipelineApproval(_desk, new PlanApprovals(_desk.Ledger), _desk.Ledger);
    }
}
