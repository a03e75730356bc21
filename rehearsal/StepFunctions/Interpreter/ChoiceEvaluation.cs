using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Paths;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>Whether a rule of a Choice applies. A value of another type than the operator's never matches.</summary>
internal static class ChoiceEvaluation
{
    public static bool Applies(ChoiceCondition condition, StateEvaluation evaluation, JsonNode? input) =>
        condition switch
        {
            AndCondition and => and.Parts.All(p => Applies(p, evaluation, input)),
            OrCondition or => or.Parts.Any(p => Applies(p, evaluation, input)),
            NotCondition not => !Applies(not.Part, evaluation, input),
            ExpressionCondition expression => evaluation.Jsonata(expression.Expression, "Condition", "boolean", input)?.GetValueKind()
                == JsonValueKind.True,
            DataTest test => Holds(test, evaluation, input),
            _ => throw new InvalidOperationException($"The condition {condition.GetType().Name} is not known."),
        };

    private static bool Holds(DataTest test, StateEvaluation evaluation, JsonNode? input)
    {
        if (test.Operator == "IsPresent")
        {
            return IsPresent(test.Variable, evaluation, input) == IsTrue(test.Operand);
        }

        var value = Read(test.Variable, evaluation, input);
        var operand = test.OperandIsPath ? Read(test.Operand!.GetValue<string>(), evaluation, input) : test.Operand;
        switch (test.Operator)
        {
            case "IsNull":
                return (value is null) == IsTrue(operand);
            case "IsNumeric":
                return StateData.TryNumber(value, out _) == IsTrue(operand);
            case "IsString":
                return StateData.TryString(value, out _) == IsTrue(operand);
            case "IsBoolean":
                return IsBoolean(value) == IsTrue(operand);
            case "IsTimestamp":
                return (StateData.TryString(value, out var candidate) && Timestamps.TryParse(candidate, out _)) == IsTrue(operand);
            case "BooleanEquals":
                return IsBoolean(value) && IsBoolean(operand) && IsTrue(value) == IsTrue(operand);
            case "StringMatches":
                return StateData.TryString(value, out var text) && StateData.TryString(operand, out var pattern) && Matches(text, pattern);
            default:
                return Order(test.Operator, value, operand) is { } order && Compares(test.Operator, order);
        }
    }

    private static bool Compares(string name, int order) =>
        name.EndsWith("LessThanEquals", StringComparison.Ordinal) ? order <= 0
        : name.EndsWith("GreaterThanEquals", StringComparison.Ordinal) ? order >= 0
        : name.EndsWith("LessThan", StringComparison.Ordinal) ? order < 0
        : name.EndsWith("GreaterThan", StringComparison.Ordinal) ? order > 0
        : order == 0;

    private static int? Order(string name, JsonNode? left, JsonNode? right)
    {
        if (name.StartsWith("Numeric", StringComparison.Ordinal))
        {
            return StateData.TryNumber(left, out var a) && StateData.TryNumber(right, out var b) ? a.CompareTo(b) : null;
        }

        if (!StateData.TryString(left, out var s) || !StateData.TryString(right, out var t))
        {
            return null;
        }

        if (name.StartsWith("String", StringComparison.Ordinal))
        {
            return string.CompareOrdinal(s, t);
        }

        return Timestamps.TryParse(s, out var x) && Timestamps.TryParse(t, out var y) ? x.CompareTo(y) : null;
    }

    private static JsonNode? Read(string path, StateEvaluation evaluation, JsonNode? input)
    {
        try
        {
            return JsonPath.Parse(path).Read(evaluation.Scope(input));
        }
        catch (PathNotFoundException)
        {
            throw evaluation.Runtime($"Invalid path '{path}': The choice state's condition path references an invalid value.");
        }
    }

    private static bool IsPresent(string path, StateEvaluation evaluation, JsonNode? input)
    {
        try
        {
            var parsed = JsonPath.Parse(path);
            var value = parsed.Read(evaluation.Scope(input));
            return parsed.IsDefinite || value is not JsonArray { Count: 0 };
        }
        catch (PathNotFoundException)
        {
            return false;
        }
    }

    private static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;

    private static bool IsBoolean(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    /// <summary><c>*</c> stands for any characters, <c>\\*</c> for the character itself.</summary>
    private static bool Matches(string text, string pattern)
    {
        var expression = new System.Text.StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '\\')
            {
                expression.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else
            {
                expression.Append(pattern[i] == '*' ? "[\\s\\S]*" : Regex.Escape(pattern[i].ToString()));
            }
        }

        return Regex.IsMatch(text, expression.Append('$').ToString(), RegexOptions.NonBacktracking);
    }
}
