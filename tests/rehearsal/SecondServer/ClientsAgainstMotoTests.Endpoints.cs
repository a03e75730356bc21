using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Filter = Amazon.EC2.Model.Filter;

namespace Deployer.Rehearsal.Tests.SecondServer;

/// <summary>EC2's interface endpoints and the services behind them.</summary>
public sealed partial class ClientsAgainstMotoTests
{
    [Fact]
    public Task Endpoints() =>
        Compare(async steps =>
        {
            using var ec2 = new AmazonEC2Client(steps.Credentials, steps.Configure(new AmazonEC2Config()));
            var network = await Network(steps);
            await steps.Note(
                "describe none",
                () =>
                    ec2.DescribeVpcEndpointsAsync(
                        new DescribeVpcEndpointsRequest { Filters = [new Filter { Name = "service-name", Values = ["nothing"] }] }
                    ),
                answer => answer.VpcEndpoints?.Count ?? 0
            );
            await steps.Note(
                "describe nothing",
                () => ec2.DescribeVpcEndpointsAsync(new DescribeVpcEndpointsRequest { VpcEndpointIds = ["vpce-0123456789abcdef0"] }),
                answer => answer.VpcEndpoints?.Count ?? 0
            );
            var service = (
                await steps.Note(
                    "create service",
                    () =>
                        ec2.CreateVpcEndpointServiceConfigurationAsync(
                            new CreateVpcEndpointServiceConfigurationRequest
                            {
                                NetworkLoadBalancerArns = [network["Balancer"]],
                                AcceptanceRequired = false,
                            }
                        ),
                    answer => Shown(answer.ServiceConfiguration)
                )
            )!.ServiceConfiguration;
            await steps.Note(
                "balancers of the service",
                () => Task.FromResult(service),
                created =>
                    created.ServiceType[0].ServiceType
                    + string.Join(", ", (created.NetworkLoadBalancerArns ?? []).Select(arn => arn == network["Balancer"]))
            );
            await steps.Note(
                "describe service",
                () =>
                    ec2.DescribeVpcEndpointServiceConfigurationsAsync(
                        new DescribeVpcEndpointServiceConfigurationsRequest { ServiceIds = [service.ServiceId] }
                    ),
                answer => Shown(answer.ServiceConfigurations.ShouldHaveSingleItem())
            );
            await steps.Note(
                "describe no service",
                () =>
                    ec2.DescribeVpcEndpointServiceConfigurationsAsync(
                        new DescribeVpcEndpointServiceConfigurationsRequest { ServiceIds = ["vpce-svc-0123456789abcdef0"] }
                    ),
                answer => answer.ServiceConfigurations.Count
            );

            var create = new CreateVpcEndpointRequest
            {
                VpcEndpointType = VpcEndpointType.Interface,
                VpcId = network["Vpc"],
                ServiceName = service.ServiceName,
                SubnetIds = [network["Subnet"]],
                PrivateDnsEnabled = false,
            };
            var endpoint = (
                await steps.Note(
                    "create",
                    () => ec2.CreateVpcEndpointAsync(create),
                    answer =>
                        $"{answer.VpcEndpoint.VpcEndpointType} {answer.VpcEndpoint.VpcId == network["Vpc"]} "
                        + $"{answer.VpcEndpoint.ServiceName == service.ServiceName} {answer.VpcEndpoint.PrivateDnsEnabled}"
                )
            )!.VpcEndpoint;
            await steps.Note("state of the new one", () => Task.FromResult(endpoint), created => created.State);
            var describe = new DescribeVpcEndpointsRequest { VpcEndpointIds = [endpoint.VpcEndpointId] };
            await ServerSteps.Until(
                () => ec2.DescribeVpcEndpointsAsync(describe),
                answer => answer.VpcEndpoints[0].State == Amazon.EC2.State.Available
            );
            await steps.Note(
                "describe the endpoint",
                () => ec2.DescribeVpcEndpointsAsync(describe),
                answer =>
                    string.Join(
                        "; ",
                        answer.VpcEndpoints.Select(found =>
                            $"{found.State} {found.OwnerId} {found.SubnetIds.Single() == network["Subnet"]} "
                            + $"{found.NetworkInterfaceIds.Count} {found.RequesterManaged}"
                        )
                    )
            );
            await steps.Note(
                "names",
                () => ec2.DescribeVpcEndpointsAsync(describe),
                answer =>
                    string.Join(
                        ", ",
                        answer
                            .VpcEndpoints[0]
                            .DnsEntries.Select(entry =>
                                entry
                                    .DnsName.Replace(endpoint.VpcEndpointId, "ID", StringComparison.Ordinal)
                                    .Replace(service.ServiceId, "SERVICE", StringComparison.Ordinal)[^36..]
                            )
                    )
            );
            await steps.Note(
                "find",
                () =>
                    ec2.DescribeVpcEndpointsAsync(
                        new DescribeVpcEndpointsRequest
                        {
                            Filters =
                            [
                                new Filter { Name = "vpc-endpoint-state", Values = ["available"] },
                                new Filter { Name = "vpc-endpoint-type", Values = ["Interface"] },
                            ],
                        }
                    ),
                answer => answer.VpcEndpoints.Count
            );
            await steps.Note(
                "create in no subnet",
                () =>
                    ec2.CreateVpcEndpointAsync(
                        new CreateVpcEndpointRequest
                        {
                            VpcEndpointType = VpcEndpointType.Interface,
                            VpcId = network["Vpc"],
                            ServiceName = service.ServiceName,
                            SubnetIds = ["subnet-0123456789abcdef0"],
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "create for no service",
                () =>
                    ec2.CreateVpcEndpointAsync(
                        new CreateVpcEndpointRequest
                        {
                            VpcEndpointType = VpcEndpointType.Interface,
                            VpcId = network["Vpc"],
                            ServiceName = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
                            SubnetIds = [network["Subnet"]],
                        }
                    ),
                _ => "created"
            );
            await steps.Note(
                "delete",
                () => ec2.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = [endpoint.VpcEndpointId] }),
                answer => answer.Unsuccessful?.Count ?? 0
            );
            await steps.Note(
                "delete nothing",
                () => ec2.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = ["vpce-0123456789abcdef0"] }),
                answer => string.Join(", ", (answer.Unsuccessful ?? []).Select(item => $"{item.ResourceId} {item.Error.Code}"))
            );
        });

    private static string Shown(ServiceConfiguration service) =>
        $"{service.ServiceName == $"com.amazonaws.vpce.us-east-1.{service.ServiceId}"} {service.ServiceState} "
        + $"{service.AcceptanceRequired} {service.ManagesVpcEndpoints} "
        + $"{string.Join(", ", service.AvailabilityZones)} "
        + $"{service.BaseEndpointDnsNames.Single() == $"{service.ServiceId}.us-east-1.vpce.amazonaws.com"}";

    /// <summary>Makes a network with a load balancer; returns their ids.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> Network(ServerSteps steps)
    {
        using var stacks = new AmazonCloudFormationClient(steps.Credentials, steps.Configure(new AmazonCloudFormationConfig()));
        var describe = new DescribeStacksRequest { StackName = "network" };
        try
        {
            await stacks.CreateStackAsync(
                new CreateStackRequest
                {
                    StackName = "network",
                    TemplateBody = """
                    {"Resources":{
                      "Vpc":{"Type":"AWS::EC2::VPC","Properties":{"CidrBlock":"10.0.0.0/16"}},
                      "Subnet":{"Type":"AWS::EC2::Subnet","Properties":{"VpcId":{"Ref":"Vpc"},"CidrBlock":"10.0.0.0/24",
                        "AvailabilityZone":"us-east-1a"}},
                      "Balancer":{"Type":"AWS::ElasticLoadBalancingV2::LoadBalancer","Properties":{"Name":"balancer","Type":"network",
                        "Scheme":"internal","Subnets":[{"Ref":"Subnet"}]}}},
                     "Outputs":{"Vpc":{"Value":{"Ref":"Vpc"}},"Subnet":{"Value":{"Ref":"Subnet"}},"Balancer":{"Value":{"Ref":"Balancer"}}}}
                    """,
                }
            );
        }
        catch (AlreadyExistsException)
        {
            // One moto serves all tests of the class.
        }

        await ServerSteps.Until(
            () => stacks.DescribeStacksAsync(describe),
            answer => answer.Stacks[0].StackStatus == StackStatus.CREATE_COMPLETE
        );
        return (await stacks.DescribeStacksAsync(describe))
            .Stacks[0]
            .Outputs.ToDictionary(output => output.OutputKey, output => output.OutputValue);
    }
}
