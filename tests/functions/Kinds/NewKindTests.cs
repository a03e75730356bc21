using System.Text.Json;
using Amazon.Lambda.Core;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Resume;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>One more kind of step, registered here alone: it is checked, planned, run and reported by what the product has already.</summary>
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

    private readonly Queues _queues = new();
    private Desk _desk = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        var services = new ServiceCollection();
        services.AddSingleton(_desk.Settings);
        new Startup().ConfigureServices(services);
        services.AddSingleton<IAws>(new DeskWithSource(_desk, Folder));
        services.AddSingleton(_queues);
        services.AddSingleton(StepKinds.BuiltIn.With(new QueueSpecKind()));
        services.AddSingleton<QueueWork>();
        services.AddSingleton<IStepKind, QueueKind>();
        services.AddSingleton<WaitingTask>();
        services.AddSingleton<ResumeHandlers>();
        _services = services.BuildServiceProvider();
        await _desk.Deployment("one");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public void Its_keys_and_rules_are_checked()
    {
        var kinds = _services.GetRequiredService<StepKinds>();
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
    public async Task It_has_its_branch_in_a_wave_unless_it_runs_as_wanted()
    {
        var order = _services.GetRequiredService<WaveOrder>();
        var input = new DeploymentInput(new("one"), new("arn"), 0, 0);

        (await order.Run(input)).Waves.SelectMany(wave => wave.Steps).ShouldBe([new WaveStep("orders", "queue")]);
        _queues.Present.Add("orders-dev");
        (await order.Run(input)).Waves.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_planned()
    {
        await _services.GetRequiredService<StepPlanner>().Run(Input());

        var plan = (await _desk.Ledger.Read(StepPlan.Key(new("one"), "orders"))).ShouldNotBeNull();
        (plan.Kind, plan.Action, plan.Notices.Single()).ShouldBe(("queue", "create", "there is no queue orders-dev"));
    }

    [Fact]
    public async Task Its_task_waits_is_resumed_by_an_event_and_reported()
    {
        var work = _services.GetRequiredService<QueueWork>();
        await _desk.Lock.Ensure((await _desk.Read("one"))!);

        var entered = await _services.GetRequiredService<WaitingTask>().Enter(work, Input(), Context);
        _queues.Present.Add("orders-dev");
        using var detail = JsonDocument.Parse($$"""{"executionArn":"{{Queues.Arn("orders-dev")}}"}""");
        await _services
            .GetRequiredService<ResumeHandlers>()
            .Resume(new SettledEvent("aws.states", "111111111111", "us-east-1", detail.RootElement), Context);

        entered.Outcome.ShouldBe("running");
        _desk.Answers.ShouldBe(["success token"]);
        var tasks = await _desk.Ledger.Query(TaskRecord.All(new("one")));
        var spec = SpecReader.Read(Folder, _services.GetRequiredService<StepKinds>()).Spec!;
        var parts = await _services
            .GetRequiredService<StepKindRegistry>()
            .Find("queue")
            .Report(
                new ReportedStep(spec, spec.Target("dev")!, Folder, spec.Step("orders")!, StepAction.Created, tasks, StubbedAccount.With())
            );
        var part = parts.ShouldHaveSingleItem();
        (part.Section, part).ShouldBe(("queues", new QueueReport(Queues.Arn("orders-dev"), StepAction.Created)));
    }

    [Fact]
    public void Every_kind_that_a_file_may_have_and_no_other_is_implemented() =>
        StepKinds
            .BuiltIn.All.Where(kind => kind.IsImplemented)
            .Select(kind => kind.Key)
            .Append("queue")
            .ShouldBe(_services.GetRequiredService<StepKindRegistry>().All.Select(kind => kind.Key));

    private static ILambdaContext Context { get; } = Substitute.For<ILambdaContext>();

    private static TaskInput Input() => new(new("one"), "orders", new("arn"), 0, 0, "token");
}
