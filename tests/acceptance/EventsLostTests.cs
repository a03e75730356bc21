using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

public sealed class EventsLostTests
{
    [Theory]
    [InlineData("events-lost")]
    [InlineData("events-twice")]
    [InlineData("events-disordered")]
    public async Task Events_are_not_needed_and_do_no_harm(string fault)
    {
        var rehearsed = await CommandLine.Rehearse("--fault", fault);

        rehearsed.ExitCode.ShouldBe(0);
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rehearsed.ShouldReportToThePipelineOnce("succeeded");
        rehearsed.ShouldLeaveNothingBehind();
        (rehearsed.Count("Invoke", "events.amazonaws.com") > 0).ShouldBe(true, "schedules and what is not lost still run");
    }
}
