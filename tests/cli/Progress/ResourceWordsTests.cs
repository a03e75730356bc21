using Deployer.Cli.Progress;

namespace Deployer.Cli.Tests.Progress;

public sealed class ResourceWordsTests
{
    [Theory]
    [InlineData("arn:aws:cloudformation:us-east-1:111111111111:stack/orders-dev/5f1a-4b", "stack orders-dev")]
    [InlineData("arn:aws:cloudformation:us-east-1:111111111111:changeSet/deployer-1/5f1a-4b", "change set deployer-1")]
    [InlineData("deployer-dev-ions:3f2504e0-4f89-41d3-9a0c-0305e82c3301", "build deployer-dev-ions:3f2504e0-4f89-41d3-9a0c-0305e82c3301")]
    [InlineData("arn:aws:states:us-east-1:111111111111:execution:datomic-orders-dev:abc", "execution abc of datomic-orders-dev")]
    [InlineData("ecs-svc/1234567890123456789", "deployment ecs-svc/1234567890123456789")]
    [InlineData("d-ABCDEF123", "deployment d-ABCDEF123")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:orders", "lambda orders")]
    [InlineData("something else", "something else")]
    public void A_resource_is_named_as_its_console_names_it(string resource, string words) => ResourceWords.Name(resource).ShouldBe(words);
}
