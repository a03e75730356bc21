using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.DynamoDB.Expressions;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("num = :two", true)]
    [InlineData("#n <> :two", false)]
    [InlineData("num < :ten AND num > :one", true)]
    [InlineData("num >= :s", false)]
    [InlineData("#status = :s OR phrase = :s", true)]
    [InlineData("NOT num = :two", false)]
    [InlineData("not (num = :one or num = :ten) and attribute_exists(pk)", true)]
    [InlineData("num = :one AND num = :one OR num = :two", true)]
    [InlineData("num BETWEEN :one AND :ten", true)]
    [InlineData("num BETWEEN :one AND :two AND flag = :true", true)]
    [InlineData("num IN (:one, :two)", true)]
    [InlineData("num IN (:one)", false)]
    [InlineData("attribute_not_exists(absent)", true)]
    [InlineData("attribute_exists(doc.nested.leaf)", true)]
    [InlineData("attribute_exists(seq[3])", false)]
    [InlineData("seq[2].deep > :two", true)]
    [InlineData("#dot = :s", false)]
    [InlineData("attribute_exists(#dot)", true)]
    [InlineData("attribute_type(num, :n)", true)]
    [InlineData("begins_with(phrase, :te)", true)]
    [InlineData("begins_with(bytes, :b)", true)]
    [InlineData("begins_with(num, :te)", false)]
    [InlineData("contains(phrase, :te)", true)]
    [InlineData("contains(letters, :a)", true)]
    [InlineData("contains(seq, :s)", false)]
    [InlineData("size(seq) > :two", true)]
    [InlineData("size(phrase) = :ten", false)]
    [InlineData("size(num) = :one", false)]
    [InlineData("absent = :one", false)]
    [InlineData("absent <> :one", true)]
    [InlineData("absent < :one", false)]
    [InlineData("nothing = :null", true)]
    [InlineData("doc.amount=num", false)]
    public void A_condition_holds_or_not(string expression, bool holds) =>
        ConditionParser.Parse(ExpressionKind.ConditionExpression, expression, Given.Placeholders()).Holds(Given.Item).ShouldBe(holds);

    [Theory]
    [InlineData("", "The expression can not be empty;")]
    [InlineData("num = = :one", "Syntax error; token: \"=\", near: \"= = :one\"")]
    [InlineData("num = :one AND", "Syntax error; token: \"<EOF>\", near: \"AND\"")]
    [InlineData("num", "Syntax error; token: \"<EOF>\", near: \"num\"")]
    [InlineData("num ! :one", "Syntax error; token: \"!\", near: \"num ! :one\"")]
    [InlineData("status = :one", "Attribute name is a reserved keyword; reserved keyword: status")]
    [InlineData("#x = :one", "An expression attribute name used in the document path is not defined; attribute name: #x")]
    [InlineData("num = :x", "An expression attribute value used in expression is not defined; attribute value: :x")]
    [InlineData("exists(num)", "Invalid function name; function: exists")]
    [InlineData(
        "attribute_exists(num, phrase)",
        "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2"
    )]
    [InlineData("attribute_exists(:one)", "Operator or function requires a document path; operator or function: attribute_exists")]
    [InlineData("num < :true", "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL")]
    [InlineData(
        "begins_with(phrase, :one)",
        "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"
    )]
    [InlineData("attribute_type(num, :bad)", "Invalid attribute type name found; type: X")]
    [InlineData(
        "num = num",
        "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [num]"
    )]
    [InlineData(
        "num BETWEEN :ten AND :one",
        "requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound "
            + "operand: AttributeValue: {N:1}"
    )]
    [InlineData("num BETWEEN :ten AND :s", "requires same data type for lower and upper bounds")]
    [InlineData("num = contains(phrase, :s)", "The function is not allowed to be used this way in an expression; function: contains")]
    public void A_wrong_expression_is_refused_in_aws_words(string expression, string message)
    {
        var refusal = Should.Throw<ApiException>(() =>
            ConditionParser.Parse(ExpressionKind.ConditionExpression, expression, Given.Placeholders())
        );

        refusal.Code.ShouldBe("ValidationException");
        refusal.Message.ShouldStartWith("Invalid ConditionExpression: ");
        refusal.Message.ShouldContain(message);
    }
}
