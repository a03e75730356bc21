using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.DynamoDB;

public sealed class DynamoNumberTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0", "0")]
    [InlineData("007.500", "7.5")]
    [InlineData("1e3", "1000")]
    [InlineData("-1.5E-3", "-0.0015")]
    [InlineData(".5", "0.5")]
    [InlineData("12345678901234567890123456789012345678", "12345678901234567890123456789012345678")]
    public void A_number_has_one_form(string text, string shown) => DynamoNumber.Parse(text).ToString().ShouldBe(shown);

    [Theory]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("99999999999999999999999999999999999999", "1", "100000000000000000000000000000000000000")]
    [InlineData("-5", "2.25", "-2.75")]
    public void Addition_is_exact(string left, string right, string sum) =>
        (DynamoNumber.Parse(left) + DynamoNumber.Parse(right)).ToString().ShouldBe(sum);

    [Fact]
    public void Numbers_have_an_order() =>
        new[] { "10", "9", "-1", "1e-5", "-1e10" }
            .Select(DynamoNumber.Parse)
            .Order()
            .Select(number => number.ToString())
            .ShouldBe(["-10000000000", "-1", "0.00001", "9", "10"]);

    [Theory]
    [InlineData("123456789012345678901234567890123456789", "more than 38 significant digits")]
    [InlineData("1e126", "Number overflow")]
    [InlineData("1e-131", "Number underflow")]
    [InlineData("one", "cannot be converted to a numeric value: one")]
    [InlineData("", "cannot be converted to a numeric value")]
    public void What_is_no_number_of_dynamodb_is_refused(string text, string message) =>
        Should.Throw<ApiException>(() => DynamoNumber.Parse(text)).Message.ShouldContain(message);
}
