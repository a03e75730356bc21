namespace Deployer.Spec.Tests.Rules;

public sealed class StackRulesTests
{
    private static IEnumerable<string> Faults(string tags) =>
        SpecReader
            .Read(
                new MemoryFolder(
                    (
                        SpecReader.FileName,
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
            )
            .Faults.Select(fault => fault.ToString());

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
}
