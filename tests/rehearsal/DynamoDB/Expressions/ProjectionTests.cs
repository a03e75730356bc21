using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.DynamoDB.Expressions;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData("num", """{"M":{"num":{"N":"2"}}}""")]
    [InlineData("doc.nested.leaf, doc.amount", """{"M":{"doc":{"M":{"amount":{"N":"5"},"nested":{"M":{"leaf":{"S":"leaf"}}}}}}}""")]
    [InlineData("seq[2].deep, seq[0]", """{"M":{"seq":{"L":[{"S":"x"},{"M":{"deep":{"N":"3"}}}]}}}""")]
    [InlineData("absent, #dot", """{"M":{"a.b":{"S":"dotted"}}}""")]
    public void Only_what_the_paths_lead_to_is_shown(string expression, string shown) =>
        Given.Json(Projection.Parse(expression, Given.Placeholders()).Apply(Given.Item)).ShouldBe(shown);

    [Fact]
    public void Paths_that_meet_are_refused() =>
        Should
            .Throw<ApiException>(() => Projection.Parse("doc, doc.amount", Given.Placeholders()))
            .Message.ShouldStartWith("Invalid ProjectionExpression: Two document paths overlap");
}
