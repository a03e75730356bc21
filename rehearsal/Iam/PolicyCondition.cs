namespace Deployer.Rehearsal.Iam;

/// <summary>One key of a Condition element with its operator, for example <c>ForAnyValue:StringLikeIfExists</c>.</summary>
internal sealed record PolicyCondition
{
    private const string Exists = "IfExists";

    private readonly ConditionOperator? _comparison;
    private readonly string? _qualifier;
    private readonly bool _ifExists;
    private readonly string _key;
    private readonly IReadOnlyList<string> _wanted;

    public PolicyCondition(string operation, string key, IReadOnlyList<string> wanted)
    {
        var colon = operation.IndexOf(':', StringComparison.Ordinal);
        _qualifier = colon < 0 ? null : operation[..colon];
        if (_qualifier is not (null or "ForAllValues" or "ForAnyValue"))
        {
            throw new MalformedPolicyException($"Invalid Condition type : {operation}.");
        }

        var name = operation[(colon + 1)..];
        _ifExists = name.EndsWith(Exists, StringComparison.Ordinal);
        name = _ifExists ? name[..^Exists.Length] : name;
        _comparison = name == ConditionOperator.Null && !_ifExists ? null : ConditionOperator.Named(name);
        _key = key;
        _wanted = wanted;
    }

    public bool Holds(ConditionKeys keys, bool hasVariables)
    {
        var values = keys[_key];
        if (_comparison is null)
        {
            return _wanted.Any(wanted => string.Equals(wanted, values.Count == 0 ? "true" : "false", StringComparison.OrdinalIgnoreCase));
        }

        if (values.Count == 0)
        {
            return _ifExists
                || _qualifier switch
                {
                    "ForAllValues" => true,
                    "ForAnyValue" => false,
                    _ => _comparison.Negated,
                };
        }

        bool One(string value) =>
            _wanted.Any(wanted => _comparison.Matches(value, wanted, hasVariables ? keys : null)) != _comparison.Negated;

        return _qualifier == "ForAllValues" || (_qualifier is null && _comparison.Negated) ? values.All(One) : values.Any(One);
    }
}
