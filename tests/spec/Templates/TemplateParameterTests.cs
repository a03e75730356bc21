namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateParameterTests
{
    private static string Template(string declaration) =>
        $"Parameters: {{ P: {{ {declaration} }} }}\nResources: {{ A: {{ Type: AWS::SQS::Queue }} }}";

    private static IEnumerable<string> Faults(string declaration, string value) =>
        OneTemplate.Faults(Template(declaration), $"{{ P: {value} }}");

    [Theory]
    [InlineData("Type: String, AllowedValues: [ \"a\", \"b\" ]", "c", "\"c\"; expected one of its AllowedValues: a, b")]
    [InlineData("Type: String, AllowedValues: [ Yes, No ]", "\"Yes\"", "\"Yes\"; expected one of its AllowedValues: true, false")]
    [InlineData(
        "Type: CommaDelimitedList, AllowedValues: [ \"a\", \"b\" ]",
        "\"a, c\"",
        "\"a, c\"; expected one of its AllowedValues: a, b"
    )]
    [InlineData(
        "Type: String, AllowedPattern: '[a-z]{2,4}+'",
        "\"abcde\"",
        "\"abcde\"; expected a text that matches its AllowedPattern [a-z]{2,4}+"
    )]
    [InlineData(
        "Type: CommaDelimitedList, AllowedPattern: '[a-z]+'",
        "\"a,B\"",
        "\"a,B\"; expected a text that matches its AllowedPattern [a-z]+"
    )]
    [InlineData("Type: String, MinLength: 2", "a", "\"a\", of 1 characters; expected at least 2, its MinLength")]
    [InlineData("Type: String, MinLength: 1", "\"\"", "\"\", of 0 characters; expected at least 1, its MinLength")]
    [InlineData("Type: String, MaxLength: \"2\"", "abc", "\"abc\", of 3 characters; expected at most 2, its MaxLength")]
    [InlineData("Type: Number", "many", "\"many\"; expected a number")]
    [InlineData("Type: List<Number>", "\"1,x\"", "\"1,x\"; expected numbers with commas between them")]
    [InlineData("Type: Number, MinValue: 5", "\"${size}\"", "\"3\" in the target \"dev\"; expected at least 5, its MinValue")]
    [InlineData("Type: Number, MaxValue: 2.5", "3", "\"3\"; expected at most 2.5, its MaxValue")]
    [InlineData(
        "Type: String, NoEcho: \"true\", MinLength: 20",
        "s3cret",
        "a secret, of 6 characters; expected at least 20, its MinLength"
    )]
    [InlineData("Type: String, NoEcho: yes, MinLength: 20", "s3cret", "a secret, of 6 characters; expected at least 20, its MinLength")]
    [InlineData("Type: String, NoEcho: \"false\", MinLength: 20", "abc", "\"abc\", of 3 characters; expected at least 20, its MinLength")]
    [InlineData("Type: String, NoEcho: \"true\", AllowedValues: [ s3cret ]", "open", "a secret; expected one of its AllowedValues")]
    [InlineData(
        "Type: String, MaxLength: 9",
        "\"https://user:tok3nS3cret@example.com/a-path-that-is-long-enough-to-be-cut\"",
        "\"https://…@example.com/a-path-that-is-long-enough-to-be-cut\", of 73 characters; expected at most 9, its MaxLength"
    )]
    [InlineData("Type: String, NoEcho: true, MinLength: 20", "s3cret", "a secret, of 6 characters; expected at least 20, its MinLength")]
    public void A_value_that_CloudFormation_refuses_is_a_fault(string declaration, string value, string fault)
    {
        var found = Faults(declaration, value).ShouldHaveSingleItem();

        found.ShouldBe($"deployer.yaml:5:75: the parameter \"P\" is {fault}");
    }

    [Theory]
    [InlineData("Type: String, AllowedValues: [ a, b ]", "b")]
    [InlineData("Type: String, AllowedValues: [ 1, 2 ]", "2")]
    [InlineData("Type: String, AllowedValues: [ true, false ]", "true")]
    [InlineData("Type: CommaDelimitedList, AllowedValues: [ a, b ]", "\"a, b\"")]
    [InlineData("Type: String, AllowedPattern: '[a-z]+'", "abc")]
    [InlineData("Type: String, MinLength: 2, MaxLength: 2", "ab")]
    [InlineData("Type: Number, MinValue: 3, MaxValue: 3", "\"${size}\"")]
    [InlineData("Type: Number", "1.5")]
    // The value is a name in the Parameter Store.
    [InlineData("Type: AWS::SSM::Parameter::Value<String>, AllowedPattern: '[a-z]+'", "/a/b")]
    // Nothing is known of an account's own.
    [InlineData("Type: AWS::EC2::VPC::Id, AllowedPattern: '[a-z]+'", "vpc-1")]
    public void A_value_that_CloudFormation_takes_is_accepted(string declaration, string value) =>
        Faults(declaration, value).ShouldBeEmpty();

    [Fact]
    public void A_pattern_that_cannot_be_checked_is_a_notice()
    {
        var template = Template(@"Type: String, AllowedPattern: '\p{IsGreek}+'");

        OneTemplate.Faults(template, "{ P: abc }").ShouldBeEmpty();
        OneTemplate
            .Notices(template, "{ P: abc }")
            .ShouldBe([
                "deployer.yaml:5:75: whether the parameter \"P\" matches its AllowedPattern \\p{IsGreek}+ was not "
                    + "checked: the character family IsGreek has no counterpart here",
            ]);
    }

    [Fact]
    public void A_value_is_no_longer_than_CloudFormation_takes()
    {
        Faults("Type: String", new string('a', 4096)).ShouldBeEmpty();
        Faults("Type: String", new string('a', 4097)).ShouldHaveSingleItem().ShouldEndWith(", of 4097 bytes; expected at most 4096");
    }

    [Theory]
    [InlineData("Type: String, AllowedPattern: '[a-z]+', Default: A", "\"A\"; expected a text that matches its AllowedPattern [a-z]+")]
    [InlineData("Type: String, AllowedValues: [ a, b ], Default: c", "\"c\"; expected one of its AllowedValues: a, b")]
    [InlineData("Type: Number, MaxValue: 3, Default: 4", "\"4\"; expected at most 3, its MaxValue")]
    [InlineData("Type: String, MinLength: 1, Default: ''", "\"\", of 0 characters; expected at least 1, its MinLength")]
    public void A_default_that_is_refused_is_a_notice_where_no_value_is_given(string declaration, string notice)
    {
        var template = Template(declaration);

        OneTemplate.Faults(template).ShouldBeEmpty();
        OneTemplate
            .Notices(template)
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                "the step \"t\" gives no value, and by default the parameter \"P\" is "
                    + $"{notice}: only a stack that has another value already can be updated"
            );
    }

    [Fact]
    public void One_without_default_and_value_is_a_notice_since_a_stack_may_have_its_value()
    {
        var template = Template("Type: String }, Q: { Type: String, Default: x");

        OneTemplate.Faults(template).ShouldBeEmpty();
        OneTemplate
            .Notices(template)
            .ShouldBe([
                "deployer.yaml:5:3: the parameter \"P\" of stacks/t.yaml has no default, and the step \"t\" gives "
                    + "it no value: only a stack that has one already can be updated",
            ]);
        OneTemplate.Notices(template, "{ P: x }").ShouldBeEmpty();
    }
}
