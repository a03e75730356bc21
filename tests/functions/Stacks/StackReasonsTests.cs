using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackReasonsTests
{
    [Theory]
    [InlineData(
        "S3 error: Access Denied",
        "https://b.s3.amazonaws.com/t",
        "S3 error: Access Denied (the template https://b.s3.amazonaws.com/t)"
    )]
    [InlineData("S3 error: Access Denied", null, "S3 error: Access Denied")]
    [InlineData(
        "Requires capabilities : [CAPABILITY_IAM]",
        null,
        "Requires capabilities : [CAPABILITY_IAM]; grant it with 'capabilities' of the step"
    )]
    [InlineData("Topic already exists", "https://b.s3.amazonaws.com/t", "Topic already exists")]
    public void What_a_reason_leaves_out_is_added(string reason, string? template, string whole) =>
        StackReasons.Complete(reason, template).ShouldBe(whole);

    [Theory]
    [InlineData("AWS::CloudFormation::Stack", """{"TemplateURL":"https://b.s3.amazonaws.com/t"}""", "https://b.s3.amazonaws.com/t")]
    [InlineData("AWS::CloudFormation::Stack", """{"TemplateURL":"https://b""", null)]
    [InlineData("AWS::CloudFormation::Stack", "[]", null)]
    [InlineData("AWS::SNS::Topic", """{"TemplateURL":"https://b.s3.amazonaws.com/t"}""", null)]
    public void The_template_of_a_nested_stack_is_in_its_event(string type, string properties, string? template) =>
        StackReasons.TemplateOf(new StackEvent { ResourceType = type, ResourceProperties = properties }).ShouldBe(template);
}
