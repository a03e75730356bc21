using System.Net;
using System.Text.Json;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.OutsideChanges;

/// <summary>What looks decide about plans, and about deployments that follow one another.</summary>
public sealed class ChangeLooksTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentId Plan = new("plan");
    private const string PlanExecution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan";

    private readonly List<StartExecutionRequest> _started = [];
    private Desk _desk = null!;
    private ServiceProvider _services = null!;
    private TargetAccount? _account;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _desk.Hold(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    """
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1, onStackChange: redeploy } }
                    steps: { api: { stack: api, template: api.yaml } }
                    """
                ),
                ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
            )
        );
        _desk.TargetAccount = now => _account ?? StubbedAccount.With(enteredAt: now);
        _services = _desk.Services(
            _desk.Settings with
            {
                StateMachine = "arn:aws:states:us-east-1:222222222222:stateMachine:deploy",
                AllowedTargets = new HashSet<string> { "111111111111" },
            }
        );
        _desk
            .StepFunctions.StartExecutionAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                _started.Add(call.Arg<StartExecutionRequest>());
                return new StartExecutionResponse { ExecutionArn = Desk.Arn(_started[^1].Name) };
            });
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task A_plan_that_would_fail_is_written_down_and_nothing_is_deployed()
    {
        await Begin(
            new PlanRecord
            {
                Plan = Plan,
                Execution = new ExecutionArn(Desk.Arn("plan")),
                Request = new DeploymentRequest("inventory", "dev"),
                Source = "digest",
                Digest = "0123",
                Problems = 2,
            }
        );

        await Look(Now + TimeSpan.FromMinutes(1));

        var look = (await Looks()).ShouldHaveSingleItem();
        (look.Result, look.Reason).ShouldBe((LookResult.Reported, "2 steps of plan plan would fail"));
        (await Pending())!.Plan.ShouldBeNull("it is not followed any more");
        _started.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_is_never_finished_is_given_up_after_an_hour()
    {
        await Begin(plan: null);

        await Look(Now + TimeSpan.FromMinutes(59));
        (await Looks()).ShouldHaveSingleItem().Result.ShouldBe(LookResult.Planned);
        (await Pending())!.Plan.ShouldNotBeNull();
        await Look(Now + TimeSpan.FromMinutes(60));

        var look = (await Looks()).ShouldHaveSingleItem();
        (look.Result, look.Reason).ShouldBe((LookResult.Reported, "plan plan was not finished; see its execution"));
        (await Pending())!.Plan.ShouldBeNull();
        _started.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Why_a_plan_has_failed_is_written_down_by_the_next_sweep(bool begun)
    {
        await Begin(
            begun
                ? new PlanRecord
                {
                    Plan = Plan,
                    Execution = new ExecutionArn(PlanExecution),
                    Request = new DeploymentRequest("inventory", "dev"),
                    Source = "digest",
                }
                : null
        );
        _desk
            .StepFunctions.DescribeExecutionAsync(
                Arg.Is<DescribeExecutionRequest>(request => request.ExecutionArn == PlanExecution),
                Arg.Any<CancellationToken>()
            )
            .Returns(
                new DescribeExecutionResponse
                {
                    Status = Amazon.StepFunctions.ExecutionStatus.FAILED,
                    Error = nameof(AwsRefusedException),
                    Cause = """{ "errorType": "AwsRefusedException", "errorMessage": "s3:PutObject was refused" }""",
                }
            );

        await Look(Now + TimeSpan.FromMinutes(5));

        var look = (await Looks()).ShouldHaveSingleItem();
        (look.Result, look.Reason).ShouldBe((LookResult.Reported, "plan plan failed: AwsRefusedException: s3:PutObject was refused"));
        (await Pending())!.Plan.ShouldBeNull("it is not followed any more");
        _started.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deployments_one_after_another_that_bring_nothing_back_come_to_an_end()
    {
        await DeployedLast();
        var due = new PendingChange { Service = "inventory", Target = "dev" };
        await _desk.Ledger.Put(Key, due.Followed(new DeploymentId("changed-1"), ["api"], Now));

        await Look(Now + TimeSpan.FromMinutes(5));

        var look = (await Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        look.Reason.ShouldBe(
            "1 deployments one after another, changed-1 the last, have not brought back what was deployed: its steps use each other's "
                + "outputs in a circle; deploy one file with all of them"
        );
        _started.ShouldBeEmpty();
        (await Pending())!.Chain.ShouldBeEmpty("the next change by others begins anew");

        await _desk.Ledger.Put(Key, (await Pending())!.With(new OutsideChange("stack", "UPDATE_COMPLETE", null, Now)));
        await Look(Now + TimeSpan.FromMinutes(10));

        (await Looks())[^1].Result.ShouldBe(LookResult.Redeployed);
        _started.ShouldHaveSingleItem().Name.ShouldBe("inventory-dev-changed-2");
    }

    /// <summary>While it looks for drift, which takes minutes, a deployment holds no lock.</summary>
    [Fact]
    public async Task Nothing_is_looked_at_while_a_deployment_is_under_way_that_holds_no_lock()
    {
        await DeployedLast();
        await Changed();
        var newer = await _desk.Deployment("newer");

        await Look(Now + TimeSpan.FromMinutes(5));

        (await Looks()).ShouldBeEmpty();
        _started.ShouldBeEmpty();

        await _desk.Ledger.Delete(OpenDeployment.Key(newer.Deployment));
        await Look(Now + TimeSpan.FromMinutes(10));

        (await Looks()).ShouldHaveSingleItem("its end looks once more").Result.ShouldBe(LookResult.Redeployed);
    }

    /// <summary>What cannot be read may be how it should be: whoever reads the notification finds out.</summary>
    [Fact]
    public async Task Where_a_step_cannot_be_compared_nothing_is_deployed_again()
    {
        await DeployedLast();
        await Released();
        await Changed();
        var cloudFormation = Substitute.For<IAmazonCloudFormation>();
        cloudFormation
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns<DescribeStacksResponse>(_ =>
                throw new AmazonServiceException("not authorized") { ErrorCode = "AccessDenied", StatusCode = HttpStatusCode.Forbidden }
            );
        _account = StubbedAccount.With(cloudFormation);

        await Look(Now + TimeSpan.FromMinutes(5));

        var look = (await Looks()).ShouldHaveSingleItem();
        (look.Result, look.Reason).ShouldBe(
            (LookResult.Reported, "not every step could be compared; another deployment brings back what was deployed")
        );
        look.Differences.ShouldHaveSingleItem().ShouldContain("not authorized");
        _started.ShouldBeEmpty();
        (await Next()).ShouldBe($"Nothing was started: {look.Reason}. {InHistory}");
    }

    [Fact]
    public async Task A_deployment_to_another_target_keeps_no_look_waiting()
    {
        await DeployedLast();
        await Changed();
        var other = await _desk.Deployment("other");
        await _desk.Ledger.Put(DeploymentRecord.Key(other.Deployment), other with { Target = "prod" });

        await Look(Now + TimeSpan.FromMinutes(5));

        (await Looks()).ShouldHaveSingleItem().Result.ShouldBe(LookResult.Redeployed);
    }

    /// <summary>Of changes that are alike the record has a moment that is up to five seconds earlier than the last one.</summary>
    [Fact]
    public async Task Nothing_is_looked_at_within_45_seconds_of_the_last_of_many_changes_that_are_alike()
    {
        await DeployedLast();
        await Changed();
        var again = new OutsideChange("stack", "UPDATE_COMPLETE", null, Now + PendingChange.MomentsApart - TimeSpan.FromTicks(1));
        await _desk.Ledger.Put(Key, (await Pending())!.With(again));

        await Look(again.At + ChangeLooks.Quiet - TimeSpan.FromTicks(1));
        (await Looks()).ShouldBeEmpty();
        await Look(again.At + ChangeLooks.Quiet + TimeSpan.FromTicks(1));

        (await Looks()).ShouldHaveSingleItem().Result.ShouldBe(LookResult.Redeployed);
    }

    /// <summary>What came just before such a look may have been read as it was before, and is looked at again.</summary>
    [Fact]
    public async Task A_storm_that_does_not_end_is_looked_at_after_ten_minutes_and_once_more_after_its_end()
    {
        await DeployedLast();
        await _desk.Ledger.Put(Key, new PendingChange { Service = "inventory", Target = "dev" });
        for (var second = 0; second <= 20 * 60; second += 30)
        {
            var at = Now + TimeSpan.FromSeconds(second);
            await _desk.Ledger.Put(Key, (await Pending())!.With(new OutsideChange("group", "an instance was launched", $"{second}", at)));
            if (second % (5 * 60) == 0)
            {
                await Look(at + TimeSpan.FromSeconds(10));
            }
        }

        await Look(Now + TimeSpan.FromMinutes(25));
        await Look(Now + TimeSpan.FromMinutes(30));

        var looks = await Looks();
        looks
            .Select(look => look.At - Now)
            .ShouldBe([new TimeSpan(0, 10, 10), new TimeSpan(0, 20, 10), TimeSpan.FromMinutes(25)], "sweeps every five minutes");
        looks.Select(look => look.Changes.Min(change => change.At) - Now).ShouldBe([TimeSpan.Zero, new(0, 9, 30), new(0, 19, 30)]);
        _started.Count.ShouldBe(3);
    }

    /// <summary>An older release must not go over one that somebody has asked for since the look.</summary>
    [Fact]
    public async Task What_a_look_starts_gives_way_to_a_deployment_that_has_come_since()
    {
        await DeployedLast();
        await Changed();
        await Look(Now + TimeSpan.FromMinutes(5));
        var started = _started.ShouldHaveSingleItem();
        using var input = JsonDocument.Parse(started.Input);
        input.RootElement.GetProperty("after").GetInt64().ShouldBe((await _desk.ReadLock())!.LastNumber);
        var newer = await _desk.Deployment("newer");
        await _desk.Lock.Ensure(newer, 0);
        var execution = new ExecutionArn(Desk.Arn(started.Name));

        var failure = await Should.ThrowAsync<DeployerException>(
            _services
                .GetRequiredService<Begin>()
                .Run(new BeginInput(input.RootElement, execution, RedriveCount: 0, RetryCount: 0, "token", Now + TimeSpan.FromMinutes(6)))
        );

        failure.ShouldBeOfType<SupersededException>(failure.Message);
        failure.Message.ShouldStartWith("a deployment of inventory to dev came after number 1; ");
        (await _desk.ReadLock())!.Owner!.Deployment.ShouldBe(newer.Deployment);
        (await _desk.Read(started.Name)).ShouldBeNull("nothing of it has begun");
        _desk.Answers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("anna", 1, LookResult.Reported)]
    [InlineData("anna", 100, LookResult.Planned)]
    [InlineData(ChangeLooks.By, 1, LookResult.Planned)]
    public async Task What_was_deployed_before_is_not_planned_in_the_place_of_a_newer_plan_that_waits(
        string by,
        int hours,
        LookResult expected
    )
    {
        await DeployedLast(new ApprovalSpec([], ApprovalSpec.UsualExpiry));
        await Changed();
        await Planned(Plan, Now - TimeSpan.FromHours(hours), by);

        await Look(Now + TimeSpan.FromMinutes(5));

        var look = (await Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(expected);
        (look.Reason?.StartsWith("plan plan of something newer waits to be approved", StringComparison.Ordinal) == true).ShouldBe(
            expected == LookResult.Reported
        );
        _started.Count.ShouldBe(expected == LookResult.Reported ? 0 : 1);
        (await Pending())!.Awaited.ShouldBe(expected == LookResult.Reported ? new AwaitedPlan(Plan, ApprovalSpec.UsualExpiry) : null);
    }

    [Theory]
    [InlineData("rejected", "rejected by berta at 2100-01-01 00:10:00Z: not today")]
    [InlineData("expired", "not deployed by 2100-01-02 00:00:00Z")]
    [InlineData("superseded by a plan", "superseded by the newer plan newer")]
    [InlineData("superseded by a deployment", "superseded by a newer deployment that needed no approval")]
    [InlineData("refused", "begun by the deployment refused")]
    [InlineData("deleted", "no longer there")]
    public async Task Once_a_plan_that_a_look_gave_way_to_waits_no_more_another_look_is_made(string end, string expected)
    {
        await GaveWay();
        await Look(Now + TimeSpan.FromMinutes(10));
        (await Looks()).Count.ShouldBe(1, "the plan still waits");
        var newer = new DeploymentId("newer");

        switch (end)
        {
            case "rejected":
                await Decided(approved: false);
                break;
            case "expired":
                await Look(Now + TimeSpan.FromDays(1));
                (await Looks()).Count.ShouldBe(1, "the plan still waits");
                break;
            case "superseded by a plan":
                await Planned(newer, Now + TimeSpan.FromMinutes(8), "anna", waits: false);
                break;
            case "superseded by a deployment":
                var last = (await _desk.Read("last"))!;
                await _desk.Ledger.Put(DeploymentRecord.Key(last.Deployment), last with { AskedAt = Now + TimeSpan.FromMinutes(8) });
                break;
            case "refused":
                await Decided(approved: true);
                await Look(Now + TimeSpan.FromMinutes(15));
                (await Looks()).Count.ShouldBe(1, "what is approved is about to be deployed");
                await _desk.Ledger.Change(
                    PlanRecord.Key(Plan),
                    present => present! with { DeployedBy = new ExecutionArn(Desk.Arn("refused")) }
                );
                break;
            default:
                await _desk.Ledger.Delete(PlanRecord.Key(Plan));
                break;
        }

        var sweep = Now + TimeSpan.FromMinutes(1) + TimeSpan.FromDays(1);
        await Look(sweep);
        await Look(sweep + TimeSpan.FromMinutes(5));
        await Look(sweep + TimeSpan.FromMinutes(10));

        var look = (await Looks()).Skip(1).ShouldHaveSingleItem();
        look.Changes.ShouldHaveSingleItem().ShouldBe(look.Changes[0] with { Resource = "plan plan", What = expected, Operation = null });
        look.Plan.ShouldBe(new DeploymentId("inventory-dev-changed-plan-2"));
        (await Pending())!.Awaited.ShouldBeNull();
    }

    [Fact]
    public async Task A_newer_plan_that_waits_in_the_place_of_another_is_given_way_to_without_another_look()
    {
        await GaveWay();
        await Planned(new DeploymentId("newer"), Now + TimeSpan.FromMinutes(8), "anna");

        await Look(Now + TimeSpan.FromMinutes(20));
        (await Looks()).Count.ShouldBe(1);
        await _desk.Ledger.Put(
            ApprovalRecord.Key(new("newer")),
            new ApprovalRecord(new("newer"), "0123", Approved: false, "berta", Now + TimeSpan.FromMinutes(21))
        );
        await Look(Now + TimeSpan.FromMinutes(25));
        await Look(Now + TimeSpan.FromMinutes(30));

        (await Looks()).Skip(1).ShouldHaveSingleItem().Result.ShouldBe(LookResult.Planned);
    }

    [Fact]
    public async Task What_becomes_of_a_plan_in_the_place_of_another_is_dated_apart_from_the_supersession()
    {
        await GaveWay();
        var superseded = Now + TimeSpan.FromMinutes(8);
        await Planned(new DeploymentId("newer"), superseded, "anna");

        await Look(superseded + ApprovalSpec.UsualExpiry + TimeSpan.FromMinutes(3));

        (await Looks())
            .Skip(1)
            .ShouldHaveSingleItem()
            .Changes.ShouldBe([
                new OutsideChange("plan plan", "superseded by the newer plan newer", null, superseded),
                new OutsideChange("plan newer", "not deployed by 2100-01-02 00:08:00Z", null, superseded + ApprovalSpec.UsualExpiry),
            ]);
    }

    [Fact]
    public async Task A_look_that_died_before_its_end_was_written_waits_for_the_plan_all_the_same()
    {
        await GaveWay();
        var ended = (await Pending())!;
        await Changed();
        await _desk.Ledger.Put(Key, (await Pending())!.Looking());

        await Look(Now + TimeSpan.FromMinutes(10));

        (await Looks()).Count.ShouldBe(1);
        var concluded = (await Pending())!;
        concluded.Changes.ShouldBeEmpty();
        concluded.ShouldBe(ended with { Changes = concluded.Changes, Chain = concluded.Chain });
    }

    [Fact]
    public async Task What_to_do_next_is_what_the_targets_policy_leaves_to_people()
    {
        await GaveWay();

        (await Next()).ShouldBe(
            "Nothing was started: plan plan of something newer waits to be approved and deployed, and what was deployed before is not "
                + "planned in its place; plan again, since it looked at what was there before, or reject it: once that is decided, the "
                + "deployer looks again. "
                + InHistory
        );
    }

    /// <summary>What was started has a page in the console, and the history shows the rest.</summary>
    [Theory]
    [InlineData(LookResult.Redeployed)]
    [InlineData(LookResult.Planned)]
    [InlineData(LookResult.Reported)]
    public async Task The_notification_says_what_had_happened_by_which_operation_and_what_to_do_next(LookResult result)
    {
        await DeployedLast(result == LookResult.Redeployed ? null : new ApprovalSpec([], ApprovalSpec.UsualExpiry));
        if (result == LookResult.Reported)
        {
            await Planned(Plan, Now, "anna");
        }

        var change = new OutsideChange("stack api", "UPDATE_COMPLETE", "Console-1", Now);
        await _desk.Ledger.Put(Key, new PendingChange { Service = "inventory", Target = "dev" }.With(change));

        await Look(Now + TimeSpan.FromMinutes(5));

        var look = (await Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(result);
        var told = (await _desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Notification;
        told.Events.ShouldBe([change]);
        told.Changes.ShouldBe(look.Differences);
        var machine = "arn:aws:states:us-east-1:222222222222:execution:";
        var (execution, reason, command) = result switch
        {
            LookResult.Redeployed => (
                $"{machine}deploy:inventory-dev-changed-1",
                "What was deployed last is deployed again:",
                $"deployer watch {machine}deploy:inventory-dev-changed-1"
            ),
            LookResult.Planned => (
                $"{machine}deployer-dev-plan:inventory-dev-changed-plan-1",
                "What was deployed last is planned again, and waits for an approval if somebody has to give one. What becomes of it, in "
                    + "the folder with inventory's deployer.yaml:",
                "deployer history . --target dev --region us-east-1"
            ),
            _ => (null, $"Nothing was started: {look.Reason}. {InHistory}", "deployer history . --target dev --region us-east-1"),
        };
        told.Execution?.Value.ShouldBe(execution);
        (told.Execution is null).ShouldBe(execution is null);
        told.Next.ShouldBe(new NextAction(reason, command));
    }

    private const string InHistory = "All looks and deployments, in the folder with inventory's deployer.yaml:";

    /// <summary>Whoever approves a plan that looked at the change deploys it: to plan again would throw it away for nothing.</summary>
    [Theory]
    [InlineData(4.9, "plan again, since it looked at what was there before, or reject it")]
    [InlineData(5, "it was made after that change, so that what differs is what it looked at: approve it, or reject it")]
    public async Task What_helps_about_a_plan_that_waits_depends_on_whether_it_was_begun_after_the_change(double seconds, string helps)
    {
        await DeployedLast(new ApprovalSpec([], ApprovalSpec.UsualExpiry));
        await Changed();
        await Planned(Plan, Now + TimeSpan.FromSeconds(seconds), "anna");

        await Look(Now + TimeSpan.FromMinutes(5));

        (await Looks())
            .ShouldHaveSingleItem()
            .Reason.ShouldBe(
                "plan plan of something newer waits to be approved and deployed, and what was deployed before is not planned in its place; "
                    + $"{helps}: once that is decided, the deployer looks again"
            );
        (await Next()).ShouldContain(helps);
    }

    /// <summary>A look has found that something differs, and has started nothing since the plan of a person waits.</summary>
    private async Task GaveWay()
    {
        await DeployedLast(new ApprovalSpec([], ApprovalSpec.UsualExpiry));
        await Changed();
        await Planned(Plan, Now, "anna");
        await Look(Now + TimeSpan.FromMinutes(5));
        (await Looks()).ShouldHaveSingleItem().Awaited.ShouldBe(new AwaitedPlan(Plan, ApprovalSpec.UsualExpiry));
        _started.ShouldBeEmpty();
    }

    /// <summary>Berta decides about the plan.</summary>
    private Task Decided(bool approved) =>
        _desk.Ledger.Put(
            ApprovalRecord.Key(Plan),
            new ApprovalRecord(Plan, "0123", approved, "berta", Now + TimeSpan.FromMinutes(10), "not today")
        );

    /// <summary>Somebody has made a plan, the newest.</summary>
    private async Task Planned(DeploymentId plan, DateTimeOffset begunAt, string by, bool waits = true)
    {
        await _desk.Ledger.Put(
            PlanRecord.Key(plan),
            new PlanRecord
            {
                Plan = plan,
                Execution = new ExecutionArn(Desk.Arn(plan.Value)),
                Request = new DeploymentRequest("inventory", "dev", new SourceObject("bucket", "key"), By: by, AsksForApproval: true),
                Source = "digest",
                Digest = "0123",
                BegunAt = begunAt,
                NeedsApproval = waits ? ["the target asks for it"] : [],
            }
        );
        await _desk.Ledger.Put(NewestPlan.Key("inventory", "dev"), new NewestPlan(plan, begunAt));
    }

    /// <summary>What the one notification that was noted says of what is next.</summary>
    private async Task<string> Next() => (await _desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Notification.Next!.Reason;

    /// <summary>The stack was released with what the source wants, so that the account decides.</summary>
    private async Task Released()
    {
        var last = (await _desk.Read("last"))!;
        using var source = await _services.GetRequiredService<Sources>().Read(last);
        using var account = StubbedAccount.With();
        var run = await _services.GetRequiredService<StepRuns>().OpenToRead(last, source, "api", ChangeWatch.Task, account);
        await _desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", "api"),
            new ReleasedStep
            {
                Step = "api",
                Deployment = last.Deployment,
                Inputs = StackInputs.Resolve(run, _services.GetRequiredService<Settings>()).Digest,
                Resource = "stack-id",
            }
        );
    }

    private async Task Changed() =>
        await _desk.Ledger.Put(
            Key,
            new PendingChange { Service = "inventory", Target = "dev" }.With(new OutsideChange("stack", "UPDATE_COMPLETE", null, Now))
        );

    [Fact]
    public async Task Launches_of_two_groups_in_one_minute_are_one_deployment()
    {
        await DeployedLast();
        var notes = _services.GetRequiredService<ChangeNotes>();
        foreach (var group in new[] { "one", "two" })
        {
            await _desk.Ledger.Put(
                new WatchRecord($"Auto Scaling group 111111111111/us-east-1/{group}", "inventory", "dev").Key,
                new WatchRecord($"Auto Scaling group 111111111111/us-east-1/{group}", "inventory", "dev")
            );
        }

        (await notes.Note(Launch("one", Now), new HashSet<string>())).ShouldBe(NotedEvent.Noted);
        (await notes.Note(Launch("two", Now + TimeSpan.FromSeconds(50)), new HashSet<string>())).ShouldBe(NotedEvent.Noted);
        await Look(Now + TimeSpan.FromSeconds(60));
        _started.ShouldBeEmpty("the second has only just come");
        await Look(Now + TimeSpan.FromSeconds(100));
        await Look(Now + TimeSpan.FromSeconds(160));

        var look = (await Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Redeployed);
        look.Changes.Select(change => change.Resource)
            .ShouldBe(
                ["Auto Scaling group 111111111111/us-east-1/one", "Auto Scaling group 111111111111/us-east-1/two"],
                ignoreOrder: true
            );
        _started.ShouldHaveSingleItem();
    }

    /// <summary>They are looked at all the same: while the group was off, nothing was deployed.</summary>
    [Theory]
    [InlineData(CapacityChange.On, "instance i-one was launched as 'deployer group on' asked", null)]
    [InlineData(null, "instance i-one was launched", "activity-one")]
    public async Task Instances_that_a_change_of_capacity_launches_are_said_to_be_its_own(
        CapacityChange? capacity,
        string what,
        string? operation
    )
    {
        await DeployedLast();
        var watch = new WatchRecord("Auto Scaling group 111111111111/us-east-1/one", "inventory", "dev");
        await _desk.Ledger.Put(watch.Key, watch);
        var running = await _desk.Deployment("capacity") with { Capacity = capacity };
        await _desk.Ledger.Put(DeploymentRecord.Key(running.Deployment), running);
        await _desk.Ledger.Change(
            LockRecord.Key("inventory", "dev"),
            present => (present ?? new LockRecord()) with { Owner = new LockHolder(running.Deployment, running.Execution, 7) }
        );

        await _services.GetRequiredService<ChangeNotes>().Note(Launch("one", Now), new HashSet<string>());

        var change = (await Pending()).ShouldNotBeNull().Changes.ShouldHaveSingleItem();
        (change.What, change.Operation).ShouldBe((what, operation));
    }

    [Theory]
    [InlineData("in_hand", "in_hand", "inventory", NotedEvent.Own)]
    [InlineData("one", "one", "inventory", NotedEvent.Own)]
    [InlineData("one", "one-two", "inventory", NotedEvent.Own)]
    [InlineData("one", "one-two", "other", NotedEvent.Noted)]
    public async Task An_operation_is_of_the_longest_deployment_that_its_token_names(
        string last,
        string asked,
        string service,
        NotedEvent expected
    )
    {
        var stack = "arn:aws:cloudformation:us-east-1:111111111111:stack/api";
        var watch = new WatchRecord(stack, "inventory", "dev");
        await _desk.Ledger.Put(watch.Key, watch);
        if (asked != last)
        {
            var record = await _desk.Deployment(asked);
            await _desk.Ledger.Put(DeploymentRecord.Key(record.Deployment), record with { Service = service });
        }

        await _desk.Ledger.Put(LockRecord.Key("inventory", "dev"), new LockRecord { LastGivenTo = new DeploymentId(last), LastNumber = 1 });

        var noted = await _services
            .GetRequiredService<ChangeNotes>()
            .Note(
                new SettledEvent(
                    "aws.cloudformation",
                    JsonSerializer.SerializeToElement(
                        new Dictionary<string, object>
                        {
                            ["stack-id"] = $"{stack}/6a",
                            ["status-details"] = new { status = "UPDATE_COMPLETE" },
                            ["client-request-token"] = Names.Token(asked, "api", "stack", 1),
                        }
                    ),
                    Account: "111111111111",
                    Region: "us-east-1",
                    Time: Now
                ),
                new HashSet<string>()
            );

        noted.ShouldBe(expected);
    }

    /// <summary>https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html</summary>
    private static SettledEvent Launch(string group, DateTimeOffset at) =>
        new(
            "aws.autoscaling",
            JsonSerializer.SerializeToElement(
                new
                {
                    AutoScalingGroupName = group,
                    EC2InstanceId = $"i-{group}",
                    ActivityId = $"activity-{group}",
                }
            ),
            Account: "111111111111",
            Region: "us-east-1",
            Time: at,
            DetailType: "EC2 Instance Launch Successful"
        );

    /// <summary>A deployment that has succeeded and was settled.</summary>
    /// <param name="approval">What the target asks for.</param>
    private async Task DeployedLast(ApprovalSpec? approval = null)
    {
        var last = await _desk.Deployment("last") with { Approval = approval };
        await _desk.Ledger.Put(DeploymentRecord.Key(last.Deployment), last);
        await _desk.Ledger.Delete(OpenDeployment.Key(last.Deployment));
        await _desk.Ledger.Put(
            DeployedSteps.Key("inventory", "dev"),
            new DeployedSteps
            {
                Last = last.Deployment,
                Number = last.Number,
                Steps = new Dictionary<string, DeploymentId> { ["api"] = last.Deployment },
            }
        );
    }

    private static LedgerKey<PendingChange> Key => PendingChange.Key("inventory", "dev");

    private Task<PendingChange?> Pending() => _desk.Ledger.Read(Key);

    private async Task Look(DateTimeOffset now) => await _services.GetRequiredService<ChangeLooks>().CheckTarget((await Pending())!, now);

    private Task<IReadOnlyList<LookRecord>> Looks() => _desk.Ledger.Query(LookRecord.All("inventory", "dev"));

    /// <summary>A look that has begun a plan.</summary>
    private async Task Begin(PlanRecord? plan)
    {
        await _desk.Ledger.Put(
            LookRecord.Key("inventory", "dev", 1),
            new LookRecord
            {
                Number = 1,
                At = Now,
                Changes = [],
                Result = LookResult.Planned,
                Plan = Plan,
            }
        );
        await _desk.Ledger.Put(
            Key,
            new PendingChange
            {
                Service = "inventory",
                Target = "dev",
                Number = 2,
                Plan = new BegunPlan(Plan, 1),
            }
        );
        if (plan is not null)
        {
            await _desk.Ledger.Put(PlanRecord.Key(Plan), plan);
        }
    }
}
