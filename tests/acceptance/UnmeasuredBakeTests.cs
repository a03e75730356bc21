using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

public sealed class UnmeasuredBakeTests
{
    [Fact]
    public async Task Metrics_that_nodes_do_not_publish_are_reported_and_not_taken_for_health()
    {
        using var folder = new TemporaryFolder();
        var service = CommandLine.CopyInventory(folder.Path);
        Change(
            Path.Combine(service, "deployer.yaml"),
            "    allowConflicts:",
            "    bake: { for: 5m, freeMemory: 20%, throttled: 10 }\n    allowConflicts:"
        );
        foreach (
            var template in Directory.EnumerateFiles(
                Path.Combine(service, "accounts", "datomic-cloud-1"),
                "query-group-*",
                SearchOption.AllDirectories
            )
        )
        {
            Change(template, "cloudwatch:PutMetricData", "cloudwatch:ListMetrics");
        }

        var result = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        result.Report.Verdict.ShouldBe(Verdict.Succeeded, result.Report.Cause);
        result
            .Report.Pipeline.ShouldNotBeNull()
            .Summary.ShouldBe(
                string.Join(
                    "; ",
                    new[] { "JvmFreeMb", "HttpDirectThrottled", "HttpEndpointThrottled" }
                        .Select(metric =>
                            $"ions: CloudWatch has no values of {metric} in DatomicCloud for "
                            + "datomic-dev and inventory-dev: it was not watched in the bake"
                        )
                        .Prepend("inventory is on dev: succeeded")
                )
            );
    }

    private static void Change(string file, string from, string to) =>
        File.WriteAllText(file, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));
}
