using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Records;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Tests.Records;

/// <summary>Which revisions the list of deployments gives to each of them.</summary>
public sealed class PastDeploymentTests
{
    private const string Arn = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:";

    private static readonly PushedRevision Pushed = new()
    {
        Target = "dev",
        Step = "web",
        Name = "4d1e0a77",
        Key = "rev",
        Content = "c",
        Source = "s",
        Deployment = new DeploymentId("first"),
        ReleasedAgainBy = [new DeploymentId("again")],
        At = "2030",
        Zip = "z",
    };

    [Theory]
    [InlineData("first", null, "SUCCEEDED", true)]
    [InlineData("first", null, "FAILED", true)]
    [InlineData("again", null, "SUCCEEDED", true)]
    [InlineData("other", null, "SUCCEEDED", false)]
    [InlineData("again", "4d1e0a77", "SUCCEEDED", true)]
    [InlineData("back", "4d1e0a77", "SUCCEEDED", false)]
    [InlineData("back", "4d1e0a77", "SUCCEEDED", false, true)]
    [InlineData("back", "4d1e0a77", "FAILED", false, true)]
    [InlineData("back", "4d1e0a77", "ABORTED", false, true)]
    public void A_revision_is_of_each_deployment_that_pushed_or_released_it(
        string name,
        string? back,
        string status,
        bool isListed,
        bool isOfEarlierVersion = false
    )
    {
        var listed = new ExecutionListItem
        {
            ExecutionArn = Arn + name,
            Name = name,
            Status = new ExecutionStatus(status),
            StartDate = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        var record = new DeploymentRecord
        {
            Deployment = new DeploymentId(name),
            Execution = new ExecutionArn(Arn + name),
            Service = "inventory",
            Target = "dev",
            Account = "111111111111",
            Region = "us-east-1",
            Digest = "d",
            Number = 1,
            RollbackTo = back,
        };

        var past = PastDeployment.From(listed, record, [isOfEarlierVersion ? Pushed with { ReleasedAgainBy = null } : Pushed]);

        past.Released.Values.ShouldBe(isListed ? ["4d1e0a77"] : []);
    }
}
