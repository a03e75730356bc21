using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Stacks;
using Deployer.Functions.Transactors;

namespace Deployer.Functions.Tests.Ledger;

/// <summary>Records as the version before wrote them: an execution that it began can be redriven.</summary>
public sealed class EarlierRecordsTests
{
    [Fact]
    public void A_task_of_the_version_before_has_its_step_and_its_task()
    {
        var record = Read(
            TaskRecord.Key(new("one"), "group", "stack").Json,
            """
            {"deployment":"one","step":"group/stack","kind":"stack","attempt":2,"redriveCount":1,"state":"Running","action":"updated",
             "resource":"arn:stack","facts":{"changeSet":"arn:changeSet","inputs":"0123456789ab","stack":"arn:stack"},
             "notices":["a notice"],"waits":["arn:stack"],"waitedFrom":3}
            """
        );

        (record.Deployment, record.Action).ShouldBe((new DeploymentId("one"), StepAction.Updated));
        (record.Step, record.Task, record.State, record.Attempt).ShouldBe(("group", "stack", TaskState.Running, 2));
        record.WaitsSince.ShouldBeNull();
        record.Waits.ShouldBe(["arn:stack"]);
        record.NoticesWithStep.ShouldBe(["group: a notice"]);
        var kept = record.Kept<StackProgress>();
        (kept.ChangeSet, kept.Inputs, kept.Stack, kept.Mended).ShouldBe(("arn:changeSet", "0123456789ab", "arn:stack", null));
    }

    [Fact]
    public void What_tasks_of_the_version_before_kept_is_read_with_its_type()
    {
        Facts("""{"key":":rev","name":"0123"}""").Kept<PushProgress>().ShouldBe(new PushProgress { Key = ":rev", Name = "0123" });
        Facts("""{"group":"inventory-dev","nodes":"3"}""")
            .Kept<DeployProgress>()
            .ShouldBe(new DeployProgress { Group = "inventory-dev", Nodes = 3 });
        Facts("""{"nodes":"2"}""").Kept<CapacityProgress>().Nodes.ShouldBe(2);
        var resolved = Facts("""{"dns":"vpce.example","functions":"[\"a\",\"b\"]"}""").Kept<ResolvedEndpoint>();
        resolved.Dns.ShouldBe("vpce.example");
        resolved.Functions.ShouldBe(["a", "b"]);
        Facts("""{"a":"injected","functions":"injected"}""").Kept<InjectedFunctions>().Names.ShouldBe(["a", "functions"]);
        Facts("{}").Kept<StackProgress>().ShouldBe(new StackProgress());
        Facts("""{"formerOther":{"definition":"arn:revision","desired":1}}""")
            .Kept<TransactorProgress>()
            .FormerCounterpart.ShouldBe(new FormerPart("arn:revision", 1));
    }

    [Fact]
    public void What_tasks_keep_is_read_as_it_was_written()
    {
        var json = TaskRecord.Key(new("one"), "endpoint", "resolve").Json;
        var written = Facts("{}").Keep<ResolvedEndpoint>(_ => new() { Dns = "vpce.example", Functions = ["a", "b"] });

        Read(json, JsonSerializer.Serialize(written, json)).Kept<ResolvedEndpoint>().Functions.ShouldBe(["a", "b"]);
        Facts("{}").Keep<InjectedFunctions>(kept => kept.And("a").And("b").And("a")).Kept<InjectedFunctions>().Names.ShouldBe(["a", "b"]);
        Facts("{}").Keep<DeployProgress>(kept => kept with { Nodes = 4 }).Kept<DeployProgress>().Nodes.ShouldBe(4);
    }

    [Fact]
    public void What_the_version_before_released_is_read_whole()
    {
        var json = ReleasedStep.Key("inventory", "dev", "ions").Json;
        var released = Read(
            json,
            """
            {"step":"ions","deployment":"one","inputs":"0123","outputs":{},"resource":"abc",
             "facts":{"key":":rev","name":"abc","lambdas":"inventory-dev-a inventory-dev-b"}}
            """
        );

        (released.Kept<ReleasedIons>().Name, released.Kept<ReleasedIons>().Key).ShouldBe(("abc", ":rev"));
        released.Kept<ReleasedIons>().Lambdas.ShouldBe(["inventory-dev-a", "inventory-dev-b"]);
        Read(json, JsonSerializer.Serialize(released.Keep(released.Kept<ReleasedIons>()), json))
            .Kept<ReleasedIons>()
            .Lambdas.ShouldBe(["inventory-dev-a", "inventory-dev-b"]);
    }

