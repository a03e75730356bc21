using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

public sealed class ParameterValuesTests
{
    [Theory]
    [InlineData("{ Type: String, AllowedValues: [\"a\", \"b\"] }", "c", "Parameter 'P' must be one of AllowedValues")]
    [InlineData("{ Type: String, AllowedPattern: \"[a-z]+\" }", "A", "Parameter 'P' must match pattern [a-z]+")]
    [InlineData("{ Type: String, AllowedPattern: \"[a-z]+\" }", "a1", "Parameter 'P' must match pattern [a-z]+")]
    [InlineData(
        "{ Type: String, AllowedPattern: \"[a-z]+\", ConstraintDescription: small letters }",
        "A",
        "Parameter P failed to satisfy constraint: small letters"
    )]
    [InlineData("{ Type: String, MinLength: 3 }", "ab", "Parameter 'P' must contain at least 3 characters")]
    [InlineData("{ Type: String, MaxLength: 3 }", "abcd", "Parameter 'P' must contain at most 3 characters")]
    [InlineData("{ Type: Number }", "x", "Parameter 'P' must be a number")]
    [InlineData("{ Type: Number, MinValue: 1 }", "0", "Parameter 'P' must be a number not less than 1")]
    [InlineData("{ Type: Number, MaxValue: 9 }", "10", "Parameter 'P' must be a number not greater than 9")]
    [InlineData("{ Type: List<Number> }", "1, x", "Parameter 'P' must be a number")]
    [InlineData("{ Type: CommaDelimitedList, AllowedValues: [a, b] }", "a,c", "Parameter 'P' must be one of AllowedValues")]
    [InlineData(
        "{ Type: AWS::SSM::Parameter::Value<String> }",
        "/missing",
        "Unable to fetch parameters [/missing] from parameter store for this account."
    )]
    public void Refuses_a_value_against_its_declaration(string declaration, string value, string message) =>
        Should.Throw<TemplateException>(() => Resolve(Declare(declaration), new GivenParameter("P", value))).Message.ShouldBe(message);

    [Theory]
    [InlineData("{ Type: String, AllowedPattern: \"[a-z]+\" }", "abc")]
    [InlineData("{ Type: Number, MinValue: 1, MaxValue: 9 }", "9")]
    [InlineData("{ Type: List<AWS::EC2::Subnet::Id> }", "subnet-1,subnet-2")]
    [InlineData("{ Type: AWS::EC2::VPC::Id }", "vpc-1")]
    public void Takes_a_value_that_fits(string declaration, string value) =>
        Resolve(Declare(declaration), new GivenParameter("P", value))["P"].InUse.ShouldBe(value);

    [Fact]
    public void Names_all_that_have_no_value() =>
        Should
            .Throw<TemplateException>(() =>
                Resolve(
                    Template.Parse(
                        """
                        Parameters: { A: { Type: String }, B: { Type: String, Default: x }, C: { Type: String } }
                        Resources: { R: { Type: AWS::SNS::Topic } }
                        """
                    )
                )
            )
            .Message.ShouldBe("Parameters: [A, C] must have values");

    [Fact]
    public void Names_all_that_the_template_lacks() =>
        Should
            .Throw<TemplateException>(() => Resolve(Declare("{ Type: String, Default: x }"), new("X", "1"), new("Y", "1")))
            .Message.ShouldBe("Parameters: [X, Y] do not exist in the template");

    [Fact]
    public void A_parameter_left_out_of_an_update_falls_back_to_its_default() =>
        ParameterValues.Resolve(Declare("{ Type: String, Default: x }"), [], Previous("y"), _ => null)["P"].Value.ShouldBe("x");

    [Fact]
    public void A_parameter_keeps_its_value_when_asked_to() =>
        ParameterValues
            .Resolve(Declare("{ Type: String, Default: x }"), [new("P", null, true)], Previous("y"), _ => null)["P"]
            .Value.ShouldBe("y");

    [Fact]
    public void No_previous_value_where_there_was_none() =>
        Should
            .Throw<TemplateException>(() => Resolve(Declare("{ Type: String }"), new GivenParameter("P", null, true)))
            .Message.ShouldBe(
                "Invalid input for parameter key P. Cannot specify usePreviousValue as true for a parameter key not in the previous "
                    + "template"
            );

    [Fact]
    public void A_value_from_SSM_keeps_the_name_beside_it()
    {
        var value = ParameterValues.Resolve(
            Declare("{ Type: AWS::SSM::Parameter::Value<String> }"),
            [new("P", "/name")],
            null,
            name => name == "/name" ? "v" : null
        )["P"];

        value.ShouldBe(new ParameterValue("/name", "v"));
        value.InUse.ShouldBe("v");
    }

    private static Dictionary<string, ParameterValue> Previous(string value) => new() { ["P"] = new ParameterValue(value) };

    private static Template Declare(string declaration) =>
        Template.Parse($"Parameters: {{ P: {declaration} }}\nResources: {{ R: {{ Type: AWS::SNS::Topic }} }}");

    private static OrderedDictionary<string, ParameterValue> Resolve(Template template, params GivenParameter[] given) =>
        ParameterValues.Resolve(template, given, null, _ => null);
}
