using System.Text.Json;
using Deployer.Cli.Places;
using Deployer.Cli.Tests.Rehearsals;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Tests.Places;

/// <summary>What is reported of a step that was stopped, by the deployer's records alone.</summary>
public sealed class StoppedStepsTests : IDisposable
{
    private const string Changed = "stack inventory-dev: stopped after its capacity was changed, to which Auto Scaling goes on";

    private readonly SmallService _service = new();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData(TaskState.Begun, null, null, "stack inventory-dev: not changed")]
    [InlineData(TaskState.Begun, null, "mended", "stack inventory-dev: stopped")]
    [InlineData(
        TaskState.Running,
        "arn:stack",
        null,
        "stack inventory-dev: stopped while CloudFormation was at work, which goes on to its end"
    )]
    public async Task A_stack_says_whether_anything_was_executed(TaskState state, string? resource, string? mended, string line)
    {
        var task = Task("stack", state, resource).Keep<StackProgress>(kept => kept with { Stack = "arn:stack", Mended = mended });

        var part = await Reported(StepAction.Stopped, task);

        part.Lines.ShouldBe([line]);
        JsonSerializer
            .Serialize((StackReport)part, new JsonSerializerOptions(JsonSerializerDefaults.Web))
            .ShouldBe("""{"name":"inventory-dev","action":"stopped","status":null}""");
    }

    /// <summary>The capacity of a group is no work of CloudFormation, which changes nothing of the stack.</summary>
    [Theory]
    [InlineData(TaskState.Begun, null, "stack inventory-dev: not changed")]
    [InlineData(TaskState.Running, "TxAutoScalingGroup", Changed)]
    [InlineData(TaskState.Succeeded, "TxAutoScalingGroup", Changed)]
    public async Task A_stack_says_whether_its_capacity_was_changed(TaskState state, string? resource, string line) =>
        (await Reported(StepAction.Stopped, Task("capacity", state, resource))).Lines.ShouldBe([line]);

    [Fact]
    public async Task A_stack_that_failed_has_failed()
    {
        (await Reported(StepAction.Failed, Task("stack", TaskState.Failed, "arn:stack"))).Lines.ShouldBe(["stack inventory-dev: failed"]);
    }

    [Fact]
    public void Ions_say_whether_their_deploy_goes_on()
    {
        Lines(StepAction.Stopped, isUnderway: true)
            .ShouldBe(["group inventory-dev: stopped while revision r was deployed, which goes on to its end"]);
        Lines(StepAction.Stopped, isUnderway: false).ShouldBe(["group inventory-dev: not changed; revision r was not deployed"]);
        Lines(StepAction.Failed, isUnderway: false).ShouldBe(["group inventory-dev: the deploy of revision r has not ended well"]);
        Lines(StepAction.Failed, isUnderway: false, hasBegun: false)
            .ShouldBe(["group inventory-dev: not changed; revision r was not deployed"]);

        static IEnumerable<string> Lines(StepAction action, bool isUnderway, bool hasBegun = true) =>
            ((IReportPart)new RecordedIonsReport("inventory-dev", "r", action) { IsUnderway = isUnderway, HasBegun = hasBegun }).Lines;
    }

    private async Task<IReportPart> Reported(StepAction action, TaskRecord task)
    {
        var source = new DiskFolder(_service.Folder);
        var spec = SpecReader.Read(source).Spec!;
        var step = new ReportedStep(spec, spec.Target("dev")!, source, spec.Step("group")!, action, [task], Account: null);
        return (await FunctionServices.Kinds("dev").Find("stack").Report(step)).ShouldHaveSingleItem();
    }

    private static TaskRecord Task(string name, TaskState state, string? resource) =>
        new()
        {
            Deployment = new DeploymentId("inventory-dev-1"),
            Step = "group",
            Task = name,
            Kind = "stack",
            State = state,
            Resource = resource,
        };
}