    [Fact]
    public void A_task_is_read_as_it_was_written()
    {
        var json = TaskRecord.Key(new("one"), "group", "stack").Json;
        var written = new TaskRecord
        {
            Deployment = new("one"),
            Step = "group",
            Task = "stack",
            Kind = "stack",
        };

        var text = JsonSerializer.Serialize(written, json);
        var read = Read(json, text);

        (read.Step, read.Task).ShouldBe(("group", "stack"));
        text.ShouldContain("\"step\":\"group\",\"task\":\"stack\"");
    }

    [Theory]
    [InlineData(StepAction.None, "none")]
    [InlineData(StepAction.Pushed, "pushed")]
    [InlineData(StepAction.On, "on")]
    [InlineData(StepAction.Off, "off")]
    [InlineData(StepAction.Created, "created")]
    [InlineData(StepAction.Updated, "updated")]
    [InlineData(StepAction.Replaced, "replaced")]
    [InlineData(StepAction.Released, "released")]
    [InlineData(StepAction.Injected, "injected")]
    [InlineData(StepAction.Removed, "removed")]
    public void An_action_is_written_as_the_version_before_wrote_it(StepAction action, string text)
    {
        var json = TaskRecord.Key(new("one"), "step", "task").Json;

        var written = JsonSerializer.Serialize(Facts("{}") with { Action = action }, json);

        written.ShouldContain($"\"action\":\"{text}\"");
        Read(json, written).Action.ShouldBe(action);
    }

    [Theory]
    [InlineData("\"mended\"", "'mended' is no action of a step; expected one of none, pushed, on, off")]
    [InlineData("\"Created\"", "'Created' is no action of a step")]
    [InlineData("3", "a StepAction is a text, not a Number")]
    public void An_action_that_is_not_known_is_refused_by_name(string action, string refusal) =>
        Should
            .Throw<JsonException>(() =>
                Read(
                    TaskRecord.Key(new("one"), "step", "task").Json,
                    $$"""{"deployment":"one","step":"step/task","kind":"stack","action":{{action}}}"""
                )
            )
            .Message.ShouldStartWith(refusal);

    [Fact]
    public void Deployments_and_executions_are_written_as_their_texts()
    {
        var open = new OpenDeployment(new("one"), new("arn:aws:states:us-east-1:1:execution:deploy:one"));

        JsonSerializer
            .Serialize(open, OpenDeployment.Key(open.Deployment).Json)
            .ShouldBe("""{"deployment":"one","execution":"arn:aws:states:us-east-1:1:execution:deploy:one"}""");
        open.Execution.Deployment.ShouldBe(open.Deployment);
    }

    [Fact]
    public void A_wait_of_the_version_before_has_its_step_and_its_task()
    {
        var wait = Read(
            WaitRecord.Key("arn:stack", new("one"), "group", "stack").Json,
            """{"resource":"arn:stack","deployment":"one","step":"group/stack","token":"secret"}"""
        );

        (wait.Step, wait.Task, wait.Token).ShouldBe(("group", "stack", "secret"));
        wait.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Records_lie_where_the_version_before_put_them()
    {
        Place(DeploymentRecord.Key(new("one"))).ShouldBe(("DEPLOYMENT#one", "RECORD"));
        Place(TaskRecord.Key(new("one"), "group", "stack")).ShouldBe(("DEPLOYMENT#one", "STEP#group/stack"));
        Place(WaitRecord.Key("arn", new("one"), "group", "stack")).ShouldBe(("WAIT#arn", "one#group/stack"));
        Place(ReleasedStep.Key("inventory", "dev", "group")).ShouldBe(("TARGET#inventory#dev", "STEP#group"));
        Place(LockRecord.Key("inventory", "dev")).ShouldBe(("TARGET#inventory#dev", "LOCK"));
        Place(GroupCapacity.Key("inventory", "dev", "group")).ShouldBe(("TARGET#inventory#dev", "CAPACITY#group"));
        Place(OpenDeployment.Key(new("one"))).ShouldBe(("OPEN", "one"));
        Place(InstanceRecord.Key("inventory", "dev-x")).ShouldBe(("INSTANCES", "inventory#dev-x"));
    }

    [Fact]
    public void A_deployment_and_a_lock_of_the_version_before_are_read_whole()
    {
        var deployment = Read(
            DeploymentRecord.Key(new("one")).Json,
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

    private static TaskRecord Facts(string facts) =>
        Read(
            TaskRecord.Key(new("one"), "step", "task").Json,
            $$"""{"deployment":"one","step":"step/task","kind":"stack","facts":{{facts}},"notices":[],"waits":[]}"""
        );

    private static T Read<T>(JsonTypeInfo<T> json, string text) => JsonSerializer.Deserialize(text, json)!;
}
