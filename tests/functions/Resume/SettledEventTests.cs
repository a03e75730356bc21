using System.Text.Json;
using Deployer.Functions.Resume;

namespace Deployer.Functions.Tests.Resume;

public sealed class SettledEventTests
{
    [Theory]
    [InlineData(
        "aws.cloudformation",
        """{"stack-id":"arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1","status-details":{"status":"UPDATE_COMPLETE"}}""",
        "arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1"
    )]
    [InlineData(
        "aws.codebuild",
        """{"build-id":"arn:aws:codebuild:us-east-1:222222222222:build/deployer-dev-ions:7a1b","build-status":"SUCCEEDED"}""",
        "deployer-dev-ions:7a1b"
    )]
    [InlineData(
        "aws.states",
        """{"executionArn":"arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1"}""",
        "arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1"
    )]
    [InlineData("aws.codedeploy", """{"deploymentId":"d-ABC","state":"SUCCESS"}""", "d-ABC")]
    [InlineData("aws.states", """{"status":"SUCCEEDED"}""", null)]
    [InlineData("aws.ec2", """{"instance-id":"i-1"}""", null)]
    [InlineData("aws.cloudformation", "[]", null)]
    public void An_event_names_what_it_is_about(string source, string detail, string? resource)
    {
        using var document = JsonDocument.Parse(detail);

        new SettledEvent(source, "111111111111", "us-east-1", document.RootElement).Resource.ShouldBe(resource);
    }
}
