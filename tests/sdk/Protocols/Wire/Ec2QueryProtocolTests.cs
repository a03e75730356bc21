using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class Ec2QueryProtocolTests
{
    private static readonly ServiceModel Service = EC2Model.Service;
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Lists_are_flattened_and_names_capitalised()
    {
        var request = new CreateVpcEndpointRequest
        {
            VpcId = "vpc-1",
            SubnetIds = ["subnet-1", "subnet-2"],
            TagSpecifications =
            [
                new TagSpecification { ResourceType = ResourceType.VpcEndpoint, Tags = [new Tag { Key = "k", Value = "v" }] },
            ],
        };

        var written = Service.WriteRequest(Service.FindOperation("CreateVpcEndpoint")!, request);

        Encoding
            .UTF8.GetString(written.Body)
            .Split('&')
            .ShouldBe(
                [
                    "Action=CreateVpcEndpoint",
                    "Version=2016-11-15",
                    "VpcId=vpc-1",
                    "SubnetId.1=subnet-1",
                    "SubnetId.2=subnet-2",
                    "TagSpecification.1.ResourceType=vpc-endpoint",
                    "TagSpecification.1.Tag.1.Key=k",
                    "TagSpecification.1.Tag.1.Value=v",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void A_filter_is_read()
    {
        var (_, read) = Service.ReadRequest(
            "POST",
            "/",
            "",
            None,
            Encoding.UTF8.GetBytes(
                "Action=DescribeVpcEndpoints&VpcEndpointId.1=vpce-1&Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b"
            )
        );

        var request = read.ShouldBeOfType<DescribeVpcEndpointsRequest>();
        request.VpcEndpointIds.ShouldBe(["vpce-1"]);
        request.Filters.Single().Values.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void The_answer_has_no_result_element_and_items()
    {
        var response = new DescribeVpcEndpointsResponse
        {
            VpcEndpoints = [new VpcEndpoint { VpcEndpointId = "vpce-1", State = State.Available }],
        };

        var answer = Service.WriteResponse(Service.FindOperation("DescribeVpcEndpoints")!, response, "id");

        Encoding
            .UTF8.GetString(answer.Body)
            .ShouldEndWith(
                """<DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><requestId>id</requestId>"""
                    + "<vpcEndpointSet><item><vpcEndpointId>vpce-1</vpcEndpointId><state>available</state></item></vpcEndpointSet>"
                    + "</DescribeVpcEndpointsResponse>"
            );
    }

    [Fact]
    public void An_error_stands_in_a_list_and_in_no_namespace()
    {
        var answer = Service.WriteError("InvalidVpcEndpointId.NotFound", "gone", 400, "id");

        Encoding
            .UTF8.GetString(answer.Body)
            .ShouldEndWith(
                "<Response><Errors><Error><Code>InvalidVpcEndpointId.NotFound</Code><Message>gone</Message></Error></Errors>"
                    + "<RequestID>id</RequestID></Response>"
            );
        Service
            .ReadError(answer)
            .ShouldSatisfyAllConditions(e => e.Code.ShouldBe("InvalidVpcEndpointId.NotFound"), e => e.RequestId.ShouldBe("id"));
    }
}
