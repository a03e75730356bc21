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

    /// <summary>
    /// There the time passes in simulated time: none on the wall clock may strike before, and tries are counted as on AWS.
    /// </summary>
    [Fact]
    public void In_a_rehearsal_a_request_has_no_end_on_the_wall_clock_and_as_many_tries()
    {
        var config = new AwsConnection(new BasicAWSCredentials("id", "key"), "us-east-1", "http://127.0.0.1:1", Http: null).Configure(
            new AmazonCloudFormationConfig()
        );

        config.Timeout.ShouldBe(Timeout.InfiniteTimeSpan);
        config.MaxErrorRetry.ShouldBe(AwsConnection.MostRetries);
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
