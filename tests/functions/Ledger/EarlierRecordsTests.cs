using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;

namespace Deployer.Functions.Tests.Ledger;

/// <summary>Records as the version before wrote them: an execution that it began can be redriven.</summary>
public sealed class EarlierRecordsTests
{
    [Fact]
    public void A_task_of_the_version_before_has_its_step_and_its_task()
    {
        var record = Read(
            TaskRecord.Key("one", "group", "stack").Json,
            """
            {"deployment":"one","step":"group/stack","kind":"stack","attempt":2,"redriveCount":1,"state":"Running","action":"updated",
             "resource":"arn:stack","facts":{"changeSet":"arn:changeSet","inputs":"0123456789ab","stack":"arn:stack"},
             "notices":["a notice"],"waits":["arn:stack"],"waitedFrom":3}
            """
        );

        (record.Step, record.Task, record.State, record.Attempt, record.WaitedFrom).ShouldBe(("group", "stack", TaskState.Running, 2, 3));
        record.Waits.ShouldBe(["arn:stack"]);
        record.NoticesWithStep.ShouldBe(["group: a notice"]);
    }

    [Fact]
    public void A_task_is_read_as_it_was_written()
    {
        var json = TaskRecord.Key("one", "group", "stack").Json;
        var written = new TaskRecord
        {
            Deployment = "one",
            Step = "group",
            Task = "stack",
            Kind = "stack",
        };

        var text = JsonSerializer.Serialize(written, json);
        var read = Read(json, text);

        (read.Step, read.Task).ShouldBe(("group", "stack"));
        text.ShouldContain("\"step\":\"group\",\"task\":\"stack\"");
    }

    [Fact]
    public void A_wait_of_the_version_before_has_its_step_and_its_task()
    {
        var wait = Read(
            WaitRecord.Key("arn:stack", "one", "group", "stack").Json,
            """{"resource":"arn:stack","deployment":"one","step":"group/stack","token":"secret"}"""
        );

        (wait.Step, wait.Task, wait.Token).ShouldBe(("group", "stack", "secret"));
        wait.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Records_lie_where_the_version_before_put_them()
    {
        Place(DeploymentRecord.Key("one")).ShouldBe(("DEPLOYMENT#one", "RECORD"));
        Place(TaskRecord.Key("one", "group", "stack")).ShouldBe(("DEPLOYMENT#one", "STEP#group/stack"));
        Place(WaitRecord.Key("arn", "one", "group", "stack")).ShouldBe(("WAIT#arn", "one#group/stack"));
        Place(ReleasedStep.Key("inventory", "dev", "group")).ShouldBe(("TARGET#inventory#dev", "STEP#group"));
        Place(LockRecord.Key("inventory", "dev")).ShouldBe(("TARGET#inventory#dev", "LOCK"));
        Place(GroupCapacity.Key("inventory", "dev", "group")).ShouldBe(("TARGET#inventory#dev", "CAPACITY#group"));
        Place(OpenDeployment.Key("one")).ShouldBe(("OPEN", "one"));
        Place(InstanceRecord.Key("inventory", "dev-x")).ShouldBe(("INSTANCES", "inventory#dev-x"));
    }

    [Fact]
    public void A_deployment_and_a_lock_of_the_version_before_are_read_whole()
    {
        var deployment = Read(
            DeploymentRecord.Key("one").Json,
            """
            {"deployment":"one","execution":"arn:one","service":"inventory","target":"dev","capacity":"Off","remove":false,
             "digest":"0123","only":["group"],"number":7,"closed":true,"succeeded":false,"error":"E","cause":"C"}
            """
        );
        var held = Read(
            LockRecord.Key("inventory", "dev").Json,
            """
            {"lastNumber":7,"owner":{"deployment":"one","execution":"arn:one","number":6},
             "waiter":{"deployment":"two","execution":"arn:two","number":7,"token":"t"},"changed":6}
            """
        );

        (deployment.Capacity, deployment.Number, deployment.Closed, deployment.Cause).ShouldBe((CapacityChange.Off, 7, true, "C"));
        (held.LastNumber, held.Owner?.Number, held.Waiter?.Token, held.Changed).ShouldBe((7, 6, "t", 6));
    }

    private static (string Partition, string Sort) Place<T>(LedgerKey<T> key)
        where T : class => (key.Partition, key.Sort);

    private static T Read<T>(JsonTypeInfo<T> json, string text) => JsonSerializer.Deserialize(text, json)!;
}
