using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// What CloudFormation wants of each section before it looks at what stands in it (its refusals begin with "Template format error").
/// </summary>
internal static class TemplateStructure
{
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html; Globals is SAM's.
    private static readonly string[] Sections =
    [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    ];

    private static readonly string[] Attributes =
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

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html and
    // cloudformation-supplied-parameter-types.html
    private static readonly string[] Prefixes = ["AWS::", "List<AWS::"];

    public static void Check(YamlNode root, FaultList faults)
    {
        var names = TemplateNames.Read(root);
        if (names.IsOpen)
        {
            return;
        }
        foreach (var (key, _) in ((YamlMapping)root).Entries)
        {
            if (!Sections.Contains(key.Value) && !TemplateFunction.IsFunction(key.Value))
            {
                faults.Add(key.Position, $"a template has no section \"{key.Value}\"", NearestName.Expectation(key.Value, Sections));
            }
        }
        if (root.At("Resources") is YamlMapping { Entries.Count: 0 } empty)
        {
            faults.Add(empty.Position, "Resources is empty", "at least one resource");
        }
        foreach (var (name, parameter) in Entries(root, "Parameters", faults))
        {
            CheckParameter(name, parameter, faults);
        }
        foreach (var (name, resource) in Entries(root, "Resources", faults))
        {
            if (resource.At("Type") is null)
            {
                faults.Add(name.Position, $"the resource {name.Value} has no Type", "a type such as AWS::SQS::Queue");
            }
            CheckCustomResource(name, resource, faults);
            CheckAttributes(name, resource, faults);
        }
        foreach (var (name, output) in Entries(root, "Outputs", faults))
        {
            if (output.At("Value") is null)
            {
                faults.Add(name.Position, $"the output {name.Value} has no Value", "what the output is");
            }
            CheckOutput(name, root, output, faults);
        }
        CheckExports(root, faults);
    }

    // "The Value field of every Outputs member must evaluate to a String and not a List": aws-cloudformation/cfn-lint#485,
    // org-formation/org-formation-cli#15.
    private static void CheckOutput(YamlScalar name, YamlNode root, YamlNode output, FaultList faults)
    {
        if (output.At("Value") is not { } value)
        {
            return;
        }
        var what = TemplateFunction.Split(value) switch
        {
            (null, YamlSequence) => "a list",
            (null, YamlMapping) => "a map",
            ("GetAZs" or "Split" or "Cidr", _) => "a list",
            ("Ref", YamlScalar parameter) when root.At("Parameters")?.At(parameter.Value)?.Text("Type") is { } type && IsList(type) =>
                "a list",
            _ => null,
        };
        if (what is not null)
        {
            faults.Add(value.Position, $"the output {name.Value} is {what}", "a text; Join makes one of a list");
        }
    }

    private static bool IsList(string type) =>
        TemplateParameter.IsList(type)
        || type.StartsWith("AWS::SSM::Parameter::Value<List<", StringComparison.Ordinal)
        || type == "AWS::SSM::Parameter::Value<CommaDelimitedList>";

