using System.Net;
using System.Text;
using Amazon.Runtime;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Tests.Places;

public sealed class LookViewTests
{
    private static readonly DateTimeOffset Noon = new(2040, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What came last may have been heard of before, and is not written down twice: it is not how the stack is.</summary>
    [Fact]
    public void All_that_was_heard_of_an_operation_is_said_in_its_order()
    {
        var look = new LookReport(
            Noon + TimeSpan.FromMinutes(9),
            "reported",
            [
                Change("UPDATE_COMPLETE", 1, null),
                Change("UPDATE_IN_PROGRESS", 3, null),
                Change("DELETE_COMPLETE", 2, "Console-1"),
                Change("rejected by berta", 4, null) with
                {
                    Resource = "plan inventory-dev-1",
                },
            ],
            ["step 'api': stack api no longer exists"]
        );

        using var output = new StringWriter();
        LookView.Show(look, new Screen(output, width: 100), indent: 0);

        output
            .ToString()
            .ReplaceLineEndings("\n")
            .ShouldBe(
                """
                ✗ 2040-01-01 12:09:00Z  not as it was deployed
                    stack api: UPDATE_COMPLETE, UPDATE_IN_PROGRESS by operations without a name, since 2040-01-01
                      12:01:00Z
                    stack api: DELETE_COMPLETE by operation Console-1, since 2040-01-01 12:02:00Z
                    plan inventory-dev-1: rejected by berta, since 2040-01-01 12:04:00Z
                    step 'api': stack api no longer exists

                """.ReplaceLineEndings("\n")
            );
    }

    [Fact]
    public void What_the_deployer_itself_has_had_happen_is_no_change_outside_of_deployments()
    {
        var own = Change("instance i-1 was launched", 1, null).ByCapacity();
        var others = Change("instance i-2 was launched", 2, null);

        Shown(new LookReport(Noon, "nothing-differs", [own], [])).ShouldBeEmpty();
        Shown(new LookReport(Noon, "nothing-differs", [own, others], [])).ShouldStartWith("\nChanged outside of deployments\n");
        Shown(new LookReport(Noon, "reported", [own], ["it differs"])).ShouldContain("it differs");

        static string Shown(LookReport look)
        {
            using var output = new StringWriter();
            LookView.Show([look], new Screen(output, width: 100), indent: 2);
            return output.ToString().ReplaceLineEndings("\n");
        }
    }

    [Fact]
    public void That_a_storm_may_have_had_more_than_is_named_is_said()
    {
        Shown(PendingChange.MostNamed).ShouldContain("no more than 20 changes are named: there may have been others");
        Shown(PendingChange.MostNamed - 1).ShouldNotContain("there may have been others");

        static string Shown(int changes)
        {
            using var output = new StringWriter();
            var heard = Enumerable.Range(0, changes).Select(minute => Change($"UPDATE_{minute}", minute, null));
            LookView.Show(new LookReport(Noon, "reported", [.. heard], []), new Screen(output, width: 100), indent: 0);
            return output.ToString();
        }
    }

    [Theory]
    [InlineData(100, "✓ 2040-01-01 12:09:00Z  nothing differs from what was deployed\n")]
    [InlineData(60, "✓ 2040-01-01 12:09:00Z\n  nothing differs from what was deployed\n")]
    public void Its_heading_is_no_wider_than_the_window(int width, string shown)
    {
        using var output = new StringWriter();
        LookView.Show(new LookReport(Noon + TimeSpan.FromMinutes(9), "nothing-differs", [], []), new Screen(output, width), indent: 0);

        output.ToString().ReplaceLineEndings("\n").ShouldBe(shown);
    }

    [Theory]
    [InlineData(
        "FAILED",
        false,
        "✗ 2040-01-01 12:09:00Z  not deployed again: again was refused\n    SupersededException: a newer one came\n"
    )]
    [InlineData("FAILED", true, "✗ 2040-01-01 12:09:00Z  not deployed again: again has failed\n")]
    [InlineData("ABORTED", true, "✗ 2040-01-01 12:09:00Z  not deployed again: again was stopped\n")]
    [InlineData("RUNNING", true, "▸ 2040-01-01 12:09:00Z  deployed again by again\n")]
    [InlineData("SUCCEEDED", true, "▸ 2040-01-01 12:09:00Z  deployed again by again\n")]
    public async Task A_deployment_that_has_deployed_nothing_again_is_said_to_have_ended_so(string status, bool hasBegun, string shown)
    {
        using var aws = new Describing(status);
        using var tools = new AccountClients(
            InProcess.Connection(new BasicAWSCredentials("id", "key"), "us-east-1", aws),
            account: "222222222222"
        );
        var look = new LookReport(Noon + TimeSpan.FromMinutes(9), "redeployed", [], []) { Deployment = "again" };

        using var output = new StringWriter();
        LookView.Show(await look.WithEnd(tools.StepFunctions, "arn", hasBegun), new Screen(output, width: 100), indent: 0);

        output.ToString().ReplaceLineEndings("\n").ShouldBe(shown);
    }

    private static OutsideChange Change(string what, int minute, string? operation) =>
        new("stack api", what, operation, Noon + TimeSpan.FromMinutes(minute));

    /// <summary>Describes an execution, as Step Functions does.</summary>
    private sealed class Describing(string status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(
                        $$"""{"status":"{{status}}","error":"SupersededException","cause":"a newer one came"}""",
                        Encoding.UTF8,
                        "application/x-amz-json-1.0"
                    ),
                }
            );
    }
}
