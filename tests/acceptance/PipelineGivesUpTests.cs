using System.Text.RegularExpressions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// The pipeline's function cannot see how the execution goes, so the pipeline gives its job up before the execution closes.
/// </summary>
public sealed partial class PipelineGivesUpTests
{
    [Fact]
    public async Task The_run_lasts_until_the_execution_closes_and_not_until_the_pipeline_gives_up()
    {
        // With this seed the execution goes on for minutes after that.
        var result = await CommandLine.Rehearse("--seed", "5", "--fault", "throttled:states:DescribeExecution:all");

        result.Report.Pipeline!.Job.ShouldBe("failed");
        result.Report.Verdict.ShouldBe(Verdict.Failed);
        var closed = Closed().Match(result.Terminal).Groups["at"].Value;
        closed.ShouldNotBeEmpty(result.Terminal);
        VerdictLine().Match(result.Terminal).Groups["after"].Value.ShouldBe(closed);
        result.Report.Clock.VirtualSeconds.ShouldBeGreaterThan(TimeSpan.FromMinutes(21).TotalSeconds);
    }

    [GeneratedRegex(@"(?<at>[\d:]+)  execution (?:succeeded|failed)$", RegexOptions.Multiline)]
    private static partial Regex Closed();

    [GeneratedRegex(@"^. inventory to dev: failed in (?<after>[\d:]+) simulated", RegexOptions.Multiline)]
    private static partial Regex VerdictLine();
}
