using System.Globalization;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateLimitsTests
{
    private static string Many(int count, string entry) =>
        string.Concat(Enumerable.Range(0, count).Select(number => $"  G{number.ToString(CultureInfo.InvariantCulture)}: {entry}\n"));

    private static string WithResource(string section, int count, string entry) =>
        $"Resources: {{ A: {{ Type: AWS::SQS::Queue }} }}\n{section}:\n{Many(count, entry)}";

    [Theory]
    [InlineData(500)]
    [InlineData(501, "stacks/t.yaml:502:3: Resources has 501 entries; expected at most 500")]
    public void A_template_has_at_most_500_resources(int count, params string[] faults) =>
        OneTemplate.Faults($"Resources:\n{Many(count, "{ Type: AWS::SQS::Queue }")}").ShouldBe(faults);

    [Theory]
    [InlineData("Parameters", "{ Type: String, Default: x }")]
    [InlineData("Mappings", "{ a: { b: c } }")]
    [InlineData("Outputs", "{ Value: x }")]
    public void Other_sections_have_at_most_200(string section, string entry)
    {
        OneTemplate.Faults(WithResource(section, 200, entry)).ShouldBeEmpty();
        OneTemplate
            .Faults(WithResource(section, 201, entry))
            .ShouldBe([$"stacks/t.yaml:203:3: {section} has 201 entries; expected at most 200"]);
    }

    [Fact]
    public void A_description_has_at_most_1024_bytes()
    {
        const string Resources = "\nResources: { A: { Type: AWS::SQS::Queue } }";

        OneTemplate.Faults($"Description: {new string('d', 1024)}{Resources}").ShouldBeEmpty();
        OneTemplate
            .Faults($"Description: {new string('d', 1023)}é{Resources}")
            .ShouldBe(["stacks/t.yaml:1:14: the Description has 1025 bytes; expected at most 1024"]);
    }

    [Fact]
    public void What_a_mapping_and_a_name_may_have_is_limited_too() =>
        OneTemplate
            .Faults(
                $"Resources: {{ A{new string('a', 255)}: {{ Type: AWS::SQS::Queue }} }}\nMappings:\n  M: {{ a: {{ "
                    + $"{string.Join(", ", Enumerable.Range(0, 201).Select(number => $"K{number}: x"))} }} }}"
            )
            .ShouldBe([
                $"stacks/t.yaml:1:14: the name \"A{new string('a', 39)}…\" in Resources has 256 characters; expected at most 255",
                "stacks/t.yaml:3:8: \"a\" of the mapping \"M\" has 201 attributes; expected at most 200",
            ]);

    [Fact]
    public void What_a_loop_makes_of_a_parameter_is_not_counted() =>
        OneTemplate
            .Faults(
                "Parameters: { Names: { Type: CommaDelimitedList, Default: a } }\n"
                    + $"Transform: AWS::LanguageExtensions\nResources:\n{Many(500, "{ Type: AWS::SQS::Queue }")}  "
                    + $"\"Fn::ForEach::X\": [ I, !Ref Names, {{ \"G${{I}}\": {{ Type: AWS::SQS::Queue }} }} ]\n"
            )
            .ShouldBeEmpty();
}
