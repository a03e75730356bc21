using Deployer.Cli.Progress;

namespace Deployer.Cli.Tests.Progress;

public sealed class StepTimelineTests
{
    [Theory]
    [InlineData("""{"deployment":"one","step":"group"}""", null, "group")]
    [InlineData(null, """{"FunctionName":"deployer-dev-UpdateStack","Payload":{"step":"group"}}""", "group")]
    [InlineData(null, """{"FunctionName":"deployer-dev-Begin","Payload":{"request":{}}}""", null)]
    [InlineData(null, """{"FunctionName":"deployer-dev-Begin"}""", null)]
    [InlineData(null, """{"Payload":"a text"}""", null)]
    [InlineData("""{"step":7}""", null, null)]
    [InlineData("[1]", null, null)]
    [InlineData("no JSON", null, null)]
    public void A_step_is_named_by_what_a_state_or_its_function_is_handed(string? input, string? parameters, string? step) =>
        new StepTimeline().Add(Event("TaskStateEntered", input: input, parameters: parameters)).ShouldBe(step);

    [Fact]
    public void The_function_of_a_task_is_the_last_word_of_its_name()
    {
        StepTimeline
            .FunctionOf(Event("TaskScheduled", parameters: """{"FunctionName":"arn:aws:lambda:::function:deployer-dev-UpdateStack"}"""))
            .ShouldBe("UpdateStack");
        StepTimeline.FunctionOf(Event("TaskScheduled", parameters: """{"QueueUrl":"x"}""")).ShouldBeNull();
    }

    [Theory]
    [InlineData(
        """{"plan":{"waves":[{"steps":[{"name":"group","kind":"stack"}]},{"steps":[{"name":"ions","kind":"ions"}]}]}}""",
        "group ions"
    )]
    [InlineData("""{"plan":{"waves":[]}}""", "")]
    [InlineData("""{"plan":7}""", "")]
    public void What_is_planned_is_the_output_of_the_state_that_orders_the_steps(string output, string steps)
    {
        var timeline = new StepTimeline();

        timeline.Add(Event("TaskStateExited", name: "Plan", output: output));

        string.Join(' ', timeline.Ordered!).ShouldBe(steps);
    }

    [Fact]
    public void What_comes_after_the_end_of_a_step_is_of_no_step()
    {
        var timeline = new StepTimeline();
        TimelineEvent[] events =
        [
            Event("MapIterationStarted", name: "Steps"),
            Event("TaskStateEntered", input: """{"step":"group"}"""),
            Event("TaskStateExited"),
            Event("MapIterationSucceeded", name: "Steps"),
            Event("MapStateSucceeded"),
            Event("TaskStateEntered", name: "Prove", input: "{}"),
        ];

        events
            .Select((happened, index) => timeline.Add(happened with { Id = index + 1, Previous = index }))
            .ShouldBe([null, "group", "group", "group", null, null]);
        timeline.Ends.ShouldBe([new("group", StepEnd.Succeeded)]);
    }

    private static TimelineEvent Event(
        string type,
        string? name = null,
        string? input = null,
        string? parameters = null,
        string? output = null
    ) => new(1, 0, DateTimeOffset.MinValue, type, name, input, parameters, output);
}
