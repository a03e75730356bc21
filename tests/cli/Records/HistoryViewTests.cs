using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Records;

namespace Deployer.Cli.Tests.Records;

public sealed class HistoryViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_deployment_has_its_number_its_end_who_asked_and_its_execution()
    {
        var deployment = new PastDeployment(
            7,
            "deploy",
            Verdict.Succeeded,
            Start,
            Start.AddMinutes(26),
            2,
            "user/jane",
            "0c140e4",
            new Dictionary<string, string> { ["ions"] = "0c140e4a" },
            null,
            null,
            "arn:7"
        );

        Shown(deployment)
            .ShouldBe(
                """
                ✓    7  2026-03-01 09:30:00Z  succeeded in 26:00, redriven 2 times
                        deploy by user/jane, revision 0c140e4
                        ions: revision 0c140e4a
                        arn:7

                """
            );
    }

    [Fact]
    public void A_failure_has_its_cause_and_what_ended_without_a_record_has_no_number()
    {
        var deployment = new PastDeployment(
            null,
            "deploy",
            Verdict.Failed,
            Start,
            null,
            0,
            null,
            null,
            new Dictionary<string, string>(),
            "SpecInvalidException",
            "wrong",
            "arn:8"
        );

        var shown = Shown(deployment);

        shown.ShouldStartWith("✗    -  2026-03-01 09:30:00Z  failed\n");
        shown.ShouldContain("        deploy by an unnamed caller\n        SpecInvalidException: wrong\n");
    }

    [Fact]
    public void That_nothing_was_deployed_is_said() =>
        Shown().ShouldBe("inventory was not deployed to dev by this deployer in the last 90 days\n");

    private static string Shown(params PastDeployment[] deployments)
    {
        var writer = new StringWriter { NewLine = "\n" };
        new HistoryView().Show(new HistoryReport("inventory", "dev", deployments), new Screen(writer, 60));
        return writer.ToString();
    }
}
