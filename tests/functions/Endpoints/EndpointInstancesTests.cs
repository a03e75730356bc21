using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Endpoints;

/// <summary>A name such as <c>consumer-dev-*</c> matches the functions of the development instance <c>dev-x</c> as well.</summary>
public sealed class EndpointInstancesTests : IAsyncLifetime
{
    private const string Account = StubbedAccount.Id;

    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            $$"""
            service: inventory
            targets: { dev: { account: "{{Account}}", region: us-east-1, instances: { steps: [ endpoint ], expireAfter: 72h } } }
            steps:
              endpoint:
                endpoint: vpce-1
                via: vpc-endpoint
                functions: { names: [ "consumer-${target}-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}" }
            """
        )
    );

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task The_target_leaves_the_functions_of_its_instances_alone()
    {
        (await Affected("dev")).ShouldBe(["consumer-dev-orders", "consumer-dev-x-orders"], ignoreOrder: true);

        await _desk.ListInstance("x");
        (await Affected("dev")).ShouldBe(["consumer-dev-orders"]);
    }

    [Fact]
    public async Task An_instance_has_its_own_functions_and_not_those_of_a_longer_name()
    {
        await _desk.ListInstance("x");
        (await Affected("dev-x")).ShouldBe(["consumer-dev-x-orders"]);

        await _desk.ListInstance("x-orders");
        (await Affected("dev-x", "consumer-dev-x-orders-1", "consumer-dev-x-1")).ShouldBe(["consumer-dev-x-1"]);
    }

    private async Task<IEnumerable<string>> Affected(string target, params string[] functions)
    {
        var lambda = Substitute.For<IAmazonLambda>();
        lambda
            .ListFunctionsAsync(Arg.Any<ListFunctionsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new ListFunctionsResponse
                {
                    Functions =
                    [
                        .. (functions.Length == 0 ? ["consumer-dev-orders", "consumer-dev-x-orders"] : functions).Select(
                            name => new FunctionConfiguration { FunctionName = name, Version = "$LATEST" }
                        ),
                    ],
                }
            );
        var ec2 = Substitute.For<IAmazonEC2>();
        ec2.DescribeVpcEndpointsAsync(Arg.Any<DescribeVpcEndpointsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeVpcEndpointsResponse
                {
                    VpcEndpoints =
                    [
                        new VpcEndpoint
                        {
                            VpcEndpointId = "vpce-1",
                            State = "available",
                            DnsEntries = [new DnsEntry { DnsName = "vpce-1-abc.example" }],
                        },
                    ],
                }
            );
        using var run = _desk.Run(
            Folder,
            new TaskRecord
            {
                Deployment = new("one"),
                Step = "endpoint",
                Task = "resolve",
                Kind = "endpoint",
            },
            StubbedAccount.With(lambda: lambda, ec2: ec2),
            target: target,
            token: null
        );
        return (await new EndpointWork(_desk.Ledger).Compare(run, ComparisonProgress.Whole))
            .ShouldBeOfType<Functions.Steps.Comparison.Changes>()
            .Differences.Select(difference => difference.Split(" would be given ")[0]);
    }
}
