using Deployer.Spec.Steps;

namespace Deployer.Spec.Tests.Steps;

/// <summary>What images are named by.</summary>
public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/team/shop:1", "us-east-1", "1")]
    [InlineData("111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/team/shop", "cn-north-1", "latest")]
    // The address for IPv4 and IPv6: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
    [InlineData("111111111111.dkr-ecr.us-east-1.on.aws/team/shop:1", "us-east-1", "1")]
    public void A_private_repository_of_ECR_is_found_in_each_form_of_its_address(string image, string region, string tag) =>
        ImageReference.Repository(image).ShouldBe(new ImageRepository("111111111111", region, "team/shop", tag));

    [Theory]
    [InlineData("nginx:1")]
    [InlineData("111111111111.dkr-ecr.us-east-1.amazonaws.com/shop:1")]
    [InlineData("111111111111.dkr.ecr.us-east-1.on.aws/shop:1")]
    public void Another_registry_s_is_none(string image) => ImageReference.Repository(image).ShouldBeNull();
}
