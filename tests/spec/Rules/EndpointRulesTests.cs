using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Rules;

public sealed class EndpointRulesTests
{
    private static SpecReading Read(int length) =>
        SpecReader.Read(
            new MemoryFolder(
                (
                    SpecFile.Name,
                    $$"""
                    service: shop
                    targets:
                      dev: { account: "111111111111", region: us-east-1, values: { long: {{new string('x', length)}} } }
                    steps:
                      t:
                        endpoint: vpce-0123456789abcdef0
                        via: vpc-endpoint
                        functions: { names: [ "shop-*" ] }
                        variables: { SYSTEM: "${long}", DNS: "${dns}" }
                    """
                )
            )
        );

    [Fact]
    public void Variables_that_are_more_than_Lambda_takes_are_a_fault() =>
        Read(4096)
            .Faults.Select(fault => fault.ToString())
            .ShouldBe([
                "deployer.yaml:9:26: the variables of the step \"t\" have 4118 bytes in the target \"dev\"; expected at most 4096 with "
                    + "their names: Lambda takes no more for all variables of a function",
            ]);

    [Fact]
    public void Variables_that_Lambda_takes_are_accepted() => Read(4000).Faults.ShouldBeEmpty();
}
