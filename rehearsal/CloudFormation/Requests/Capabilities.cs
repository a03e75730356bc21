using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>What a caller has to acknowledge before a template is executed.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html</summary>
public static class Capabilities
{
    private static readonly Dictionary<string, string> NameOf = new()
    {
        ["AWS::IAM::Role"] = "RoleName",
        ["AWS::IAM::ManagedPolicy"] = "ManagedPolicyName",
        ["AWS::IAM::InstanceProfile"] = "InstanceProfileName",
        ["AWS::IAM::Group"] = "GroupName",
        ["AWS::IAM::User"] = "UserName",
    };

    private static readonly HashSet<string> Iam =
    [
        .. NameOf.Keys,
        "AWS::IAM::AccessKey",
        "AWS::IAM::Policy",
        "AWS::IAM::UserToGroupAddition",
    ];

    /// <summary>The capability that the template's IAM resources need, and why; none without such resources.</summary>
    public static (string? Capability, string? Reason) Needed(Template template)
    {
        var resources = template.Resources.Values.Where(r => Iam.Contains(r.Type)).ToList();
        if (resources.Count == 0)
        {
            return (null, null);
        }

        var reason = $"The following resource(s) require capabilities: [{string.Join(", ", resources.Select(r => r.Type).Distinct())}]";
        return (
            resources.Exists(r => NameOf.TryGetValue(r.Type, out var name) && r.Properties.ContainsKey(name))
                ? "CAPABILITY_NAMED_IAM"
                : "CAPABILITY_IAM",
            reason
        );
    }

    /// <summary>The capabilities that are needed and were not given.</summary>
    public static IReadOnlyList<string> Missing(Template template, bool hasTransform, IReadOnlyCollection<string> given)
    {
        var missing = new List<string>();
        if (Needed(template).Capability is { } needed && !given.Contains(needed) && !given.Contains("CAPABILITY_NAMED_IAM"))
        {
            missing.Add(needed);
        }

        if (hasTransform && !given.Contains("CAPABILITY_AUTO_EXPAND"))
        {
            missing.Add("CAPABILITY_AUTO_EXPAND");
        }

        return missing;
    }
}