    // "The Outputs section contains duplicate Export names": compose-x/ecs_composex#444. Outputs of which a condition leaves one are not
    // both there.
    private static void CheckExports(YamlNode root, FaultList faults)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (output, value) in root.Entries("Outputs").Where(entry => entry.Value.At("Condition") is null))
        {
            if (value.At("Export")?.At("Name") is { } export && Written(export) is { } name && !first.TryAdd(name, output.Value))
            {
                faults.Add(
                    export.Position,
                    $"the output {output.Value} is exported with the name of {first[name]}",
                    "another name for each export"
                );
            }
        }
    }

    // A name as it is written; with one and the same function it is the same name.
    private static string? Written(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            (null, YamlScalar scalar) => $"={scalar.Value}",
            ({ } function and ("Sub" or "Ref"), YamlScalar scalar) => $"{function} {scalar.Value}",
            _ => null,
        };

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
    private static void CheckAttributes(YamlScalar name, YamlNode resource, FaultList faults)
    {
        if (resource is not YamlMapping { Entries: var attributes })
        {
            return;
        }
        var type = resource.Text("Type");
        // The Serverless Application Model has attributes of its own, for CloudFormation's types too (Connectors).
        foreach (var (key, _) in attributes)
        {
            if (
                !Attributes.Contains(key.Value)
                && !TemplateFunction.IsFunction(key.Value)
                && !(key.Value is "Connectors" or "IgnoreGlobals")
                && type?.StartsWith("AWS::Serverless::", StringComparison.Ordinal) != true
                && !(key.Value == "Version" && IsCustom(type))
            )
            {
                faults.Add(
                    key.Position,
                    $"the resource {name.Value} has the attribute \"{key.Value}\", which CloudFormation does not know",
                    NearestName.Expectation(key.Value, Attributes)
                );
            }
        }
        CheckPolicy(name, "DeletionPolicy", ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]);
        CheckPolicy(name, "UpdateReplacePolicy", ["Delete", "Retain", "Snapshot"]);
        // RegisterType: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RegisterType.html
        if (TemplateFunction.Literal(resource.At("Type")) is { } written && written.Value.Contains(':') && !IsTypeName(written.Value))
        {
            faults.Add(
                written.Position,
                $"the Type of the resource {name.Value} is \"{written.Value}\"",
                "a type such as AWS::SQS::Queue, or Custom::NAME"
            );
        }

        void CheckPolicy(YamlScalar name, string attribute, string[] policies)
        {
            if (TemplateFunction.Literal(resource.At(attribute)) is { } policy && !policies.Contains(policy.Value))
            {
                faults.Add(
                    policy.Position,
                    $"the {attribute} of {name.Value} is \"{policy.Value}\"",
                    NearestName.Expectation(policy.Value, policies)
                );
            }
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

    private static bool IsCustom(string? type) =>
        type is not null && (type == "AWS::CloudFormation::CustomResource" || type.StartsWith("Custom::", StringComparison.Ordinal));

    private static IEnumerable<YamlEntry> Entries(YamlNode root, string section, FaultList faults)
    {
        foreach (var entry in root.Entries(section).Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)))
        {
            if (!entry.Key.Value.All(char.IsAsciiLetterOrDigit))
            {
                faults.Add(entry.Key.Position, $"the name \"{entry.Key.Value}\" in {section} is not allowed", "letters and digits");
            }
            yield return entry;
        }
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html:
    // ServiceToken is required.
    private static void CheckCustomResource(YamlScalar name, YamlNode resource, FaultList faults)
    {
        if (
            resource.Text("Type") is { } type
            && IsCustom(type)
            && resource.At("Properties") is null or YamlMapping { Tag: null }
            && resource
                .Entries("Properties")
                .All(entry => !TemplateFunction.IsFunction(entry.Key.Value) && entry.Key.Value != "ServiceToken")
        )
        {
            faults.Add(
                name.Position,
                $"the custom resource {name.Value} has no ServiceToken",
                "the ARN of the function or topic that CloudFormation calls"
            );
        }
    }

    private static void CheckParameter(YamlScalar name, YamlNode parameter, FaultList faults)
    {
        switch (TemplateFunction.Literal(parameter.At("Type")))
        {
            case null:
                faults.Add(name.Position, $"the parameter {name.Value} has no Type", "a type such as String");
                break;
            case { } type
                when type.Value is not ("String" or "Number" or "List<Number>" or "CommaDelimitedList")
                    && !Prefixes.Any(prefix => type.Value.StartsWith(prefix, StringComparison.Ordinal)):
                faults.Add(
                    type.Position,
                    $"the Type of the parameter {name.Value} is \"{type.Value}\"",
                    "String, Number, List<Number>, CommaDelimitedList, or one of AWS's such as AWS::EC2::VPC::Id"
                );
                break;
        }
        if (parameter.At("Default") is { } given && TemplateFunction.Split(given).Name is { } function)
        {
            faults.Add(given.Position, $"the Default of the parameter {name.Value} is the function {function}", "a text or a number");
        }
    }
}
