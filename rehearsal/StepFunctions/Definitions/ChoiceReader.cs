using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Paths;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>Reads the rules of a Choice.</summary>
internal sealed class ChoiceReader(FieldReader choice, QueryLanguage language)
{
    private static readonly IReadOnlySet<string> Comparisons = new HashSet<string>(
        from type in new[] { "String", "Numeric", "Timestamp" }
        from comparison in new[] { "Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals" }
        select type + comparison
    )
    {
        "BooleanEquals",
    };

    private static readonly IReadOnlySet<string> Tests = new HashSet<string>
    {
        "IsNull",
        "IsPresent",
        "IsNumeric",
        "IsString",
        "IsBoolean",
        "IsTimestamp",
        "StringMatches",
    };

    public IEnumerable<ChoiceRule> Rules()
    {
        foreach (var rule in choice.Objects("Choices"))
        {
            rule.Require("Next");
            yield return new(
                language == QueryLanguage.Jsonata ? Expression(rule) : Condition(rule),
                rule.Text("Next") ?? "",
                rule.Template("Assign", language)?.Value as JsonObject,
                language == QueryLanguage.Jsonata ? rule.Template("Output", language) : null
            );
        }
    }

    private static ExpressionCondition Expression(FieldReader rule)
    {
        rule.Require("Condition");
        return new(rule.Template("Condition", QueryLanguage.Jsonata)?.Value);
    }

    private static ChoiceCondition Condition(FieldReader rule)
    {
        if (rule.Has("And"))
        {
            return new AndCondition([.. rule.Objects("And").Select(Condition)]);
        }

        if (rule.Has("Or"))
        {
            return new OrCondition([.. rule.Objects("Or").Select(Condition)]);
        }

        if (rule.Object("Not") is { } inner)
        {
            return new NotCondition(Condition(rule.Inner(inner, "Not")));
        }

        rule.Require("Variable");
        foreach (var (field, operand) in rule.Node)
        {
            var isPath = field.EndsWith("Path", StringComparison.Ordinal);
            var name = isPath ? field[..^4] : field;
            if (Comparisons.Contains(name) || (!isPath && Tests.Contains(name)))
            {
                return Test(rule, field, name, operand, isPath);
            }
        }

        rule.Fault("No operator of a data test was found");
        return new OrCondition([]);
    }

    private static DataTest Test(FieldReader rule, string field, string name, JsonNode? operand, bool isPath)
    {
        if (isPath && !(StateData.TryString(operand, out var path) && JsonPath.IsValid(path)))
        {
            rule.Fault("Value is not a valid JSONPath", field);
        }

        if (
            !isPath
            && name.StartsWith("Timestamp", StringComparison.Ordinal)
            && !(StateData.TryString(operand, out var instant) && Timestamps.TryParse(instant, out _))
        )
        {
            rule.Fault("String does not match RFC3339 timestamp", field);
        }

        return new(rule.Path("Variable") ?? "$", name, operand, isPath);
    }
}
