using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Approvals;

/// <summary>What is deployed is what was approved: the guard that every request with a plan passes.</summary>
public sealed class PlanApprovalsTests : IAsyncLifetime
{
    private const string Digest = "d1";
    private static readonly DateTimeOffset ApprovedAt = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentId Id = new("plan-1");

    private Desk _desk = null!;

    private PlanApprovals Approvals => new(_desk.Ledger);

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task The_same_files_of_the_same_commit_to_the_same_target_are_deployed_under_the_plan_and_its_approval()
    {
        await Approved();

        var admitted = await Admit(Asked());

        (admitted.Plan, admitted.PlanDigest, admitted.ApprovedBy).ShouldBe((Id, Digest, "jane"));
        (await _desk.Ledger.Read(PlanRecord.Key(Id)))!.DeployedBy.ShouldBe(Asked().Execution);
    }

    /// <summary>
    /// Who may approve plans may write such a record. Of a pipeline's plan it says nothing, else the pipeline's own approval could be
    /// passed by; and what an earlier version wrote there has been deployed already.
    /// </summary>
    [Fact]
    public async Task An_approval_that_a_person_wrote_does_not_count_for_the_plan_of_a_pipeline()
    {
        var plan = Plan() with { Request = Plan().Request with { Pipeline = "inventory-pipeline", PipelineExecution = "one" } };
        await Approved(plan);

        (await Should.ThrowAsync<ApprovalNeededException>(Admit(Asked()))).Message.ShouldBe(
            "nobody has approved plan plan-1; approval: true"
        );
        await Keep(plan with { DeployedBy = Asked().Execution });
        (await Admit(Asked())).ApprovedBy.ShouldBe("jane");

        await Keep(plan);
        await Approvals.Decide(plan, Approval() with { By = "joe" }, inPipeline: true);
        (await Admit(Asked())).ApprovedBy.ShouldBe("joe");
        await Keep(Approval() with { Approved = false, By = "ann" });
        (await Should.ThrowAsync<ApprovalNeededException>(Admit(Asked()))).Message.ShouldContain("was rejected by ann");
    }

