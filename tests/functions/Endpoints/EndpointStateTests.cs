using Amazon.EC2;
using Amazon.EC2.Model;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Endpoints;

public sealed class EndpointStateTests
{
    private const string Id = "vpce-0a1b2c3d4e5f67890";

    [Theory]
    [InlineData("available")]
    [InlineData("Available")]
    public void The_regional_name_is_chosen_by_its_shape_not_by_its_place(string state) =>
        EndpointState
            .Dns(
                Endpoint(
                    state,
                    $"{Id}-abcd1234-us-east-1a.vpce-svc-1.us-east-1.vpce.amazonaws.com",
                    "private.example.com",
                    $"{Id}-abcd1234.vpce-svc-1.us-east-1.vpce.amazonaws.com",
                    $"{Id}-abcd1234-us-east-1b.vpce-svc-1.us-east-1.vpce.amazonaws.com"
                )
            )
            .ShouldBe($"{Id}-abcd1234.vpce-svc-1.us-east-1.vpce.amazonaws.com");

    [Theory]
    [InlineData("pending")]
    [InlineData("Pending")]
    [InlineData("partial")]
    public void An_endpoint_that_is_still_made_is_waited_for(string state) =>
        Should.Throw<NotYetException>(() => EndpointState.Dns(Endpoint(state)));

    [Theory]
    [InlineData("rejected", "rejected")]
    [InlineData("failed", "failed")]
    [InlineData("expired", "expired")]
    [InlineData("deleted", "deleted")]
    [InlineData("pendingAcceptance", "has to accept it")]
    public void An_endpoint_that_will_not_come_is_reported_with_its_state(string state, string said) =>
        Should.Throw<EndpointUnavailableException>(() => EndpointState.Dns(Endpoint(state))).Message.ShouldContain(said);

    private static VpcEndpoint Endpoint(string state, params string[] names) =>
        new()
        {
            VpcEndpointId = Id,
            State = new State(state),
            DnsEntries = [.. names.Select(name => new DnsEntry { DnsName = name })],
        };
}
