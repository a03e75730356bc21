namespace Deployer.Spec.Tests.Templates;

/// <summary>
/// Environment variables of Lambda functions in templates: what deployer.yaml refuses for its own, a template may not have.
/// </summary>
public sealed class TemplateVariablesTests
{
    private static string Function(string variables, string type = "AWS::Lambda::Function") =>
        $$"""
            Transform: AWS::Serverless-2016-10-31
            Resources: { F: { Type: {{type}}, Properties: { Environment: { Variables: { {{variables}} } } } } }
            """;

    [Theory]
    [InlineData("AWS::Lambda::Function")]
    [InlineData("AWS::Serverless::Function")]
    public void A_name_that_Lambda_keeps_for_itself_is_a_fault(string type) =>
        OneTemplate
            .Faults(Function("AWS_REGION: us-east-1", type))
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                ": the variable \"AWS_REGION\" of the function F is reserved by Lambda; expected another name: Lambda sets this one"
            );

    [Fact]
    public void A_name_that_Lambda_refuses_is_a_fault() =>
        OneTemplate
            .Faults(Function("a-b: x"))
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                ": the name of the variable \"a-b\" of the function F is not allowed; expected 2 or more letters, digits and underscores, "
                    + "beginning with a letter"
            );

    [Fact]
    public void So_are_those_that_all_functions_are_given() =>
        OneTemplate
            .Faults(
                """
                Transform: AWS::Serverless-2016-10-31
                Globals: { Function: { Environment: { Variables: { LAMBDA_TASK_ROOT: x } } } }
                Resources: { Q: { Type: AWS::SQS::Queue } }
                """
            )
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                ": the variable \"LAMBDA_TASK_ROOT\" of the functions of Globals is reserved by Lambda; "
                    + "expected another name: Lambda sets this one"
            );

    [Theory]
    [InlineData(4096 - 9, null)]
    [InlineData(4096 - 8, "the variables of the function F have 4097 bytes; expected at most 4096 with their names: ")]
    public void More_than_Lambda_takes_is_a_fault(int length, string? fault)
    {
        var faults = OneTemplate.Faults(Function($"AB: {new string('x', length)}"));

        if (fault is null)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults.ShouldHaveSingleItem().ShouldContain(fault);
        }
    }
}
