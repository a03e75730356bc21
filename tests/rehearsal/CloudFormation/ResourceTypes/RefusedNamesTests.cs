namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>What the services of recorded resources refuse.</summary>
public sealed class RefusedNamesTests : IAsyncLifetime
{
    private SimulatedCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await SimulatedCloud.Start();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Theory]
    [InlineData("AWS::SNS::Topic", "TopicName: a b", "Invalid parameter: Topic Name")]
    [InlineData("AWS::SNS::Topic", "TopicName: a.fifo", "Invalid parameter: Topic Name")]
    [InlineData("AWS::SNS::Topic", "TopicName: a, FifoTopic: true", "Fifo Topic names must end with .fifo")]
    [InlineData("AWS::Logs::LogGroup", "LogGroupName: a b", "failed to satisfy constraint")]
    [InlineData("AWS::Logs::LogGroup", "LogGroupName: aws/a", "reserved for AWS")]
    [InlineData("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/33", "is not a valid CIDR block")]
    [InlineData("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/8", "The CIDR '10.0.0.0/8' is invalid.")]
    [InlineData("AWS::EC2::Subnet", "VpcId: vpc-1, CidrBlock: 10.0.0.0/29", "The CIDR '10.0.0.0/29' is invalid.")]
    public async Task Fail_the_resource_in_the_words_of_the_service(string type, string properties, string message)
    {
        var failed = await Should.ThrowAsync<InvalidOperationException>(
            _cloud.Deploy("refused", $"Resources: {{ R: {{ Type: {type}, Properties: {{ {properties} }} }} }}")
        );

        failed.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("AWS::SNS::Topic", "TopicName: a_b-c.fifo, FifoTopic: true")]
    [InlineData("AWS::Logs::LogGroup", "LogGroupName: /aws/lambda/a.b_c#d")]
    [InlineData("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16")]
    [InlineData("AWS::EC2::Subnet", "VpcId: vpc-1, CidrBlock: 10.0.0.0/28")]
    public Task What_they_take_is_made(string type, string properties) =>
        _cloud.Deploy("taken", $"Resources: {{ R: {{ Type: {type}, Properties: {{ {properties} }} }} }}");
}
