namespace Deployer.Spec.Tests.Rules;

public sealed class UnsupportedRulesTests
{
    private static IEnumerable<string> Faults(SpecReading reading)
    {
        reading.Spec.ShouldBeNull();
        return reading.Faults.Select(fault => fault.ToString());
    }

    [Theory]
    [InlineData(
        "approval: false",
        "approval: true",
        "deployer.yaml:6:89: \"approval\" of the target \"prod\" is not supported yet; expected no approval here; a manual approval action of the pipeline can stand before the deploy action"
    )]
    [InlineData(
        "approval: false",
        "role: deployer",
        "deployer.yaml:6:89: \"role\" of the target \"prod\" is not supported yet; expected no role here: the deployer assumes deployer-STAGE-target in the target's account"
    )]
    [InlineData(
        "via: vpc-endpoint",
        "via: gateway",
        "deployer.yaml:30:10: \"via: gateway\" of the step \"endpoint\" is not supported yet; expected vpc-endpoint"
    )]
    [InlineData(
        "via: vpc-endpoint",
        "via: zone",
        "deployer.yaml:30:10: \"via: zone\" of the step \"endpoint\" is not supported yet; expected vpc-endpoint"
    )]
    public void What_does_not_work_yet_is_refused_where_it_is_written(string written, string replacement, string fault) =>
        Faults(Inventory.ReadWith(written, replacement)).ShouldBe([fault]);

    [Fact]
    public void Kinds_that_do_not_work_yet_are_refused() =>
        Faults(
                Inventory.Read(
                    """
                    service: shop
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps:
                      web: { service: web, cluster: shop, images: { app: "acme/web:1" } }
                      peer: { transactor: tx, cluster: shop, image: "acme/tx@sha256:00", version: 1.0.7277, after: [ web ] }
                    """
                )
            )
            .ShouldBe([
                "deployer.yaml:4:10: the kind \"service\" of the step \"web\" is not supported yet; expected a step of kind stack, ions or endpoint",
                "deployer.yaml:5:11: the kind \"transactor\" of the step \"peer\" is not supported yet; expected a step of kind stack, ions or endpoint",
            ]);

    [Fact]
    public void What_works_and_what_asks_for_nothing_is_accepted() =>
        Inventory.ReadWith("approval: false", "instances: { steps: [ group ], expireAfter: 7d }").Faults.ShouldBeEmpty();
}
