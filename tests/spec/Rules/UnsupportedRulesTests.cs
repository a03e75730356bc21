using Deployer.Spec.Kinds;

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
        "role: deployer",
        "deployer.yaml:6:89: \"role\" of the target \"prod\" is not supported yet; expected no role here: the "
            + "deployer assumes deployer-STAGE-target in the target's account"
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
    [InlineData(
        """names: [ "inventory-${target}-*" ]""",
        "tags: { team: inventory }",
        "deployer.yaml:31:18: \"tags\" of the functions of the step \"endpoint\" is not supported yet; expected names: names of functions"
    )]
    [InlineData(
        """functions: { names: [""",
        "functions: { tags: { team: inventory }, names: [",
        "deployer.yaml:31:18: \"tags\" of the functions of the step \"endpoint\" is not supported yet; expected names: names of functions"
    )]
    public void What_does_not_work_yet_is_refused_where_it_is_written(string written, string replacement, string fault) =>
        Faults(Inventory.ReadWith(written, replacement)).ShouldBe([fault]);

    [Fact]
    public void What_works_and_what_asks_for_nothing_is_accepted() =>
        Inventory.ReadWith("approval: false", "instances: { steps: [ group ], expireAfter: 7d }").Faults.ShouldBeEmpty();

    [Fact]
    public void A_file_that_an_earlier_version_accepted_is_still_read() =>
        SpecReader
            .ReadAccepted(
                Inventory.Folder(Inventory.Yaml.Replace("approval: false", "role: deployer", StringComparison.Ordinal)),
                StepKinds.BuiltIn
            )
            .Spec.ShouldNotBeNull();
}
