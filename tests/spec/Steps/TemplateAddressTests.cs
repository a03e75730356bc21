using Deployer.Spec.Steps;

namespace Deployer.Spec.Tests.Steps;

public sealed class TemplateAddressTests
{
    [Theory]
    [InlineData("https://s3.amazonaws.com/bucket/key.yaml", true)]
    [InlineData("https://s3.us-east-1.amazonaws.com/bucket/key.yaml", true)]
    [InlineData("https://s3-us-west-2.amazonaws.com/bucket/key.yaml", true)]
    [InlineData("https://bucket.s3.amazonaws.com/key.yaml", true)]
    [InlineData("https://bucket.s3.dualstack.us-east-1.amazonaws.com/key.yaml", true)]
    [InlineData("https://bucket.s3.cn-north-1.amazonaws.com.cn/key.yaml", true)]
    [InlineData("https://BUCKET.S3.amazonaws.com/key.yaml", true)]
    [InlineData("https://bucket.s3.amazonaws.com/", false)]
    [InlineData("https://bucket.s3-website-us-east-1.amazonaws.com/key.yaml", false)]
    [InlineData("https://bucket.s3-website.eu-central-1.amazonaws.com/key.yaml", false)]
    [InlineData("https://ec2.us-east-1.amazonaws.com/key.yaml", false)]
    [InlineData("https://example.com/s3/key.yaml", false)]
    [InlineData("https://s3.amazonaws.com.example.com/bucket/key.yaml", false)]
    public void CloudFormation_reads_templates_from_S3_alone(string address, bool isInS3) =>
        TemplateAddress.IsInS3(address).ShouldBe(isInS3);
}
