using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateOutputsTests
{
    [Theory]
    [InlineData("!Equals [ !Ref A, two ]", true)]
    [InlineData("!Not [ !Equals [ !Ref A, two ] ]", false)]
    [InlineData("!Equals [ !Ref B, three ]", false)]
    [InlineData("!Equals [ !Ref B, four ]", true)]
    [InlineData("!Equals [ !Ref Hidden, x ]", false)]
    [InlineData("!Equals [ !Ref Elsewhere, x ]", false)]
    [InlineData("!Equals [ !Ref \"AWS::Region\", eu-west-1 ]", true)]
    public void An_output_is_absent_where_its_condition_does_not_hold_with_the_values_of_the_stack(string condition, bool isAbsent) =>
        TemplateOutputs
            .Absent(
                $$"""
                Parameters:
                  A: { Type: String, Default: two }
                  B: { Type: String, Default: three }
                  Hidden: { Type: String, NoEcho: true, Default: hunter2 }
                  Elsewhere: { Type: "AWS::SSM::Parameter::Value<String>", Default: /a/name }
                Conditions: { C: {{condition}} }
                Outputs: { O: { Condition: C, Value: v }, Always: { Value: v } }
                """,
                name =>
                    name switch
                    {
                        "A" => "one",
                        "AWS::Region" => "us-east-1",
                        _ => null,
                    }
            )
            .ShouldBe(isAbsent ? new Dictionary<string, string> { ["O"] = "C" } : []);
}
