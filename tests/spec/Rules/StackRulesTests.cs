using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Rules;

public sealed class StackRulesTests
{
    private static IEnumerable<string> Faults(string tags) => Read(tags).Faults.Select(fault => fault.ToString());

    private static SpecReading Read(string tags) =>
        SpecReader.Read(
            new MemoryFolder(
                (
                    SpecFile.Name,
                    $$"""
                    service: shop
                    targets:
                      dev: { account: "111111111111", region: us-east-1, values: { long: {{new string('x', 257)}} } }
                    steps:
                      t: { stack: "shop-${target}", template: t.yaml, tags: { {{tags}} } }
                    """
                ),
                ("t.yaml", "Resources: { A: { Type: AWS::SQS::Queue } }")
            )
        );

    private static string Many(int count) => string.Join(", ", Enumerable.Range(1, count).Select(number => $"t{number}: v"));

    [Fact]
    public void More_tags_than_CloudFormation_takes_are_a_fault() =>
        Faults(Many(51))
            .ShouldHaveSingleItem()
            .ShouldEndWith(": the step \"t\" has 51 tags; expected at most 50: CloudFormation takes no more for a stack");

    [Theory]
    [InlineData("a: \"\"", 0)]
    [InlineData("a: \"${long}\"", 257)]
    public void A_tag_without_a_value_or_with_a_long_one_is_a_fault(string tags, int length) =>
        Faults(tags)
            .ShouldHaveSingleItem()
            .ShouldEndWith($": the tag \"a\" has a value of {length} characters in the target \"dev\"; expected 1 to 256 characters");

    [Fact]
    public void What_CloudFormation_takes_is_accepted() => Faults(Many(50)).ShouldBeEmpty();

    [Theory]
    [InlineData("aws:x")]
    [InlineData("AWS:x")]
    public void The_prefix_of_AWS_is_reserved_in_any_case(string key) =>
        Faults($"\"{key}\": v").ShouldHaveSingleItem().ShouldEndWith("expected 1 to 128 characters, not beginning with aws:");

    [Theory]
    [InlineData("\"a*b\": v", "the tag \"a*b\" of the step \"t\" holds \"*\" in its key: ")]
    [InlineData("a: \"x,y\"", "the tag \"a\" of the step \"t\" holds \",\" in its value: ")]
    [InlineData("\"a_b.c:d/e=f+g-h@ü 1\": \"x y_.:/=+-@9\"", null)]
    public void Characters_that_services_refuse_in_tags_are_a_notice(string tags, string? notice)
    {
        var reading = Read(tags);

        reading.Faults.ShouldBeEmpty();
        if (notice is null)
        {
            reading.Notices.ShouldBeEmpty();
        }
        else
        {
            reading.Notices.ShouldHaveSingleItem().Text.ShouldStartWith(notice);
        }
    }
}
