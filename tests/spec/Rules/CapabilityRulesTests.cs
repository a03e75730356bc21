namespace Deployer.Spec.Tests.Rules;

public sealed class CapabilityRulesTests
{
    private const string Role = "Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } } }";
    private const string NamedRole =
        "Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r, AssumeRolePolicyDocument: {} } } }";
    private const string Roles =
        "Transform: AWS::LanguageExtensions\nResources: { Fn::ForEach::R: [ N, [ A ], { 'R${N}': { Type: AWS::IAM::Role, "
        + "Properties: { AssumeRolePolicyDocument: {} } } } ] }";
    private const string Topic = "Resources: { T: { Type: AWS::SNS::Topic } }";

    [Theory]
    [InlineData("[]", Role, "CAPABILITY_IAM", "R (AWS::IAM::Role)")]
    [InlineData("[ CAPABILITY_AUTO_EXPAND ]", Role, "CAPABILITY_IAM", "R (AWS::IAM::Role)")]
    [InlineData("[ CAPABILITY_AUTO_EXPAND ]", Roles, "CAPABILITY_IAM", "R${N} (AWS::IAM::Role)")]
    [InlineData("[ CAPABILITY_IAM ]", NamedRole, "CAPABILITY_NAMED_IAM", "R (AWS::IAM::Role)")]
    [InlineData("[ CAPABILITY_IAM ]", $"Transform: AWS::LanguageExtensions\n{Topic}", "CAPABILITY_AUTO_EXPAND", "its Transform")]
    public void What_a_template_needs_and_its_step_does_not_grant_is_a_fault(
        string granted,
        string template,
        string capability,
        string why
    ) =>
        Faults(granted, template)
            .ShouldBe([
                $"deployer.yaml:4:3: the step \"api\" does not grant {capability}, which t.yaml needs for {why}; expected {capability} in "
                    + "its capabilities, or none of them: what the service's templates need is granted then",
            ]);

    [Theory]
    [InlineData(null, NamedRole)]
    [InlineData("[ CAPABILITY_NAMED_IAM ]", Role)]
    [InlineData("[ CAPABILITY_NAMED_IAM ]", NamedRole)]
    [InlineData("[]", Topic)]
    public void What_is_granted_or_left_to_the_deployer_is_none(string? granted, string template) =>
        Faults(granted, template).ShouldBeEmpty();

    private static IEnumerable<string> Faults(string? granted, string template) =>
        SpecReader
            .Read(
                new MemoryFolder(
                    (
                        "deployer.yaml",
                        $$"""
                        service: inventory
                        targets: { dev: { account: "111111111111", region: us-east-1 } }
                        steps:
                          api: { stack: inventory-dev-api, template: t.yaml{{(
                            granted is null ? string.Empty : $", capabilities: {granted}"
                        )}} }
                        """
                    ),
                    ("t.yaml", template)
                )
            )
            .Faults.Select(fault => fault.ToString());
}
