using Deployer.Functions.Ledger;

namespace Deployer.Functions.Tests.Ledger;

public sealed class StepActionsTests
{
    [Fact]
    public void A_step_did_what_says_most_of_what_its_tasks_did()
    {
        StepActions.Done([Task(StepAction.On), Task(StepAction.Removed)]).ShouldBe(StepAction.Removed);
        StepActions.Done([Task(StepAction.Pushed), Task(StepAction.Released)]).ShouldBe(StepAction.Released);
        StepActions.Done([Task(StepAction.None), Task(action: null)]).ShouldBe(StepAction.None);
    }

    [Fact]
    public void A_step_did_nothing_while_a_task_is_not_done_or_ions_were_only_pushed()
    {
        StepActions.Done([]).ShouldBe(StepAction.None);
        StepActions.Done([Task(StepAction.Pushed)]).ShouldBe(StepAction.None);
        StepActions.Done([Task(StepAction.Created), Task(StepAction.Created) with { State = TaskState.Failed }]).ShouldBe(StepAction.None);
    }

    private static TaskRecord Task(StepAction? action) =>
        new()
        {
            Deployment = new("one"),
            Step = "step",
            Task = "task",
            Kind = "stack",
            State = TaskState.Succeeded,
            Action = action,
        };
}
