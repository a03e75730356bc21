using Deployer.Cli.AwsAccounts;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Tests.AwsAccounts;

public sealed class DeploymentStopTests
{
    [Fact]
    public void The_end_is_looked_for_in_the_pipeline_that_asked_whatever_its_name()
    {
        var request = new DeploymentRequest("inventory", "dev", Pipeline: "releases");

        DeploymentStop.Pipelines(request).ShouldBe(["releases"]);
        DeploymentStop
            .Pipelines(request with { Pipeline = null })
            .ShouldBe(["inventory-pipeline", "inventory-pipeline-dev", "inventory-dev"]);
    }
}
