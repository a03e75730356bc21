using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Tests.Progress;

public sealed class ProgressLinesTests
{
    [Theory]
    [InlineData("Succeeded", "succeeded")]
    [InlineData("Failed", "failed")]
    [InlineData("Stopped", "stopped")]
    [InlineData("TimedOut", "timed out")]
    public void The_end_of_an_execution_is_named(string end, string words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        IProgressView lines = new ProgressLines(new Screen(output, width: 60));

        lines.Report(new ProgressEvent.ExecutionEnded(TimeSpan.FromSeconds(10), Enum.Parse<ExecutionEnd>(end)));

        output.ToString().ShouldBe($"    0:10  execution {words}\n");
    }

    [Fact]
    public void Each_thing_that_begins_or_ends_is_a_line_with_the_simulated_time()
    {
        using var output = new StringWriter { NewLine = "\n" };
        IProgressView lines = new ProgressLines(new Screen(output, width: 60));

        lines.Report(new ProgressEvent.WorkBegan("preparing the accounts"));
        lines.Report(new ProgressEvent.WorkEnded("accounts prepared"));
        lines.Report(
            new ProgressEvent.ExecutionBegan(TimeSpan.FromSeconds(10), "inventory-dev-1", "deploying", ExecutionBeginning.Started)
        );
        lines.Report(new ProgressEvent.StepsOrdered(TimeSpan.FromSeconds(10), ["group", "ions"]));
        lines.Report(new ProgressEvent.TaskBegan(TimeSpan.FromSeconds(20), "group", "update stack"));
        lines.Report(new ProgressEvent.TaskWaits(TimeSpan.FromSeconds(22), "group", "stack inventory-dev"));
        lines.Report(new ProgressEvent.TimePassed(TimeSpan.FromMinutes(6)));
        lines.Report(new ProgressEvent.StepEnded(TimeSpan.FromMinutes(75), "group", StepEnd.Failed));
        lines.Report(new ProgressEvent.ExecutionEnded(TimeSpan.FromMinutes(75), ExecutionEnd.Failed));

        output
            .ToString()
            .ShouldBe(
                """
                          preparing the accounts
                          accounts prepared
                    0:10  execution inventory-dev-1 started
                    0:10  steps: group, ions
                    0:20  group: update stack
                    0:22  group: waits for stack inventory-dev
                    6:00  group: update stack: stack inventory-dev, for 5:40
                 1:15:00  group: failed
                 1:15:00  execution failed

                """
            );
    }
}
