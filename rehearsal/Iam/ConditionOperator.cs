using System.Globalization;

namespace Deployer.Rehearsal.Iam;

/// <summary>
/// Compares a value of the request with a value of the policy. A negated operator holds when no value of the policy matches.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
/// </summary>
internal sealed record ConditionOperator(bool Negated, Func<string, string, ConditionKeys?, bool> Matches)
{
    public const string Null = "Null";

    private static readonly Dictionary<string, ConditionOperator> ByName = new(StringComparer.Ordinal)
    {
        ["StringEquals"] = Text(negated: false, wildcards: false, ignoreCase: false),
        ["StringNotEquals"] = Text(negated: true, wildcards: false, ignoreCase: false),
        ["StringEqualsIgnoreCase"] = Text(negated: false, wildcards: false, ignoreCase: true),
        ["StringNotEqualsIgnoreCase"] = Text(negated: true, wildcards: false, ignoreCase: true),
        ["StringLike"] = Text(negated: false, wildcards: true, ignoreCase: false),
        ["StringNotLike"] = Text(negated: true, wildcards: true, ignoreCase: false),
        ["ArnEquals"] = new(Negated: false, MatchesArn),
        ["ArnLike"] = new(Negated: false, MatchesArn),
        ["ArnNotEquals"] = new(Negated: true, MatchesArn),
        ["ArnNotLike"] = new(Negated: true, MatchesArn),
        ["Bool"] = new(Negated: false, (value, wanted, _) => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)),
        ["NumericEquals"] = Numbers(negated: false, order => order == 0),
        ["NumericNotEquals"] = Numbers(negated: true, order => order == 0),
        ["NumericLessThan"] = Numbers(negated: false, order => order < 0),
        ["NumericLessThanEquals"] = Numbers(negated: false, order => order <= 0),
        ["NumericGreaterThan"] = Numbers(negated: false, order => order > 0),
        ["NumericGreaterThanEquals"] = Numbers(negated: false, order => order >= 0),
        ["DateEquals"] = Dates(negated: false, order => order == 0),
        ["DateNotEquals"] = Dates(negated: true, order => order == 0),
        ["DateLessThan"] = Dates(negated: false, order => order < 0),
        ["DateLessThanEquals"] = Dates(negated: false, order => order <= 0),
        ["DateGreaterThan"] = Dates(negated: false, order => order > 0),
        ["DateGreaterThanEquals"] = Dates(negated: false, order => order >= 0),
    };

    /// <summary>Finds an operator by its name without set qualifier and IfExists.</summary>
    public static ConditionOperator Named(string name) =>
        ByName.TryGetValue(name, out var found) ? found
        : name is "IpAddress" or "NotIpAddress" or "BinaryEquals"
            ? throw new NotSupportedException($"The rehearsal does not judge the condition operator {name}.")
        : throw new MalformedPolicyException($"Invalid Condition type : {name}.");

    private static ConditionOperator Text(bool negated, bool wildcards, bool ignoreCase) =>
        new(negated, (value, wanted, variables) => TextPattern.Expand(wanted, variables, wildcards)?.Matches(value, ignoreCase) == true);

    private static ConditionOperator Numbers(bool negated, Func<int, bool> holds) =>
        new(
            negated,
            (value, wanted, _) =>
                decimal.TryParse(value, CultureInfo.InvariantCulture, out var left)
                && decimal.TryParse(wanted, CultureInfo.InvariantCulture, out var right)
                && holds(left.CompareTo(right))
        );

    private static ConditionOperator Dates(bool negated, Func<int, bool> holds) =>
        new(negated, (value, wanted, _) => Date(value) is { } left && Date(wanted) is { } right && holds(left.CompareTo(right)));

    // IAM takes ISO 8601 and seconds since 1970.
    private static DateTimeOffset? Date(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
        : null;

    // Each of the six parts of an ARN is matched on its own, so a wildcard does not reach over a colon.
    private static bool MatchesArn(string value, string wanted, ConditionKeys? variables)
    {
        if (TextPattern.Expand(wanted, variables, wildcards: true)?.Split(':', 6) is not { } patterns)
        {
            return false;
        }

        var parts = value.Split(':', 6);
        return parts.Length == patterns.Count && patterns.Zip(parts).All(pair => pair.First.Matches(pair.Second, ignoreCase: false));
    }
}
