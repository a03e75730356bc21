using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

public sealed class MissingInputsTests
{
    [Theory]
    [InlineData("Unable to fetch parameters [/a/b,c] from parameter store for this account.", "/a/b, c")]
    [InlineData("Parameters: [ssm:/a/b:3] cannot be found.", "/a/b:3")]
    public void Parameters_that_are_not_there_are_named(string reason, string names) =>
        MissingInputs.In(reason).ShouldBe(names.Split(", ").Select(name => $"the parameter {name} of Systems Manager"));

    [Theory]
    [InlineData("No export named inventory-dev:Level found")]
    [InlineData("No export named inventory-dev:Level found.")]
    public void An_export_that_is_not_there_is_named(string reason) =>
        MissingInputs.In(reason).ShouldBe(["the export inventory-dev:Level"]);

    [Theory]
    [InlineData("Template format error: it is wrong")]
    [InlineData("Parameters: [Level] must have values")]
    [InlineData("Parameters: [Level] do not exist in the template")]
    [InlineData("No export named a found; G (AWS::Logs::LogGroup): it is wrong (PROPERTY_VALIDATION)")]
    public void Another_reason_or_a_further_one_stays_a_failure(string reason) => MissingInputs.In(reason).ShouldBeEmpty();
}
