using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackParametersTests
{
    [Fact]
    public async Task Values_of_parameters_with_NoEcho_are_cut_out_of_causes_and_others_are_not()
    {
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>());
        bench.Folder.With(
            "api.yaml",
            """
            Parameters: { Password: { Type: String, NoEcho: true }, Size: { Type: String } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            """
        );
        bench.Begin("one", "template: api.yaml, parameters: { Password: hunter2-secret, Size: t3.large }");

        var cause = await bench.Enter(run =>
        {
            StackParameters.HideSecrets(
                run,
                [
                    new Parameter { ParameterKey = "Password", ParameterValue = "****" },
                    new Parameter { ParameterKey = "Size", ParameterValue = "t3.large" },
                    new Parameter { ParameterKey = "Other", ParameterValue = "****" },
                ]
            );
            return Task.FromResult(run.Secrets.Hide("Database failed: hunter2-secret is too short for t3.large"));
        });

        cause.ShouldBe("Database failed: **** is too short for t3.large");
    }
}
