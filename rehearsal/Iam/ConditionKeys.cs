namespace Deployer.Rehearsal.Iam;

/// <summary>
/// What a request says about itself, by condition key. Names are compared without case, as IAM does.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
/// </summary>
public sealed class ConditionKeys
{
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The values of a key; empty when the request has none.</summary>
    public IReadOnlyList<string> this[string key] => _values.GetValueOrDefault(key, []);

    /// <summary>Sets a key. A null value leaves the key absent.</summary>
    /// <returns>These keys, to go on.</returns>
    public ConditionKeys With(string key, string? value) => value is null ? this : With(key, [value]);

    /// <summary>Sets a key that has many values. No values leave the key absent.</summary>
    /// <returns>These keys, to go on.</returns>
    public ConditionKeys With(string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            _values[key] = values;
        }

        return this;
    }
}
