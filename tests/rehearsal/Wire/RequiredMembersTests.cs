using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Amazon.Runtime;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>What a model demands and a request lacks is refused before the operation, in the words of the protocol.</summary>
public sealed class RequiredMembersTests
{
    [Fact]
    public void A_JSON_service_names_the_member_and_where_it_is_missing()
    {
        var request = new PutTargetsRequest { Rule = "r", Targets = [new Target { Id = "1", Arn = "arn" }, new Target { Id = "2" }] };

        Refused(EventBridgeModel.Service, "PutTargets", request)
            .ShouldBe(
                (
                    "ValidationException",
                    "1 validation error detected: Value null at 'Targets.2.Arn' failed to satisfy constraint: Member must not be null"
                )
            );
    }

    [Fact]
    public void A_query_service_calls_it_a_validation_error() =>
        Refused(CloudFormationModel.Service, "CreateStack", new CreateStackRequest()).Code.ShouldBe("ValidationError");

    [Fact]
    public void EC2_misses_a_parameter() =>
        Refused(EC2Model.Service, "CreateVpcEndpoint", new CreateVpcEndpointRequest { ServiceName = "s" })
            .ShouldBe(("MissingParameter", "The request must contain the parameter VpcId"));

    [Fact]
    public async Task A_client_is_refused()
    {
        await using var aws = await TestAws.Start(world => new Ec2Service(
            new VpcEndpoints(world),
            new Networks(world),
            new Instances(world)
        ));
        using var client = new AmazonEC2Client(TestAws.Root(TestAws.Tools), aws.Configure(new AmazonEC2Config()));

        (
            await Should.ThrowAsync<AmazonServiceException>(() => client.CreateVpcEndpointAsync(new CreateVpcEndpointRequest()))
        ).ErrorCode.ShouldBe("MissingParameter");
    }

    private static (string Code, string Message) Refused(Protocols.ServiceModel service, string operation, object request)
    {
        var refused = Should.Throw<ApiException>(() =>
            RequiredMembers.Check(service.Protocol, service.FindOperation(operation)!.Request, request)
        );
        return (refused.Code, refused.Message);
    }
}
