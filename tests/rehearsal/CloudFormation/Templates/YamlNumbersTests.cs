using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

public sealed class YamlNumbersTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-1_000")]
    [InlineData("0b10_1")]
    [InlineData("0777")]
    [InlineData("0xFf")]
    [InlineData("190:20:30")]
    [InlineData("1.5")]
    [InlineData(".5")]
    [InlineData("._5")]
    [InlineData("6.8523015e+5")]
    [InlineData("685_230.15")]
    [InlineData("1e3")]
    [InlineData("5.")]
    [InlineData("190:20:30.15")]
    [InlineData("-.inf")]
    public void Yaml_1_1_reads_it_as_a_number(string text) => YamlNumbers.IsNumber(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("012345678901")]
    [InlineData("1.2.3")]
    [InlineData("._")]
    [InlineData("1e")]
    [InlineData("us-east-1")]
    [InlineData("0x")]
    public void It_is_text(string text) => YamlNumbers.IsNumber(text).ShouldBeFalse();

    [Fact]
    public void A_long_scalar_is_judged_at_once() => YamlNumbers.IsNumber("." + new string('1', 1_000_000) + "x").ShouldBeFalse();
}