    public static TheoryData<string, string> Others =>
        new()
        {
            { "files", "plan plan-1 is of other files than these; plan again" },
            { "revision", "plan plan-1 is of revision abc, not of def; plan again" },
            { "steps", "plan plan-1 is of other steps; plan again" },
            { "target", "plan plan-1 is of inventory to dev, not of inventory to prod; plan again" },
            { "service", "plan plan-1 is of inventory to dev, not of orders to dev; plan again" },
            { "accepted drift", "plan plan-1 is of a deployment that does not accept what was changed by hand; plan again" },
            { "rollback", "plan plan-1 is of no rollback, not of a rollback to abc; plan again" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Anything_else_is_not(string what, string sentence)
    {
        await Approved();
        var asked = what switch
        {
            "files" => Asked() with { Digest = "other" },
            "revision" => Asked() with { Revision = "def" },
            "steps" => Asked() with { Only = ["api"] },
            "target" => Asked() with { Target = "prod" },
            "service" => Asked() with { Service = "orders" },
            "accepted drift" => Asked() with { AcceptsDrift = true },
            _ => Asked() with { RollbackTo = "abc" },
        };

        (await Should.ThrowAsync<PlanChangedException>(Admit(asked))).Message.ShouldBe(sentence);

        (await _desk.Ledger.Read(PlanRecord.Key(Id)))!.DeployedBy.ShouldBeNull();
    }

    [Fact]
    public async Task An_approval_is_of_a_digest()
    {
        await Approved(digest: "d2");

        (await Should.ThrowAsync<PlanChangedException>(Admit(Asked()))).Message.ShouldBe(
            "the approval by jane is of the digest d2, and plan plan-1 has d1"
        );
    }

    [Fact]
    public async Task A_plan_that_nobody_has_approved_is_not_deployed()
    {
        await Keep(Plan());

        (await Should.ThrowAsync<ApprovalNeededException>(Admit(Asked()))).Message.ShouldBe(
            "nobody has approved plan plan-1; approval: true"
        );
    }

    [Fact]
    public async Task A_plan_that_somebody_has_rejected_is_not_deployed_even_if_it_needed_no_approval()
    {
        await Keep(Plan() with { NeedsApproval = [] });
        await Keep(Approval() with { Approved = false, Reason = "not today" });

        (await Should.ThrowAsync<ApprovalNeededException>(Admit(Asked()))).Message.ShouldBe(
            "plan plan-1 was rejected by jane at 2026-11-02 09:00:00Z: not today"
        );
    }

    /// <summary>In a pipeline it waits for a person all the same, and for the stage.</summary>
    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public async Task A_plan_that_needed_no_approval_is_not_deployed_either_once_a_newer_one_takes_its_place(int minutes, bool deployed)
    {
        var begun = ApprovedAt.AddMinutes(-10);
        await Keep(Plan() with { NeedsApproval = [], BegunAt = begun });
        await Keep(Plan() with { Plan = new("plan-2"), NeedsApproval = [], BegunAt = begun.AddMinutes(minutes) });
        await _desk.Ledger.Put(NewestPlan.Key("inventory", "dev"), new NewestPlan(new("plan-2"), begun.AddMinutes(minutes)));

        var admitted = Admit(Asked());

        if (deployed)
        {
            (await admitted).Plan.ShouldBe(Id);
            return;
        }

        (await Should.ThrowAsync<SupersededException>(admitted)).Message.ShouldBe(
            "plan plan-1 is superseded by the newer plan plan-2 of inventory to dev, which needs no approval"
        );
        (await _desk.Ledger.Read(PlanRecord.Key(Id)))!.DeployedBy.ShouldBeNull();
    }

    [Fact]
    public void What_was_kept_with_control_characters_steers_no_terminal() =>
        (Approval() with { Approved = false, Reason = "not\r\ntoday\u001b[2J\u009b" }).Sentence.ShouldBe(
            "rejected by jane at 2026-11-02 09:00:00Z: not today?[2J?"
        );

    [Theory]
    [InlineData(null)]
    [InlineData("unfinished")]
    public async Task A_plan_that_is_unknown_or_not_finished_is_not_deployed(string? kept)
    {
        if (kept is not null)
        {
            await Keep(Plan() with { Digest = null });
        }

        (await Should.ThrowAsync<ApprovalNeededException>(Admit(Asked()))).Message.ShouldStartWith("there is no plan 'plan-1'");
    }

    [Fact]
    public async Task A_plan_with_a_step_that_would_fail_is_not_deployed()
    {
        await Approved(Plan() with { Problems = 2 });

        (await Should.ThrowAsync<PlanChangedException>(Admit(Asked()))).Message.ShouldStartWith("2 steps of plan plan-1 would fail");
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public async Task An_approval_holds_as_long_as_the_file_says(int minutes, bool holds)
    {
        await Approved();
        var target = Target("{ expireAfter: 1h }");

        var admitted = Approvals.Admit(Asked(), target, Id.Value, ApprovedAt.AddMinutes(minutes));

        if (holds)
        {
            (await admitted).ApprovedBy.ShouldBe("jane");
        }
        else
        {
            (await Should.ThrowAsync<ApprovalNeededException>(admitted)).Message.ShouldBe(
                "the approval of plan plan-1 by jane has expired at 2026-11-02 10:00:00Z; plan again"
            );
        }
    }

    /// <summary>In a pipeline somebody approves it all the same, and its stage may be retried days later.</summary>
    [Fact]
    public async Task An_approval_that_is_not_needed_does_not_expire()
    {
        await Approved(Plan() with { NeedsApproval = [] });

        var admitted = await Approvals.Admit(Asked(), Target("{ expireAfter: 1h }"), Id.Value, ApprovedAt.AddHours(30));

        admitted.ApprovedBy.ShouldBe("jane");
    }

    [Fact]
    public async Task A_target_with_a_rule_takes_no_request_without_a_plan()
    {
        (await Should.ThrowAsync<ApprovalNeededException>(Approvals.Admit(Asked(), Target(), null, ApprovedAt))).Message.ShouldStartWith(
            "inventory is deployed to dev by an approved plan only"
        );
    }

    [Fact]
    public async Task What_is_decided_once_stays()
    {
        await Approved();

        (
            await Should.ThrowAsync<ApprovalNeededException>(Approvals.Decide(Plan(), Approval() with { Approved = false, By = "joe" }))
        ).Message.ShouldBe("plan plan-1 was approved by jane at 2026-11-02 09:00:00Z; make another plan");
        (await Approvals.Decide(Plan(), Approval() with { By = "joe" })).By.ShouldBe("jane");
    }

    [Fact]
    public async Task What_an_approved_plan_deploys_is_stopped_rather_than_rejected()
    {
        const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one";
        await Approved();

        (
            await Should.ThrowAsync<ApprovalNeededException>(
                Approvals.Decide(Plan() with { DeployedBy = new ExecutionArn(Execution) }, Approval() with { Approved = false, By = "joe" })
            )
        ).Message.ShouldBe(
            $"plan plan-1 was approved by jane at 2026-11-02 09:00:00Z; {Execution} deploys it, "
                + "which on AWS 'deployer stop' stops while it runs"
        );
    }

    [Theory]
    [InlineData(false, "has failed to deploy it, as 'deployer watch' says; make another plan")]
    [InlineData(true, "has deployed it")]
    public async Task Where_the_deployment_of_a_plan_has_ended_nothing_is_stopped(bool succeeded, string next)
    {
        await Approved();
        await _desk.Ledger.Put(DeploymentRecord.Key(Asked().Deployment), Asked() with { Closed = true, Succeeded = succeeded });

        (
            await Should.ThrowAsync<ApprovalNeededException>(
                Approvals.Decide(Plan() with { DeployedBy = Asked().Execution }, Approval() with { Approved = false, By = "joe" })
            )
        ).Message.ShouldBe($"plan plan-1 was approved by jane at 2026-11-02 09:00:00Z; {Asked().Execution} {next}");
    }

    /// <summary>Its end would be as late as whoever writes it likes.</summary>
    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public async Task An_approval_of_a_time_that_is_yet_to_come_counts_for_nothing(int minutes, bool counts)
    {
        await Keep(Plan());
        await Keep(Approval() with { At = ApprovedAt.AddMinutes(minutes) });

        var admitted = Approvals.Admit(Asked(), Target(), Id.Value, ApprovedAt);

        if (counts)
        {
            (await admitted).ApprovedBy.ShouldBe("jane");
        }
        else
        {
            (await Should.ThrowAsync<ApprovalNeededException>(admitted)).Message.ShouldBe(
                "the approval of plan plan-1 by jane is of 2026-11-02 09:16:00Z, which is yet to come; plan again"
            );
        }
    }

    private static PlanRecord Plan() =>
        new()
        {
            Plan = Id,
            Execution = new("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan-1"),
            Request = new DeploymentRequest("inventory", "dev", new SourceObject("bucket", "sources/inventory/files.zip"), "abc"),
            Source = "files",
            Revision = "abc",
            Digest = Digest,
            NeedsApproval = ["approval: true"],
        };

    private static ApprovalRecord Approval() => new(Id, Digest, Approved: true, "jane", ApprovedAt);

    private static DeploymentRecord Asked() =>
        new()
        {
            Deployment = new("one"),
            Execution = new("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one"),
            Service = "inventory",
            Target = "dev",
            Digest = "files",
            Revision = "abc",
            Number = 1,
        };

    private static TargetSpec Target(string approval = "true") =>
        SpecReader
            .Read(
                new MemoryFolder(
                    (
                        "deployer.yaml",
                        $$"""
                        service: inventory
                        targets: { dev: { account: "111111111111", region: us-east-1, approval: {{approval}} } }
                        steps: { api: { stack: "inventory-${target}-api", template: api.yaml } }
                        """
                    ),
                    ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
                )
            )
            .Spec!.TargetOrInstance("dev")!;

    private async Task Approved(PlanRecord? plan = null, string digest = Digest)
    {
        await Keep(plan ?? Plan());
        await Keep(Approval() with { Digest = digest });
    }

    private Task Keep(PlanRecord plan) => _desk.Ledger.Put(PlanRecord.Key(plan.Plan), plan);

    private Task Keep(ApprovalRecord approval) => _desk.Ledger.Put(ApprovalRecord.Key(approval.Plan), approval);

    private Task<DeploymentRecord> Admit(DeploymentRecord asked) => Approvals.Admit(asked, Target(), Id.Value, ApprovedAt.AddMinutes(5));
}
