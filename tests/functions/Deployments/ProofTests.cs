using System.Net;
using Amazon.Runtime;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Deployments;

/// <summary>Before a deployment is called succeeded, every step is compared once more.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
              orders: { queue: "orders-${target}" }
              bills: { queue: "bills-${target}", after: [ orders ] }
              letters: { queue: "letters-${target}", after: [ bills ] }
            """
        )
    );

    private QueueBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await QueueBench.Open(Folder);
        _bench.Queues.Present.UnionWith(["orders-dev", "bills-dev", "letters-dev"]);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Steps_that_are_as_they_were_deployed_are_proven_with_what_has_to_be_known_about_them()
    {
        (await Prove()).Proven.ShouldBeTrue();

        var records = await Records();
        records.Select(record => record.Step).ShouldBe(["bills", "letters", "orders"]);
        records.ShouldAllBe(record => record.State == TaskState.Succeeded && record.Action == StepAction.None);
        records.SelectMany(record => record.NoticesWithStep).ShouldContain("orders: orders-dev was read");
    }

    [Fact]
    public async Task All_steps_that_differ_are_named_together_once_they_have_differed_for_long_enough()
    {
        _bench.Queues.Present.ExceptWith(["orders-dev", "letters-dev"]);
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Desk.Now += Proof.TimeUntilWrong;

        var wrong = await Should.ThrowAsync<StepDiffersException>(() => Prove());

        wrong.Message.ShouldBe(
            "step 'orders' is not as it was deployed: there is no queue orders-dev\n"
                + "step 'letters' is not as it was deployed: there is no queue letters-dev; see what changed it, then deploy again"
        );
        (await _bench.Desk.Read("one"))!.Error.ShouldBe("StepDiffersException");
        (await Records()).Where(record => record.State == TaskState.Failed).Select(record => record.Step).ShouldBe(["letters", "orders"]);
    }

    [Fact]
    public async Task A_difference_that_is_gone_with_the_next_read_was_an_old_answer()
    {
        _bench.Queues.Present.Remove("orders-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Queues.Present.Add("orders-dev");

        (await Prove()).Proven.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_on_its_way_is_waited_for_as_long_as_the_step_may_take()
    {
        _bench.Queues.Underway.Add("bills-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Desk.Now += TimeSpan.FromMinutes(9);
        (await Should.ThrowAsync<NotYetException>(() => Prove())).Message.ShouldBe("step 'bills': queue bills-dev is being changed");
        _bench.Desk.Now += TimeSpan.FromMinutes(1);

        (await Should.ThrowAsync<StepTimedOutException>(() => Prove())).Message.ShouldBe(
            "step 'bills': queue bills-dev is being changed after 10 minutes; a deployment waits at most 10 minutes at its end for what is "
                + "still running; redrive the execution to wait again"
        );
    }

    [Fact]
    public async Task A_redrive_waits_anew_for_what_is_on_its_way()
    {
        _bench.Queues.Underway.Add("bills-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Desk.Now += TimeSpan.FromMinutes(10);
        await Should.ThrowAsync<StepTimedOutException>(() => Prove());

        await Should.ThrowAsync<NotYetException>(() => Prove(redriveCount: 1));
    }

    [Fact]
    public async Task Entries_within_no_time_are_no_waiting_and_no_later_look()
    {
        _bench.Queues.Underway.Add("bills-dev");
        for (var entry = 0; entry < 100; entry++)
        {
            await Should.ThrowAsync<NotYetException>(() => Prove());
        }

        _bench.Queues.Underway.Remove("bills-dev");
        _bench.Queues.Present.Remove("bills-dev");
        for (var entry = 0; entry < 100; entry++)
        {
            await Should.ThrowAsync<NotYetException>(() => Prove());
        }
    }

    [Fact]
    public async Task A_difference_counts_from_the_last_time_that_there_was_none()
    {
        _bench.Queues.Present.Remove("bills-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Queues.Underway.Add("bills-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Queues.Underway.Remove("bills-dev");
        _bench.Desk.Now += Proof.TimeUntilWrong;

        await Should.ThrowAsync<NotYetException>(() => Prove());
    }

    [Fact]
    public async Task Reads_are_made_in_batches_that_go_on_where_they_stopped()
    {
        _bench.Queues.Reads = 250;
        var entries = 0;
        bool isProven;
        do
        {
            var before = _bench.Queues.ReadsMade;
            isProven = (await Prove()).Proven;
            entries++;
            (_bench.Queues.ReadsMade - before).ShouldBeLessThanOrEqualTo(3 * ComparisonProgress.BatchReads);
        } while (!isProven && entries < 100);

        isProven.ShouldBeTrue();
        _bench.Queues.ReadsMade.ShouldBe(3 * 250);
        entries.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_listing_of_many_pages_is_read_in_batches_and_each_page_once()
    {
        _bench.Queues.Pages = 60;
        var entries = 0;
        bool isProven;
        do
        {
            var before = _bench.Queues.PagesRead.Count;
            isProven = (await Prove()).Proven;
            entries++;
            (_bench.Queues.PagesRead.Count - before).ShouldBeLessThan(ComparisonProgress.BatchReads);
        } while (!isProven && entries < 100);

        isProven.ShouldBeTrue();
        _bench.Queues.PagesRead.Count.ShouldBe(3 * 60);
        _bench.Queues.PagesRead.ShouldBeUnique();
        entries.ShouldBeGreaterThan(2);
    }

    /// <summary>An old answer would be found again for ever, and an answer that is wrong would never be read.</summary>
    [Fact]
    public async Task After_a_difference_everything_is_listed_again()
    {
        _bench.Queues.Pages = 1;
        _bench.Queues.Present.Remove("orders-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Queues.Present.Add("orders-dev");

        (await Prove()).Proven.ShouldBeTrue();

        _bench.Queues.PagesRead.Count(page => page == "orders-dev/1").ShouldBe(2);
    }

    [Fact]
    public async Task A_redrive_proves_every_step_again()
    {
        (await Prove()).Proven.ShouldBeTrue();
        _bench.Queues.Present.Remove("orders-dev");

        await Should.ThrowAsync<NotYetException>(() => Prove(redriveCount: 1));
    }

    [Fact]
    public async Task A_step_that_depends_on_one_that_was_deployed_alone_and_lost_by_it_fails_the_deployment()
    {
        await Only("orders");
        await Release("bills");
        await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0));
        _bench.Queues.Present.Remove("bills-dev");

        var wrong = await ProveToTheEnd();

        wrong.Message.ShouldBe(
            "step 'bills', which depends on steps of this deployment and was not part of it, is not as it was: "
                + "there is no queue bills-dev; "
                + "see what changed it, then deploy again"
        );
        (await Records()).Select(record => record.Step).ShouldBe(["bills", "orders"], "letters was never released");
    }

    [Fact]
    public async Task A_step_that_depends_on_it_and_had_changes_before_is_a_notice()
    {
        await Only("orders");
        await Release("bills");
        _bench.Queues.Present.Remove("bills-dev");
        await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0));

        (await Prove()).Proven.ShouldBeTrue();

        (await Records())
            .SelectMany(record => record.NoticesWithStep)
            .ShouldContain("bills: it depends on steps of this deployment, has changes itself and was not part of it: it was not compared");
    }

    [Fact]
    public async Task A_read_that_is_refused_is_of_its_step_and_hides_no_other_difference()
    {
        _bench.Queues.Unreadable["orders-dev"] = Refused();
        _bench.Queues.Present.Remove("bills-dev");

        var wrong = await ProveToTheEnd();

        wrong.Message.ShouldBe(
            "step 'orders' could not be compared with what was deployed: AWS was refused: AccessDenied: not allowed\n"
                + "step 'bills' is not as it was deployed: there is no queue bills-dev; see what changed it, then deploy again"
        );
        (await Records()).Where(record => record.State == TaskState.Failed).Select(record => record.Step).ShouldBe(["bills", "orders"]);
        (await _bench.Desk.Read("one"))!.Error.ShouldBe("StepDiffersException");
    }

    [Fact]
    public async Task Where_only_reads_are_refused_the_cause_says_what_helps()
    {
        _bench.Queues.Unreadable["orders-dev"] = Refused();

        (await ProveToTheEnd()).Message.ShouldBe(
            "step 'orders' could not be compared with what was deployed: AWS was refused: AccessDenied: not allowed; "
                + "allow what was refused, then redrive the execution"
        );
    }

    [Fact]
    public async Task A_dependent_step_that_cannot_be_read_does_not_keep_a_deployment_from_beginning()
    {
        await Only("orders");
        await Release("bills");
        _bench.Queues.Unreadable["bills-dev"] = Refused();

        await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0));

        (await Prove()).Proven.ShouldBeTrue();
        (await Records())
            .SelectMany(record => record.NoticesWithStep)
            .ShouldContain(
                "bills: it depends on steps of this deployment and was not part of it; before they ran it could not be compared "
                    + "(AWS was refused: AccessDenied: not allowed), so it was not compared after them"
            );
    }

    /// <summary>Nothing is said of changes that nobody has seen.</summary>
    [Fact]
    public async Task A_dependent_step_that_was_on_its_way_before_is_said_not_to_be_compared()
    {
        await Only("orders");
        await Release("bills");
        _bench.Queues.Underway.Add("bills-dev");

        await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0));

        (await Prove()).Proven.ShouldBeTrue();
        (await Records())
            .SelectMany(record => record.NoticesWithStep)
            .ShouldContain(
                "bills: it depends on steps of this deployment and was not part of it; before they ran it could not be compared "
                    + "(queue bills-dev is being changed), so it was not compared after them"
            );
    }

    [Fact]
    public async Task A_dependent_step_whose_values_were_not_known_before_is_said_not_to_be_compared()
    {
        await Only("orders");
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "bills",
            Task = Proof.Task,
            Kind = "queue",
        };
        using var run = _bench.Desk.Run(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    """
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps: { bills: { stack: bills, template: bills.yaml } }
                    """
                ),
                ("bills.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
            ),
            record,
            StubbedAccount.With()
        );

        await Proof.AddDependent(run, new Comparison.KnownAfterApply(["steps.orders.outputs.Arn"]));

        run.Record.State.ShouldBe(TaskState.Succeeded);
        run.Record.Notices.ShouldBe([
            "it depends on steps of this deployment and was not part of it; before they ran steps.orders.outputs.Arn had no value, so it "
                + "was not compared after them",
        ]);
    }

    [Fact]
    public async Task A_throttled_read_of_a_dependent_step_is_tried_again()
    {
        await Only("orders");
        await Release("bills");
        _bench.Queues.ThrottledAfter = 1;

        await Should.ThrowAsync<AwsUnavailableException>(() =>
            _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0))
        );
    }

    [Fact]
    public async Task The_proof_waits_as_long_as_the_step_itself_may()
    {
        _bench.Queues.Limit = TimeSpan.FromMinutes(25);
        _bench.Queues.Underway.Add("bills-dev");
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Desk.Now += TimeSpan.FromMinutes(24);
        await Should.ThrowAsync<NotYetException>(() => Prove());
        _bench.Desk.Now += TimeSpan.FromMinutes(1);

        (await Should.ThrowAsync<StepTimedOutException>(() => Prove())).Message.ShouldContain(
            "after 25 minutes; a deployment waits at most 25 minutes at its end"
        );
    }

    [Fact]
    public async Task What_was_read_before_a_read_was_throttled_is_not_read_again()
    {
        _bench.Queues.Reads = 60;
        _bench.Queues.ThrottledAfter = 40;
        await Should.ThrowAsync<AwsUnavailableException>(() => Prove());
        _bench.Queues.ReadsMade.ShouldBe(40);

        (await Prove()).Proven.ShouldBeTrue();

        _bench.Queues.ReadsMade.ShouldBe(3 * 60);
    }

    private static AmazonServiceException Refused() =>
        new("not allowed") { ErrorCode = "AccessDenied", StatusCode = HttpStatusCode.Forbidden };

    private async Task<StepDiffersException> ProveToTheEnd()
    {
        for (var entry = 0; entry < 10; entry++)
        {
            try
            {
                await Prove();
            }
            catch (NotYetException)
            {
                _bench.Desk.Now += TimeSpan.FromSeconds(15);
            }
            catch (StepDiffersException wrong)
            {
                return wrong;
            }
        }

        throw new InvalidOperationException("the proof does not fail");
    }

    private Task<ProofAnswer> Prove(int redriveCount = 0) =>
        _bench.Get<Proof>().Run(new DeploymentInput(new("one"), new("arn"), redriveCount, 0));

    private async Task<IReadOnlyList<TaskRecord>> Records() => await _bench.Desk.Ledger.Query(TaskRecord.All(new("one")));

    private Task Only(params string[] steps) =>
        _bench.Desk.Ledger.Change(DeploymentRecord.Key(new("one")), present => present! with { Only = steps });

    private Task Release(string step) =>
        _bench.Desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", step),
            new ReleasedStep
            {
                Step = step,
                Deployment = new("before"),
                Inputs = "digest",
                Resource = step,
            }
        );
}
