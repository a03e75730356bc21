using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Iam.Actions;

/// <summary>What IAM knows of an action.</summary>
/// <param name="Name">Such as <c>s3:GetObject</c>.</param>
/// <param name="ResourceTypes">The types of resources that it is judged on, by name; none when it is judged against <c>*</c> only.</param>
/// <param name="ConditionKeys">Its condition keys beside the global ones, such as <c>aws:RequestTag/${TagKey}</c>.</param>
public sealed record IamAction(string Name, IReadOnlyDictionary<string, ArnPattern> ResourceTypes, IReadOnlyList<string> ConditionKeys)
{
    /// <summary>
    /// What a request for a resource is judged on: the resource, or <c>*</c> where the action knows no resource of this type, so that
    /// only a grant on everything allows it.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    /// </remarks>
    public string JudgedOn(string resource) => Knows(resource) ? resource : "*";

    /// <summary>
    /// The ARN of a resource that CloudFormation makes with this action: the id where it is one, else that of the type whose name is most
    /// like that of CloudFormation's type; without the id where that is an ARN of another type. <c>*</c> where the action knows no
    /// resources.
    /// </summary>
    /// <param name="made">The resource.</param>
    public string ArnOf(MadeResource made)
    {
        if (ResourceTypes.Count == 0 || Knows(made.Id))
        {
            return ResourceTypes.Count == 0 ? "*" : made.Id;
        }

        var name = Plain(made.Type[(made.Type.LastIndexOf(':') + 1)..]);
        var arn = ResourceTypes
            .OrderByDescending(known => name.Contains(Plain(known.Key), StringComparison.Ordinal) ? known.Key.Length : 0)
            .First()
            .Value.First;
        var last = arn[5].LastIndexOf('*');
        var own = made.Id.StartsWith("arn:", StringComparison.Ordinal) ? "*" : made.Id;
        var resource = last < 0 ? arn[5] : $"{arn[5][..last]}{own}{arn[5][(last + 1)..]}";
        return $"arn:aws:{arn[2]}:{(arn[3].Length == 0 ? "" : made.Region)}:{(arn[4] == "*" ? made.Account : arn[4])}:{resource}";
    }

    /// <summary>Whether some ARN that a pattern matches is of a type that the action knows.</summary>
    public bool Knows(string pattern) => ResourceTypes.Values.Any(type => type.Overlaps(pattern));

    /// <summary>Whether the action has a condition key; the global ones have all.</summary>
    public bool Has(string conditionKey) =>
        ConditionKeys.Any(key =>
            key.AsSpan().IndexOfAny('$', '<') is var variable and >= 0
                ? conditionKey.StartsWith(key[..variable], StringComparison.OrdinalIgnoreCase)
                : string.Equals(key, conditionKey, StringComparison.OrdinalIgnoreCase)
        ) || IsGlobal(conditionKey);

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // These are global by their prefix, and known to some actions only.
    private static bool IsGlobal(string key) =>
        key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
        && !key.StartsWith("aws:RequestTag/", StringComparison.OrdinalIgnoreCase)
        && !key.StartsWith("aws:ResourceTag/", StringComparison.OrdinalIgnoreCase)
        && !key.Equals("aws:TagKeys", StringComparison.OrdinalIgnoreCase);
}
