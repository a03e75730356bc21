using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.CloudFormation;

/// <summary>CloudFormation asks SSM for <c>ssm:GetParameters</c>, for parameter types and dynamic references.</summary>
public sealed class SsmParametersTests
{
    private const string Typed = """
        Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/level } }
        Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Level } } }
        """;

    private const string Referenced = """
        Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: "{{resolve:ssm:/inventory/level:1}}" } } }
        """;

    [Theory]
    [InlineData(Typed)]
    [InlineData(Referenced)]
    public async Task A_role_that_may_get_parameters_makes_the_stack(string body)
    {
        await using var aws = await Start();

        (await Made(aws, body, "ssm:GetParameters")).ShouldBe((StackStatus.CREATE_COMPLETE.Value, null));
    }

    [Fact]
    public async Task A_role_that_may_get_single_parameters_only_is_refused_before_anything_begins()
    {
        await using var aws = await Start();

        var error = await Should.ThrowAsync<AmazonCloudFormationException>(() => Made(aws, Typed, "ssm:GetParameter"));

        error.Message.ShouldContain("is not authorized to perform: ssm:GetParameters on resource:");
    }

    [Fact]
    public async Task A_dynamic_reference_fails_its_resource_where_the_role_may_not_read_it()
    {
        await using var aws = await Start();

        var (status, reason) = await Made(aws, Referenced, "ssm:GetParameter");

        status.ShouldBe(StackStatus.ROLLBACK_COMPLETE.Value);
        reason!.ShouldContain("is not authorized to perform: ssm:GetParameters on resource:");
    }

    [Fact]
    public async Task A_version_of_a_dynamic_reference_is_the_one_that_is_read()
    {
        await using var aws = await Start();

        await Made(aws, Referenced.Replace(":1}}", ":2}}"), "ssm:GetParameters");

        using var client = new AmazonCloudFormationClient(TestAws.Root(TestAws.Prod), aws.Configure(new AmazonCloudFormationConfig()));
        (await client.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = "inventory" }))
            .StackResources.Single()
            .PhysicalResourceId.ShouldEndWith(":second");
    }

    /// <summary>What AWS publishes is of no account, in the resources of policies too.</summary>
    [Theory]
    [InlineData("arn:aws:ssm:us-east-1::parameter/aws/service/*", true)]
    [InlineData("arn:aws:ssm:us-east-1:*:parameter/inventory/*", false)]
    public async Task A_public_parameter_is_read_with_a_permission_without_an_account(string resource, bool isMade)
    {
        const string Image = """
            Parameters:
              Image:
                Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
                Default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
            Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Image } } }
            """;
        await using var aws = await Start();

        if (isMade)
        {
            (await Made(aws, Image, "ssm:GetParameters", resource)).ShouldBe((StackStatus.CREATE_COMPLETE.Value, null));
        }
        else
        {
            (
                await Should.ThrowAsync<AmazonCloudFormationException>(() => Made(aws, Image, "ssm:GetParameters", resource))
            ).Message.ShouldContain("ssm:GetParameters on resource: arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/");
        }
    }

    private static async Task<TestAws> Start()
    {
        var aws = await TestAws.StartAll(services => services.AddSingleton<IEventSource, NoEvents>());
        using var ssm = new AmazonSimpleSystemsManagementClient(
            TestAws.Root(TestAws.Prod),
            aws.Configure(new AmazonSimpleSystemsManagementConfig())
        );
        foreach (var value in new[] { "first", "second" })
        {
            await ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = "/inventory/level",
                    Type = ParameterType.String,
                    Value = value,
                    Overwrite = true,
                }
            );
        }

        return aws;
    }

    private static async Task<(string Status, string? Reason)> Made(TestAws aws, string body, string action, string resource = "*")
    {
        var session = await aws.Session(
            TestAws.Prod,
            "maker",
            $$"""
            {"Effect":"Allow","Action":["cloudformation:*","sns:*"],"Resource":"*"},
            {"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}
            """
        );
        using var client = new AmazonCloudFormationClient(session, aws.Configure(new AmazonCloudFormationConfig()));
        await client.CreateStackAsync(new CreateStackRequest { StackName = "inventory", TemplateBody = body });
        while (true)
        {
            var stack = (await client.DescribeStacksAsync(new DescribeStacksRequest { StackName = "inventory" })).Stacks.Single();
            if (!stack.StackStatus.Value.EndsWith("IN_PROGRESS", StringComparison.Ordinal))
            {
                var events = await client.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = "inventory" });
                return (
                    stack.StackStatus.Value,
                    events
                        .StackEvents.LastOrDefault(happened => happened.ResourceStatus == ResourceStatus.CREATE_FAILED)
                        ?.ResourceStatusReason
                );
            }

            var before = aws.World.Now;
            await aws.World.RunUntil(() => aws.World.Now > before);
        }
    }
}
