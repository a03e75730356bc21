using System.Globalization;
using System.Net;
using Amazon.CloudFormation;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Tests.Stacks;
using NSubstitute;

namespace Deployer.Functions.Tests.Steps;

/// <summary>References to outputs that have no value: the cause says what there is instead.</summary>
public sealed class StepRunTests
{
    [Theory]
    [InlineData(new string[0], "step 'network' has no outputs at all: its template declares none, or their conditions do not hold")]
    [InlineData(new[] { "Vpc", "Subnet" }, "step 'network' has the outputs Subnet; Vpc")]
    [InlineData(null, "step 'network' has not run on dev yet")]
    public async Task A_reference_without_a_value_names_the_outputs_that_there_are(string[]? outputs, string known)
    {
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>());
        bench.Folder.With(
            "deployer.yaml",
            $$"""
            service: inventory
            targets: { dev: { account: "{{StackBench.Account}}", region: us-east-1 } }
            steps:
              network: { stack: "inventory-${target}-network", template: "https://s3.amazonaws.com/templates/network.yaml" }
              api:
                stack: "inventory-${target}-api"
                template: api.yaml
                parameters: { Id: "${steps.network.outputs.Id}" }
                after: [ network ]
            """
        );
        bench.Folder.With("api.yaml", "Parameters: { Id: { Type: String } }\nResources: { Topic: { Type: AWS::SNS::Topic } }");
        if (outputs is not null)
        {
            bench.Released["network"] = new ReleasedStep
            {
                Step = "network",
                Deployment = new("before"),
                Inputs = "digest",
                Resource = "stack",
                Outputs = outputs.ToDictionary(output => output, output => "value"),
            };
        }

        (await Should.ThrowAsync<SpecInvalidException>(bench.Advance)).Message.ShouldEndWith(
            $"${{steps.network.outputs.Id}} has no value; {known}"
        );
    }

    [Fact]
    public async Task What_could_not_be_read_is_said_with_its_cause_and_without_secrets()
    {
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>());
        await bench.Enter(run =>
        {
            run.Secrets.Add("hunter2hunter2");
            var refused = new AmazonCloudFormationException("not for hunter2hunter2")
            {
                ErrorCode = "AccessDenied",
                StatusCode = HttpStatusCode.Forbidden,
            };

            run.Unread("what runs", refused)
                .ShouldBe($"what runs could not be read: AWS was refused: AccessDenied: not for {CauseText.Hidden}");
            return Task.FromResult(true);
        });
    }

    /// <summary>A record that nobody takes away would otherwise stay for ever: that of a wait, and that of an operation.</summary>
    [Fact]
    public async Task A_wait_and_an_operation_of_the_deployment_s_own_end_with_the_lifetime_of_records()
    {
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>());
        var expiry = await bench.Enter(async run =>
        {
            await run.WaitFor("stack-1");
            await run.Own("operation-1");
            return run.Expiry;
        });

        var end = (new DateTimeOffset(bench.Now.ToUniversalTime(), TimeSpan.Zero) + LedgerTable.Lifetime).ToUnixTimeSeconds();
        expiry.ShouldNotBeNull().ToUnixTimeSeconds().ShouldBe(end);
        foreach (var partition in new[] { WaitRecord.All("stack-1").Partition, OwnOperation.Key("operation-1").Partition })
        {
            var item = (await bench.Desk.Items(partition)).ShouldHaveSingleItem();
            item[LedgerTable.ExpiryName].N.ShouldBe(end.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// An entry may be late: slow, its answers lost and asked for again, or called twice
    /// (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
    /// </summary>
    [Theory]
    [InlineData(TaskState.Succeeded)]
    [InlineData(TaskState.Failed)]
    public async Task A_late_entry_opens_no_wait_again_and_writes_over_no_end(TaskState end)
    {
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>());
        await bench.Enter(async run =>
        {
            await run.WaitFor("stack-1");
            var late = run.Record;
            await run.Save(late with { State = end });
            await run.StopWaiting();
            (await bench.Desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldBeEmpty();

            await Should.ThrowAsync<NotYetException>(() => run.WaitFor("stack-1"));
            (await bench.Desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldBeEmpty();
            await Should.ThrowAsync<NotYetException>(() => run.Save(late with { Notices = ["late"] }));
            var key = TaskRecord.Key(late.Deployment, late.Step, late.Task);
            (await bench.Desk.Ledger.Read(key)).ShouldNotBeNull().State.ShouldBe(end);

            await run.BeginAgain();
            await run.WaitFor("stack-1");
            (await bench.Desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldHaveSingleItem();
            return true;
        });
    }
}
