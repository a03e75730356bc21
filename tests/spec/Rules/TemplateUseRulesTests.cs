using Deployer.Spec.Tests.Templates;

namespace Deployer.Spec.Tests.Rules;

public sealed class TemplateUseRulesTests
{
    private const string Network =
        "Parameters: { LoadBalancer: { Type: String } }\nResources: { E: { Type: AWS::EC2::VPCEndpoint } "
        + "}\nConditions: { C: !Equals [ a, a ] }\n";

    private const string Group = "accounts/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json";

    [Fact]
    public void An_output_under_a_condition_is_a_notice()
    {
        var reading = SpecReader.Read(
            Inventory.Folder().With("stacks/network.yaml", Network + "Outputs: { EndpointId: { Value: !Ref E, Condition: C } }")
        );

        reading.Faults.ShouldBeEmpty();
        reading
            .Notices.Select(notice => notice.ToString())
            .ShouldBe([
                "deployer.yaml:29:15: the output in ${steps.network.outputs.EndpointId} is there only where the "
                    + "condition \"C\" of stacks/network.yaml holds; a deployment fails here where it does not",
            ]);
    }

    [Fact]
    public void An_output_whose_condition_does_not_hold_for_a_target_is_a_fault() =>
        SpecReader
            .Read(
                Inventory
                    .Folder()
                    .With(
                        "stacks/network.yaml",
                        Network.Replace("[ a, a ]", "[ !Ref AWS::Region, eu-west-1 ]", StringComparison.Ordinal)
                            + "Outputs: { EndpointId: { Value: !Ref E, Condition: C } }"
                    )
            )
            .Faults.Select(fault => fault.ToString())
            .ShouldBe([
                "deployer.yaml:29:15: the output in ${steps.network.outputs.EndpointId} is not there in the target \"dev\", where the "
                    + "condition \"C\" of stacks/network.yaml does not hold; expected an output that is there in every target",
            ]);

    [Theory]
    [InlineData("!Equals [ !Ref AWS::Region, eu-west-1 ]", "")]
    [InlineData("!Equals [ !Ref Size, \"4\" ]", "")]
    [InlineData("!Not [ !Equals [ !Sub \"${AWS::AccountId}-x\", 111111111111-x ] ]", "Condition: Always,")]
    public void A_reference_to_a_resource_that_is_not_there_in_a_target_is_a_fault(string condition, string more) =>
        OneTemplate
            .Faults(Conditional(condition, more), "{ Size: \"${size}\" }")
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                ": B names the resource A, whose condition is not true in the target \"dev\"; "
                    + "expected a resource that is there, or the condition of A for B too"
            );

    [Theory]
    [InlineData("!Equals [ !Ref AWS::Region, us-east-1 ]", "")]
    [InlineData("!Equals [ !Ref Size, \"3\" ]", "")]
    [InlineData("!Equals [ !Ref Other, \"4\" ]", "")]
    [InlineData("!Equals [ !Ref AWS::Region, eu-west-1 ]", "Condition: C,")]
    [InlineData("!Equals [ !Ref AWS::Region, eu-west-1 ]", "Condition: Perhaps,")]
    public void A_resource_that_is_there_or_that_may_not_be_asked_for_is_accepted(string condition, string more) =>
        OneTemplate.Faults(Conditional(condition, more), "{ Size: \"${size}\" }").ShouldBeEmpty();

    private static string Conditional(string condition, string more) =>
        $$"""
            Parameters: { Size: { Type: String }, Other: { Type: String, Default: x } }
            Conditions: { C: {{condition}}, Always: !Equals [ a, a ], Perhaps: !Equals [ !Ref Other, x ] }
            Resources:
              A: { Type: AWS::SQS::Queue, Condition: C }
              B: { Type: AWS::SQS::Queue, {{more}} Properties: { QueueName: !GetAtt A.QueueName } }
            """;

    [Fact]
    public void A_copy_of_a_template_in_a_bucket_is_looked_into()
    {
        var reading = SpecReader.Read(
            Inventory
                .Folder()
                .With(
                    Group,
                    """
                    { "Parameters": { "SystemName": { "Type": "String" }, "Ions": { "Type": "String", "AllowedValues": ["Y"] } },
                      "Resources": { "G": { "Type": "X", "DependsOn": "Datomics own business" } },
                      "Outputs": { "CodeDeployDeploymentGroup": { "Value": "x" } } }
                    """
                )
        );

        reading
            .Faults.Select(fault => fault.ToString())
            .ShouldBe([
                $"deployer.yaml:12:61: the parameter \"ApplicationName\" is not in {Group}; expected one of SystemName, Ions",
                "deployer.yaml:12:78: the parameter \"Ions\" is \"Yes\"; expected one of its AllowedValues: Y",
                $"deployer.yaml:22:33: the output in ${{steps.group.outputs.LoadBalancer}} is not in {Group}; "
                    + "expected one of CodeDeployDeploymentGroup",
            ]);
    }

    [Theory]
    [InlineData("accounts/other-bucket/cft/1217/query-group-template-9399-1217.json")]
    [InlineData("query-group-template-9399-1217.json")]
    public void Another_file_is_no_copy_of_it(string path) =>
        SpecReader.Read(Inventory.Folder().With(path, "{ \"Resources\": {} }")).Faults.ShouldBeEmpty();

    [Fact]
    public void The_version_of_ion_dev_is_written_in_one_place()
    {
        var reading = Inventory.ReadWith("allowConflicts: [ org.clojure/tools.reader ]", "ionDev: 1.0.316");

        reading
            .Faults.Select(fault => fault.ToString())
            .ShouldBe([
                "ions/deps.edn:4:21: the alias :ion-dev has ion-dev 1.0.352, and the step \"ions\" says ionDev: "
                    + "1.0.316; expected the version in one of the two places",
            ]);
        Inventory
            .ReadWith("allowConflicts: [ org.clojure/tools.reader ]", "ionDev: latest")
            .Faults[0]
            .Expected.ShouldBe("a version such as 1.0.352");
        Inventory
            .ReadWith("allowConflicts: [ org.clojure/tools.reader ]", "ionDev: 1.0.352")
            .Spec.ShouldNotBeNull()
            .Step("ions")
            .ShouldBeOfType<Deployer.Spec.Steps.IonsStep>()
            .IonDev.ShouldBe("1.0.352");
    }
}
