using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.DynamoDB.Expressions;

public sealed class UpdateExpressionTests
{
    [Theory]
    [InlineData("SET num = :ten", "num", """{"N":"10"}""")]
    [InlineData("SET num = num + :one", "num", """{"N":"3"}""")]
    [InlineData("SET num = :one - num", "num", """{"N":"-1"}""")]
    [InlineData("SET fresh = if_not_exists(fresh, :one) + :one", "fresh", """{"N":"2"}""")]
    [InlineData("SET num = if_not_exists(num, :one) + :one", "num", """{"N":"3"}""")]
    [InlineData("SET doc.nested.leaf = :s", "doc", """{"M":{"amount":{"N":"5"},"nested":{"M":{"leaf":{"S":"text"}}}}}""")]
    [InlineData("SET seq[1] = :s", "seq", """{"L":[{"S":"x"},{"S":"text"},{"M":{"deep":{"N":"3"}}}]}""")]
    [InlineData("SET seq[9] = :s, seq[8] = :one", "seq", """{"L":[{"S":"x"},{"N":"7"},{"M":{"deep":{"N":"3"}}},{"N":"1"},{"S":"text"}]}""")]
    [InlineData("SET seq = list_append(seq, :list)", "seq", """{"L":[{"S":"x"},{"N":"7"},{"M":{"deep":{"N":"3"}}},{"S":"z"}]}""")]
    [InlineData("SET seq = list_append(:list, seq) REMOVE num", "num", "null")]
    [InlineData("REMOVE seq[0], seq[1]", "seq", """{"L":[{"M":{"deep":{"N":"3"}}}]}""")]
    [InlineData("REMOVE doc.nested.leaf", "doc", """{"M":{"amount":{"N":"5"},"nested":{"M":{}}}}""")]
    [InlineData("REMOVE absent", "absent", "null")]
    [InlineData("ADD num :ten", "num", """{"N":"12"}""")]
    [InlineData("ADD fresh :ten", "fresh", """{"N":"10"}""")]
    [InlineData("ADD letters :ss", "letters", """{"SS":["a","b","c"]}""")]
    [InlineData("DELETE letters :ss", "letters", """{"SS":["a"]}""")]
    [InlineData("set num = doc.amount, doc.amount = num", "doc", """{"M":{"amount":{"N":"2"},"nested":{"M":{"leaf":{"S":"leaf"}}}}}""")]
    public void An_update_changes_the_item(string expression, string attribute, string value) =>
        Given.Json(UpdateParser.Parse(expression, Given.Placeholders()).Apply(Given.Item)[attribute]).ShouldBe(value);

    [Fact]
    public void A_set_that_becomes_empty_goes() =>
        UpdateParser
            .Parse("DELETE letters :ss", Given.Placeholders())
            .Apply(Given.Parse("""{"letters":{"SS":["b"]}}"""))
            .Attributes.ShouldBeEmpty();

    [Theory]
    [InlineData("SET num = absent", "The provided expression refers to an attribute that does not exist in the item")]
    [InlineData("SET num = absent + :one", "The provided expression refers to an attribute that does not exist in the item")]
    [InlineData("SET num = phrase + :one", "An operand in the update expression has an incorrect data type")]
    [InlineData("ADD phrase :one", "An operand in the update expression has an incorrect data type")]
    [InlineData("SET absent.nested = :one", "The document path provided in the update expression is invalid for update")]
    [InlineData("SET num[0] = :one", "The document path provided in the update expression is invalid for update")]
    public void An_update_that_does_not_fit_the_item_is_refused(string expression, string message) =>
        Should.Throw<ApiException>(() => UpdateParser.Parse(expression, Given.Placeholders()).Apply(Given.Item)).Message.ShouldBe(message);

    [Theory]
    [InlineData("num = :one", "Syntax error; token: \"num\", near: \"num =\"")]
    [InlineData("SET num = :one SET phrase = :s", "The \"SET\" section can only be used once in an update expression;")]
    [InlineData(
        "SET doc.amount = :one REMOVE doc",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc, amount], path two: [doc]"
    )]
    [InlineData(
        "SET doc[0] = :one, doc.amount = :one",
        "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [doc, [0]], path two: [doc, "
            + "amount]"
    )]
    [InlineData("SET status = :s", "Attribute name is a reserved keyword; reserved keyword: status")]
    [InlineData("SET num = num + :s", "Incorrect operand type for operator or function; operator or function: +, operand type: S")]
    [InlineData(
        "SET seq = list_append(seq, :one)",
        "Incorrect operand type for operator or function; operator or function: list_append, operand type: N"
    )]
    [InlineData(
        "ADD num :s",
        "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"
    )]
    [InlineData(
        "DELETE letters :one",
        "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"
    )]
    [InlineData("SET num = attribute_exists(num)", "The function is not allowed in an update expression; function: attribute_exists")]
    [InlineData("SET num = sum(num)", "Invalid function name; function: sum")]
    public void A_wrong_expression_is_refused_in_aws_words(string expression, string message) =>
        Should
            .Throw<ApiException>(() => UpdateParser.Parse(expression, Given.Placeholders()))
            .Message.ShouldBe($"Invalid UpdateExpression: {message}");
}
