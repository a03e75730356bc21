using System.Text;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>
/// What comes after the deployment of one more kind of step, registered here alone: the end of the deployment, changes of its capacity, and
/// the removal of a development instance in which it stands.
/// </summary>
public sealed class NewKindAfterwardsTests : IAsyncLifetime
{
    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1, instances: { steps: [ orders, bills ], expireAfter: 72h } } }
            steps:
              orders: { queue: "orders-${target}" }
              bills: { queue: "bills-${target}", after: [ orders ] }
            """
        ),
        ("orders.json", """{ "consumers": 7 }""")
    );

    private QueueBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await QueueBench.Open(Folder);
        var deployment = _bench.Deployment;
        await _bench.Desk.Ledger.Put(
            DeploymentRecord.Key(deployment.Deployment),
            deployment with
            {
                Target = "dev-x",
                Remove = true,
                Only = ["orders", "bills"],
            }
        );
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Its_development_instance_is_removed_by_the_branch_that_it_names_and_from_the_last_step_to_the_first()
    {
        _bench.Queues.Before.Add(new WaveStep("orders", "queue-capacity"));

        (await RemovalWaves()).ShouldBe(["orders queue-capacity", "bills queue-removal", "orders queue-removal"]);
    }

    [Fact]
    public async Task What_it_keeps_of_a_development_instance_has_no_part_in_the_removal()
    {
        _bench.Queues.Kept.Add("orders-dev-x");

        (await RemovalWaves()).ShouldBe(["bills queue-removal"]);
    }

    [Fact]
    public async Task What_it_released_for_a_step_that_the_instance_has_no_more_is_not_left_behind()
    {
        await Release("receipts", Queues.Arn("receipts-dev-x"));

        (await Should.ThrowAsync<StackFailedException>(RemovalWaves())).Message.ShouldContain("receipts-dev-x is of the step 'receipts'");
    }

    [Fact]
    public async Task What_another_kind_released_is_not_asked_of_it()
    {
        await Release("receipts", "a revision");

        (await RemovalWaves()).ShouldBe(["bills queue-removal", "orders queue-removal"]);
    }

    [Fact]
    public void The_files_that_it_empties_read_so_in_the_source_of_a_removal_and_all_others_as_they_were()
    {
        var spec = SpecReader.Read(Folder, _bench.Get<StepKinds>()).Spec!;

        var removal = new RemovalFolder(new ServiceSource(Folder, spec, "digest"), _bench.Get<StepKindRegistry>());

        Encoding.UTF8.GetString(removal.Read(RelativePath.Parse("orders.json"))!).ShouldBe("{}");
        removal.Read(RelativePath.Parse("deployer.yaml")).ShouldBe(Folder.Read(RelativePath.Parse("deployer.yaml")));
    }

    [Fact]
    public void Its_capacity_is_changed_by_the_branch_that_it_names()
    {
        var spec = SpecReader.Read(Folder, _bench.Get<StepKinds>()).Spec!;
        var deployment = new DeploymentRecord
        {
            Deployment = new("one"),
            Execution = new("arn"),
            Service = "inventory",
            Target = "dev",
            Digest = "digest",
            Number = 1,
            Capacity = CapacityChange.Off,
        };

        _bench
            .Get<CapacityWaves>()
            .Waves(spec, deployment)
            .SelectMany(wave => wave.Steps)
            .ShouldBe([new WaveStep("orders", "queue-capacity"), new WaveStep("bills", "queue-capacity")]);
    }

    [Fact]
    public async Task What_it_makes_sure_of_at_the_end_happens_for_the_steps_that_ran()
    {
        var deployment = await _bench.Desk.Deployment("two");
        await _bench.Desk.Ledger.Put(
            TaskRecord.Key(deployment.Deployment, "bills", "deploy"),
            new TaskRecord
            {
                Deployment = deployment.Deployment,
                Step = "bills",
                Task = "deploy",
                Kind = "queue",
                RequestToken = "token",
                Action = StepAction.Created,
            }
        );
        await _bench.Desk.Lock.Ensure(deployment, 0);

        await _bench.Get<Finish>().Run(new DeploymentInput(deployment.Deployment, deployment.Execution, RedriveCount: 0, RetryCount: 0));

        _bench.Queues.Closed.ShouldBe(["bills"]);
    }

    private Task Release(string step, string resource) =>
        _bench.Desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev-x", step),
            new ReleasedStep
            {
                Step = step,
                Deployment = new("zero"),
                Inputs = "digest",
                Resource = resource,
            }
        );

    private async Task<IReadOnlyList<string>> RemovalWaves() =>
        [
            .. (await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0))).Waves.Select(wave =>
                string.Join(", ", wave.Steps.Select(step => $"{step.Name} {step.Kind}"))
            ),
        ];
}
