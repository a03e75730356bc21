using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>What a step grants to CloudFormation, compared with what its template needs, as far as the template at hand shows it.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html, Capabilities</remarks>
internal static class CapabilityRules
{
    private const string Iam = "CAPABILITY_IAM";
    private const string NamedIam = "CAPABILITY_NAMED_IAM";
    private const string AutoExpand = "CAPABILITY_AUTO_EXPAND";

    /// <summary>The types that the page above lists, with the property that names one.</summary>
    private static readonly Dictionary<string, string?> Types = new(StringComparer.Ordinal)
    {
        ["AWS::IAM::AccessKey"] = null,
        ["AWS::IAM::Group"] = "GroupName",
        ["AWS::IAM::InstanceProfile"] = "InstanceProfileName",
        ["AWS::IAM::ManagedPolicy"] = "ManagedPolicyName",
        ["AWS::IAM::Policy"] = null,
        ["AWS::IAM::Role"] = "RoleName",
        ["AWS::IAM::User"] = "UserName",
        ["AWS::IAM::UserToGroupAddition"] = null,
    };

    /// <param name="stack">The step; it may say nothing of what it grants, and all that is needed is granted then.</param>
    /// <param name="template">The template in words: its path.</param>
    /// <param name="root">The template.</param>
    /// <param name="faults">Receives what is needed and not granted, each capability once.</param>
    public static void Check(StackStep stack, string template, YamlNode root, FaultList faults)
    {
        if (stack.Capabilities is not { } granted)
        {
            return;
        }

        foreach (var (capability, why) in Needed(root).DistinctBy(need => need.Capability))
        {
            if (granted.Contains(capability) || capability == Iam && granted.Contains(NamedIam))
            {
                continue;
            }

            faults.Add(
                stack.Position,
                $"the step \"{stack.Name}\" does not grant {capability}, which {template} needs for {why}",
                $"{capability} in its capabilities, or none of them: what the service's templates need is granted then"
            );
        }
    }

    private static IEnumerable<(string Capability, string Why)> Needed(YamlNode root)
    {
        if (root.At("Transform") is not null)
        {
            yield return (AutoExpand, "its Transform");
        }

        foreach (var resource in TemplateLoops.Repeated(root.Entries("Resources")))
        {
            if (resource.Value.Text("Type") is { } type && Types.TryGetValue(type, out var name))
            {
                var isNamed = name is not null && resource.Value.At("Properties")?.At(name) is not null;
                yield return (isNamed ? NamedIam : Iam, $"{resource.Key.Value} ({type})");
            }
        }
    }
}
