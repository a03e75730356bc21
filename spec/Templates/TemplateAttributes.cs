using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>The attributes of resources beside their properties
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html).</summary>
internal static class TemplateAttributes
{
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html: "up to a
    // maximum length of 60 characters".
    private const int LongestCustomName = 60;

    private static readonly string[] Known =
    [
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Description",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    ];

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html: "Resources that support
    // snapshots include"; cfn-lint's rules E3035 and E3036 have the same list.
    private static readonly string[] WithSnapshots =
    [
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    ];

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html; with other types it is
    // ignored (https://github.com/aws-cloudformation/cfn-lint/issues/3598).
    private static readonly string[] WithCreationPolicies =
    [
        "AWS::AppStream::Fleet",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::CloudFormation::WaitCondition",
        "AWS::EC2::Instance",
    ];

    /// <param name="name">The resource.</param>
    /// <param name="resource">What is written of it.</param>
    /// <param name="takesFunctions">Whether the template's transforms let policies be functions.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static void Check(YamlScalar name, YamlNode resource, bool takesFunctions, FaultList faults)
    {
        if (resource is not YamlMapping { Entries: var attributes })
        {
            return;
        }
        var type = resource.Text("Type");
        if (
            type is not null
            && resource.At("CreationPolicy") is { } creation
            && !WithCreationPolicies.Contains(type)
            && !type.StartsWith("AWS::Serverless::", StringComparison.Ordinal)
        )
        {
            faults.AddNotice(
                creation.Position,
                $"the CreationPolicy of {name.Value} has no effect: {type} has none; CloudFormation waits for no signal there"
            );
        }
        // The Serverless Application Model has attributes of its own, for CloudFormation's types too (Connectors).
        foreach (var (key, _) in attributes)
        {
            if (
                !Known.Contains(key.Value)
                && !TemplateFunction.IsFunction(key.Value)
                && !(key.Value is "Connectors" or "IgnoreGlobals")
                && type?.StartsWith("AWS::Serverless::", StringComparison.Ordinal) != true
                && !(key.Value == "Version" && IsCustom(type))
            )
            {
                faults.Add(
                    key.Position,
                    $"the resource {name.Value} has the attribute \"{key.Value}\", which CloudFormation does not know",
                    NearestName.Expectation(key.Value, Known)
                );
            }
        }
        CheckPolicy("DeletionPolicy", ["Delete", "Retain", "RetainExceptOnCreate"]);
        CheckPolicy("UpdateReplacePolicy", ["Delete", "Retain"]);
        CheckDependsOn(name, resource.At("DependsOn"), faults);
        CheckType(name, resource, faults);

        void CheckPolicy(string attribute, string[] everywhere)
        {
            string[] policies = type is null || WithSnapshots.Contains(type) ? [.. everywhere, "Snapshot"] : everywhere;
            if (TemplateFunction.Literal(resource.At(attribute)) is { } policy && !policies.Contains(policy.Value))
            {
                faults.Add(
                    policy.Position,
                    policy.Value == "Snapshot"
                        ? $"the {attribute} of {name.Value} is \"Snapshot\", and there are no snapshots of {type}"
                        : $"the {attribute} of {name.Value} is \"{policy.Value}\"",
                    NearestName.Expectation(policy.Value, policies)
                );
            }
            // "Every DeletionPolicy member must be a string":
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
            if (!takesFunctions && resource.At(attribute) is { } given && TemplateFunction.Split(given).Name is { } function)
            {
                faults.Add(
                    given.Position,
                    $"the {attribute} of {name.Value} is the function {function}",
                    "a text, or the transform AWS::LanguageExtensions, with which it can be a function"
                );
            }
        }
    }

    // "Every DependsOn value must be a string": cfn-lint's rule E3001, with the transform for language extensions too.
    private static void CheckDependsOn(YamlScalar name, YamlNode? dependsOn, FaultList faults)
    {
        foreach (
            var named in dependsOn is YamlSequence { Tag: null } several ? several.Items
            : dependsOn is null ? []
            : [dependsOn]
        )
        {
            if (TemplateFunction.Split(named).Name is { } function)
            {
                faults.Add(named.Position, $"DependsOn of {name.Value} is the function {function}", "the names of resources, as texts");
            }
        }
    }

    // RegisterType: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RegisterType.html
    private static void CheckType(YamlScalar name, YamlNode resource, FaultList faults)
    {
        if (TemplateFunction.Literal(resource.At("Type")) is not { } written || !written.Value.Contains(':'))
        {
            return;
        }
        if (!IsTypeName(written.Value))
        {
            faults.Add(
                written.Position,
                $"the Type of the resource {name.Value} is \"{written.Value}\"",
                "a type such as AWS::SQS::Queue, or Custom::NAME"
            );
        }
        else if (written.Value.Split("::") is ["Custom", { Length: > LongestCustomName } own])
        {
            faults.Add(
                written.Position,
                $"the Type of the custom resource {name.Value} has a name of {own.Length} characters",
                $"at most {LongestCustomName} after Custom::"
            );
        }
    }

    // ORGANISATION::SERVICE::RESOURCE, of a module with ::MODULE; a custom resource has one name more or none.
    private static bool IsTypeName(string type) =>
        type.Split("::") switch
        {
            ["Custom", var own] => own.Length > 0 && own.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '@' or '-'),
            [var first, var second, var third] => IsPart(first) && IsPart(second) && IsPart(third),
            [var first, var second, var third, "MODULE"] => IsPart(first) && IsPart(second) && IsPart(third),
            _ => false,
        };

    private static bool IsPart(string part) => part.Length is >= 1 and <= 64 && part.All(char.IsAsciiLetterOrDigit);

    /// <summary>Whether a type is that of a custom resource.</summary>
    public static bool IsCustom(string? type) =>
        type is not null && (type == "AWS::CloudFormation::CustomResource" || type.StartsWith("Custom::", StringComparison.Ordinal));
}
