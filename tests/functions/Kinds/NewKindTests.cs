using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Plans;
using Deployer.Functions.Resume;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>
/// One more kind of step, registered here alone: it is checked, planned, run and reported by what the product has already.
/// </summary>
public sealed class NewKindTests : IAsyncLifetime
{
    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps: { orders: { queue: "orders-${target}" } }
            """
        )
    );

    private QueueBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await QueueBench.Open(Folder, services => services.AddSingleton<ResumeHandlers>());

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void Its_keys_and_rules_are_checked()
    {
        var kinds = _bench.Get<StepKinds>();
        var wrong = new MemoryFolder(
            (
                "deployer.yaml",
                $$"""
                service: inventory
                targets: { dev: { account: "111111111111", region: us-east-1 } }
                steps:
                  orders: { queue: {{new string('q', 81)}}, queues: 2 }
                """
            )
        );

        SpecReader.Read(Folder, kinds).Faults.ShouldBeEmpty();
        SpecReader
            .Read(wrong, kinds)
            .Faults.Select(fault => fault.Problem)
            .ShouldBe([
                $"the queue's name is \"{new string('q', 81)}\", of 81 characters",
                "the key \"queues\" of \"orders\" in \"steps\" of the file is not known",
            ]);
        SpecReader.Read(Folder).Faults.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task It_has_its_branch_in_a_wave_unless_it_has_no_changes()
    {
        var order = _bench.Get<WaveOrder>();
        var input = new DeploymentInput(new("one"), new("arn"), 0, 0);

        (await order.Run(input)).Waves.SelectMany(wave => wave.Steps).ShouldBe([new WaveStep("orders", "queue")]);
        _bench.Queues.Present.Add("orders-dev");
        (await order.Run(input)).Waves.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_planned()
    {
        await _bench.Get<StepPlanner>().Run(Input());

        var plan = (await _bench.Desk.Ledger.Read(StepPlan.Key(new("one"), "orders"))).ShouldNotBeNull();
        (plan.Kind, plan.Action, plan.Notices.Single()).ShouldBe(("queue", PlannedAction.Create, "there is no queue orders-dev"));
        plan.Part(QueueKind.Part).ShouldBe(["orders-dev"]);
        var document = JsonSerializer.SerializeToNode(plan, JsonSerializerOptions.Web)!.AsObject();
        document["queues"]!.ToJsonString().ShouldBe("""["orders-dev"]""");
        // The parts of the other kinds are members of every step.
        new[] { "changes", "libraries" }.ShouldAllBe(part => document.ContainsKey(part) && document[part] == null);
    }

    /// <summary>The order of waves, the plan, the proof at the end and a look see one difference, and call it the same.</summary>
    [Fact]
    public async Task One_comparison_serves_the_order_the_plan_the_proof_and_a_look_after_a_change_by_others()
    {
        var deployed = new DeployedSteps
        {
            Last = new("one"),
            Number = 1,
            Steps = new Dictionary<string, DeploymentId> { ["orders"] = new("one") },
        };
        var look = _bench.Get<TargetComparison>();
        var order = _bench.Get<WaveOrder>();
        var proof = _bench.Get<Proof>();
        var input = new DeploymentInput(new("one"), new("arn"), 0, 0);

        (await order.Run(input)).Waves.SelectMany(wave => wave.Steps).Select(step => step.Name).ShouldBe(["orders"]);
        await _bench.Get<StepPlanner>().Run(Input());
        var planned = (await _bench.Desk.Ledger.Read(StepPlan.Key(new("one"), "orders")))!.Notices.Single();
        await Should.ThrowAsync<NotYetException>(() => proof.Run(input));
        _bench.Desk.Now += Proof.TimeUntilWrong;
        var proven = await Should.ThrowAsync<StepDiffersException>(() => proof.Run(input));

        proven.Message.ShouldBe($"step 'orders' is not as it was deployed: {planned}; see what changed it, then deploy again");
        (await look.Differences(deployed))!.Sentences.ShouldBe([$"step 'orders': {planned}"]);
        _bench.Queues.Present.Add("orders-dev");
        (await order.Run(input)).Waves.ShouldBeEmpty();
        await _bench.Get<StepPlanner>().Run(Input());
        (await _bench.Desk.Ledger.Read(StepPlan.Key(new("one"), "orders")))!.Action.ShouldBe(PlannedAction.None);
        (await proof.Run(input)).Proven.ShouldBeTrue();
        (await look.Differences(deployed))!.Sentences.ShouldBeEmpty();
    }

    /// <summary>What cannot be compared is never skipped, fails nothing, and is said.</summary>
    [Fact]
    public async Task A_step_that_cannot_be_compared_runs_is_proven_and_is_a_notice()
    {
        _bench.Queues.Present.Add("orders-dev");
        _bench.Queues.Uncertain.Add("orders-dev");
        var input = new DeploymentInput(new("one"), new("arn"), 0, 0);

        (await _bench.Get<WaveOrder>().Run(input)).Waves.SelectMany(wave => wave.Steps).ShouldBe([new WaveStep("orders", "queue")]);
        (await _bench.Get<Proof>().Run(input)).Proven.ShouldBeTrue();

        (await _bench.Desk.Ledger.Query(TaskRecord.All(new("one"))))
            .SelectMany(record => record.NoticesWithStep)
            .ShouldContain("orders: its content cannot be read; it runs in every deployment");
    }

    [Fact]
    public async Task Its_task_waits_is_resumed_with_its_own_work_by_an_event_of_its_own_source_and_reported()
    {
        var work = _bench.Get<QueueWork>();
        await _bench.Desk.Lock.Ensure((await _bench.Desk.Read("one"))!, 0);

        var entered = await _bench.Get<WaitingTask>().Enter(work, Input(), Context);
        _bench.Queues.Present.Add("orders-dev");
        await Resume();

        entered.Outcome.ShouldBe(TaskOutcome.Running);
        _bench.Desk.Answers.ShouldBe(["success token"]);
        var tasks = await _bench.Desk.Ledger.Query(TaskRecord.All(new("one")));
        var spec = SpecReader.Read(Folder, _bench.Get<StepKinds>()).Spec!;
        var parts = await _bench
            .Get<StepKindRegistry>()
            .Find("queue")
            .Report(
                new ReportedStep(spec, spec.Target("dev")!, Folder, spec.Step("orders")!, StepAction.Created, tasks, StubbedAccount.With())
            );
        var part = parts.ShouldHaveSingleItem();
        (part.Section, part).ShouldBe(("queues", new QueueReport(Queues.Arn("orders-dev"), StepAction.Created)));
    }

    /// <summary>What a task comes to wait for besides, such as a deployment of CodeDeploy, answers its token too.</summary>
    [Fact]
    public async Task An_event_about_what_else_an_outcome_waits_for_answers_the_token()
    {
        const string Other = "arn:aws:sqs:us-east-1:111111111111:another";
        _bench.Queues.WaitsFor = Other;
        await Enter(0);
        (await _bench.Desk.Ledger.Query(WaitRecord.All(Other))).ShouldHaveSingleItem().Token.ShouldBe("token");
        _bench.Queues.Present.Add("orders-dev");

        await Resume(Other);

        _bench.Desk.Answers.ShouldBe(["success token"]);
        (await _bench.Desk.Ledger.Query(WaitRecord.All(Other))).ShouldBeEmpty();
    }

    /// <summary>
    /// A read right after the end may answer what was before: the state looks again within seconds, by its retries, and not with its next
    /// heartbeat. An event of an earlier operation costs a minute of looks, and then the heartbeat is waited for.
    /// </summary>
    [Fact]
    public async Task An_end_that_an_event_reports_and_a_look_does_not_find_is_looked_for_again_at_once()
    {
        await Enter(0);

        await Resume(Queues.Arn("orders-dev"), "Queue Changed");
        _bench.Desk.Answers.ShouldBeEmpty();
        await Resume(Queues.Arn("orders-dev"), "Queue Made");
        _bench.Desk.Answers.ShouldBe(["NotYetException token"]);

        (await Should.ThrowAsync<NotYetException>(Enter(1))).Message.ShouldBe(
            "an event says that it has ended, and queue orders-dev is being created"
        );
        (await _bench.Desk.Read("one"))!.Error.ShouldBeNull();
        _bench.Desk.Now += WaitingTask.TimeUntilShown;
        (await Enter(2)).Outcome.ShouldBe(TaskOutcome.Running);
        _bench.Queues.Present.Add("orders-dev");
        (await Enter(3)).Outcome.ShouldBe(TaskOutcome.Succeeded);
    }

    /// <summary>The end of one thing is not the end of what it goes on to: that has an event of its own.</summary>
    [Fact]
    public async Task What_went_on_to_something_else_waits_for_that_when_an_event_says_the_end()
    {
        await Enter(0);
        _bench.Queues.WaitsFor = Queues.Arn("orders-further");

        await Resume(Queues.Arn("orders-dev"), "Queue Made");

        _bench.Desk.Answers.ShouldBeEmpty();
        (await Enter(1)).Outcome.ShouldBe(TaskOutcome.Running);
    }

    [Fact]
    public async Task Tries_within_no_time_are_no_waiting()
    {
        for (var attempt = 0; attempt < 9; attempt++)
        {
            (await Enter(attempt)).Outcome.ShouldBe(TaskOutcome.Running);
        }

        _bench.Desk.Now += TimeSpan.FromMinutes(4);
        (await Enter(9)).Outcome.ShouldBe(TaskOutcome.Running);
        _bench.Desk.Now += TimeSpan.FromMinutes(1);
        (await Should.ThrowAsync<StepTimedOutException>(Enter(10))).Message.ShouldBe(
            "queue orders-dev is being created after 5 minutes; step 'orders' waits at most 5 minutes for what is still "
                + "running; redrive the execution to wait again"
        );
    }

    [Fact]
    public async Task After_a_heartbeat_an_event_answers_the_token_of_the_new_entry()
    {
        await Enter(0);
        await _bench
            .Get<WaitingTask>()
            .Enter(_bench.Get<QueueWork>(), Input() with { RetryCount = 1, Token = "token after the heartbeat" }, Context);
        _bench.Queues.Present.Add("orders-dev");
        await Resume();

        _bench.Desk.Answers.ShouldBe(["success token after the heartbeat"]);
    }

    [Fact]
    public async Task A_redrive_waits_anew()
    {
        await Enter(0);
        _bench.Desk.Now += TimeSpan.FromMinutes(6);
        await Should.ThrowAsync<StepTimedOutException>(Enter(1));

        (await Enter(0, redriveCount: 1)).Outcome.ShouldBe(TaskOutcome.Running);
    }

    [Fact]
    public async Task A_step_that_failed_in_an_exception_of_any_kind_begins_again_on_redrive_and_its_error_is_gone()
    {
        _bench.Queues.Broken = new NullReferenceException("oops");
        await Should.ThrowAsync<DeployerFaultException>(Enter(0));
        var failed = (await _bench.Desk.Ledger.Read(TaskRecord.Key(new("one"), "orders", "deploy")))!;
        (failed.State, failed.Error, failed.Attempt).ShouldBe((TaskState.Failed, "DeployerFaultException", 1));
        (await _bench.Desk.Read("one"))!.Error.ShouldBe("DeployerFaultException");
        _bench.Queues.Broken = null;

        (await Enter(0, redriveCount: 1)).Outcome.ShouldBe(TaskOutcome.Running);

        var again = (await _bench.Desk.Ledger.Read(TaskRecord.Key(new("one"), "orders", "deploy")))!;
        (again.State, again.Error, again.Attempt).ShouldBe((TaskState.Running, null, 2));
        again.RequestToken.ShouldNotBe(failed.RequestToken);
        (await _bench.Desk.Read("one"))!.Error.ShouldBeNull();
    }

    [Fact]
    public async Task The_failure_of_a_redrive_replaces_the_one_before()
    {
        _bench.Queues.Broken = new NullReferenceException("oops");
        await Should.ThrowAsync<DeployerFaultException>(Enter(0));
        _bench.Queues.Broken = new StackFailedException("another");
        await Should.ThrowAsync<StackFailedException>(Enter(0, redriveCount: 1));

        var deployment = (await _bench.Desk.Read("one"))!;
        (deployment.Error, deployment.Cause).ShouldBe(("StackFailedException", "another"));
        var task = (await _bench.Desk.Ledger.Read(TaskRecord.Key(new("one"), "orders", "deploy")))!;
        (task.Error, task.Cause).ShouldBe(("StackFailedException", "another"));
    }

    [Fact]
    public async Task An_event_after_the_execution_has_lost_the_lock_does_nothing()
    {
        await Enter(0);
        _bench.Desk.Close("one", ExecutionStatus.ABORTED);
        await _bench.Desk.Lock.TakeOrWait(await _bench.Desk.Deployment("two"), 0, "token-2");
        _bench.Queues.Present.Add("orders-dev");
        await _bench.Desk.Ledger.Put(
            WaitRecord.Key(Queues.Arn("orders-dev"), new("one"), "orders", "deploy"),
            new WaitRecord
            {
                Resource = Queues.Arn("orders-dev"),
                Deployment = new("one"),
                Step = "orders",
                Task = "deploy",
                Token = "token",
            }
        );

        await Resume();

        _bench.Desk.Answers.ShouldNotContain("success token");
    }

    private Task<TaskDone> Enter(int retryCount, int redriveCount = 0) =>
        _bench
            .Get<WaitingTask>()
            .Enter(_bench.Get<QueueWork>(), Input() with { RetryCount = retryCount, RedriveCount = redriveCount }, Context);

    /// <summary>An event about the queue, of a source that no kind of the product has.</summary>
    private Task Resume() => Resume(Queues.Arn("orders-dev"));

    private Task Resume(string about, string? type = null) =>
        _bench.Get<ResumeHandlers>().Resume(new SettledEvent("aws.sqs", default, [about], DetailType: type), Context);

    [Fact]
    public void Every_kind_that_a_file_may_have_and_no_other_is_implemented() =>
        StepKinds
            .BuiltIn.All.Where(kind => kind.IsImplemented)
            .Select(kind => kind.Key)
            .Append("queue")
            .ShouldBe(_bench.Get<StepKindRegistry>().All.Select(kind => kind.Key));

    private static ILambdaContext Context { get; } = Substitute.For<ILambdaContext>();

    private static TaskInput Input() => new(new("one"), "orders", new("arn"), 0, 0, "token");
}
