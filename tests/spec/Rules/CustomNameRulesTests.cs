namespace Deployer.Spec.Tests.Rules;

public sealed class CustomNameRulesTests
{
    private const string Role = "Type: AWS::IAM::Role, Properties: { RoleName: {NAME}, AssumeRolePolicyDocument: {} }";

    private const string Expected = "a name for each resource, or none, so that CloudFormation makes one";

    private static IReadOnlyList<string> Faults(string steps, params (string File, string Text)[] templates)
    {
        var folder = new MemoryFolder().With(
            "deployer.yaml",
            """
            service: inventory
            targets:
              dev: { account: "111111111111", region: us-east-1 }
            steps:

            """ + steps
        );
        foreach (var (file, text) in templates)
        {
            folder.With(file, text);
        }
        return [.. SpecReader.Read(folder).Faults.Select(fault => fault.ToString())];
    }

    private static string Named(string name) => "{ " + Role.Replace("{NAME}", name, StringComparison.Ordinal) + " }";

    private static string Two(string first, string second, string more = "") =>
        $"Resources:\n  A: {Named(first)}\n  B: {Named(second)}\n{more}";

    [Theory]
    [InlineData("worker", "worker")]
    [InlineData("!Sub \"worker-${AWS::Region}\"", "worker-us-east-1")]
    [InlineData("!Sub \"${AWS::StackName}-x\"", "inventory-t-x")]
    public void Two_roles_with_one_name_are_a_fault(string first, string second) =>
        Faults("  t: { stack: inventory-t, template: t.yaml }", ("t.yaml", Two(first, second)))
            .ShouldBe([$"t.yaml:3:54: the RoleName of B is \"{second}\", which A has; expected {Expected}"]);

    [Theory]
    [InlineData("worker", "other")]
    [InlineData("worker", "!If [ C, worker, other ]")]
    [InlineData("!Ref P", "worker")]
    [InlineData("!Ref S", "worker")]
    public void Names_that_may_differ_are_none(string first, string second) =>
        Faults(
                "  t: { stack: inventory-t, template: t.yaml, parameters: { S: worker } }",
                (
                    "t.yaml",
                    Two(
                        first,
                        second,
                        "Conditions: { C: !Equals [ a, !Ref P ] }\n"
                            + "Parameters: { P: { Type: String, Default: worker }, S: { Type: String, NoEcho: true } }"
                    )
                )
            )
            .ShouldBeEmpty();

    [Fact]
    public void Nested_templates_that_give_one_name_are_a_fault() =>
        Faults(
                "  t: { stack: inventory-t, template: t.yaml }",
                (
                    "t.yaml",
                    """
                    Resources:
                      One: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: n.yaml, Parameters: { Name: worker } } }
                      Two: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: n.yaml, Parameters: { Name: worker } } }
                      Three: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: n.yaml, Parameters: { Name: other } } }
                    """
                ),
                ("n.yaml", $"Parameters: {{ Name: {{ Type: String }} }}\nResources:\n  A: {Named("!Ref Name")}")
            )
            .ShouldBe([
                "n.yaml:3:54: the RoleName of A of the nested stack Two is \"worker\", which A of the nested stack One has; "
                    + $"expected {Expected}",
            ]);

    [Fact]
    public void Two_steps_that_give_one_name_are_a_fault() =>
        Faults(
                "  a: { stack: inventory-a, template: t.yaml }\n  b: { stack: inventory-b, template: u.yaml, after: [ a ] }",
                ("t.yaml", $"Resources:\n  A: {Named("worker")}"),
                ("u.yaml", $"Resources:\n  B: {Named("worker")}")
            )
            .ShouldBe([$"u.yaml:2:54: the RoleName of B is \"worker\", which A of the step \"a\" has; expected {Expected}"]);

    [Fact]
    public void One_template_of_two_steps_must_not_name_its_role_the_same_in_both() =>
        Faults(
                "  a: { stack: inventory-a, template: t.yaml }\n  b: { stack: inventory-b, template: t.yaml, after: [ a ] }",
                ("t.yaml", $"Resources:\n  A: {Named("worker")}")
            )
            .ShouldBe([
                $"t.yaml:2:54: the RoleName of A of the step \"b\" is \"worker\", which A of the step \"a\" has; expected {Expected}",
            ]);

    [Fact]
    public void A_parameter_that_differs_by_step_makes_two_names() =>
        Faults(
                "  a: { stack: inventory-a, template: t.yaml, parameters: { N: a } }\n"
                    + "  b: { stack: inventory-b, template: t.yaml, parameters: { N: b }, after: [ a ] }",
                ("t.yaml", $"Parameters: {{ N: {{ Type: String }} }}\nResources:\n  A: {Named("!Ref N")}")
            )
            .ShouldBeEmpty();

    [Fact]
    public void A_resource_that_a_condition_leaves_out_takes_no_name()
    {
        var conditional = Named("worker").Replace("{ Type", "{ Condition: C, Type", StringComparison.Ordinal);

        Faults(
                "  t: { stack: inventory-t, template: t.yaml }",
                ("t.yaml", $"Conditions: {{ C: !Equals [ a, b ] }}\nResources:\n  A: {Named("worker")}\n  B: {conditional}")
            )
            .ShouldBeEmpty();
    }
}
