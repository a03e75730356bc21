using System.Globalization;
using Amazon.CloudFormation;
using Amazon.Runtime;
using Deployer.Functions.Accounts;
using Deployer.Functions.Tests.StateMachines;
using YamlDotNet.RepresentationModel;

namespace Deployer.Functions.Tests.Accounts;

public sealed class AwsConnectionTests
{
    [Fact]
    public void A_request_that_hangs_ends_with_all_its_tries_before_the_function_does()
    {
        var config = new AwsConnection(new BasicAWSCredentials("id", "key"), "us-east-1", Endpoint: null, Http: null).Configure(
            new AmazonCloudFormationConfig()
        );

        config.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        ((config.MaxErrorRetry + 1) * config.Timeout!.Value).ShouldBeLessThan(TimeSpan.FromSeconds(ShortestFunction()));
    }

    /// <summary>The shortest time-out of a function, in seconds.</summary>
    private static int ShortestFunction() =>
        Product
            .Resources()
            .Where(resource => resource.Type == "AWS::Serverless::Function")
            .Select(resource => resource.Properties)
            .Append((YamlMappingNode)Product.Template()["Globals"]["Function"])
            .Where(properties => properties.Children.ContainsKey(new YamlScalarNode("Timeout")))
            .Min(properties => int.Parse(((YamlScalarNode)properties["Timeout"]).Value!, CultureInfo.InvariantCulture));
}
