using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Records;
using Deployer.Functions.Ledger;

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

    [Theory]
    [InlineData(true, Verdict.NothingToDo, "✓    2  2026-03-01 09:30:00Z  nothing to do in 1:00\n")]
    [InlineData(false, Verdict.Succeeded, "✓    2  2026-03-01 09:30:00Z  succeeded in 1:00\n")]
    [InlineData(null, Verdict.Succeeded, "✓    2  2026-03-01 09:30:00Z  succeeded in 1:00\n")]
    public void A_deployment_that_had_nothing_to_do_says_so_where_its_record_does(bool? hadNothing, Verdict verdict, string line)
    {
        const string Arn = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:two";
        var listed = new ExecutionListItem
        {
            ExecutionArn = Arn,
            Status = ExecutionStatus.SUCCEEDED,
            StartDate = Start.UtcDateTime,
            StopDate = Start.UtcDateTime.AddMinutes(1),
        };
        var record = new DeploymentRecord
        {
            Deployment = new("two"),
            Execution = new(Arn),
            Service = "inventory",
            Target = "dev",
            Digest = "0123",
            Number = 2,
            HadNothingToDo = hadNothing,
        };

        var past = PastDeployment.From(listed, record, []);

        past.Verdict.ShouldBe(verdict);
        Shown(past).ShouldStartWith(line);
    }

    [Fact]
    public void Of_an_execution_that_is_not_taken_up_yet_nobody_is_said_to_have_asked_for_it()
    {
        var shown = Shown(
            new PastDeployment(
                null,
                "deploy",
                Verdict.Running,
                Start,
                null,
                0,
                null,
                null,
                new Dictionary<string, string>(),
                null,
                null,
                "arn:8"
            )
        );

        shown.ShouldContain("        not taken up by the deployer yet\n");
        shown.ShouldNotContain("unnamed");
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
