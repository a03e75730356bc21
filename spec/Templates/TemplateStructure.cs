using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
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
        // "A text string that describes the template": https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
        // template-description-structure.html
        if (root.At("Description") is { } description && (description is not YamlScalar || description.Tag is not null))
        {
            faults.Add(description.Position, $"the Description is {Written(description)}", "a text");
        }
        if (root.At("Resources") is YamlMapping { Entries.Count: 0 } empty)
        {
            faults.Add(empty.Position, "Resources is empty", "at least one resource");
        }
        // "Template format error: unsupported value for AWSTemplateFormatVersion":
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/format-version-structure.html
        if (root.At("AWSTemplateFormatVersion") is { } version && TemplateFunction.Literal(version)?.Value != "2010-09-09")
        {
            faults.Add(version.Position, $"AWSTemplateFormatVersion is {version.Description}", "\"2010-09-09\", the only one there is");
        }
        CheckNulls(root, faults);
        TemplateDeclarations.CheckSections(root, faults);
        CheckMappings(root, faults);
        foreach (var (name, parameter) in Entries(root, "Parameters", faults))
        {
            TemplateDeclarations.CheckParameter(name, parameter, faults);
        }
        foreach (var (name, resource) in Entries(root, "Resources", faults))
        {
            if (resource.At("Type") is null)
            {
                faults.Add(name.Position, $"the resource {name.Value} has no Type", "a type such as AWS::SQS::Queue");
            }
            CheckConditionName("resource", name, resource, faults);
            CheckCustomResource(name, resource, faults);
            CheckType(name, resource, names, faults);
            TemplateAttributes.Check(name, resource, names.UsesExtensions, faults);
            // cfn-lint's rule E3007: one could not be told from the other.
            if (names.Parameters.Contains(name.Value))
            {
                faults.Add(
                    name.Position,
                    $"\"{name.Value}\" is a resource and a parameter",
                    "a name of its own for each, since Ref names both"
                );
            }
        }
        foreach (var (name, output) in Entries(root, "Outputs", faults))
        {
            CheckConditionName("output", name, output, faults);
            TemplateDeclarations.CheckOutput(name, output, faults);
            CheckOutput(name, root, output, faults);
        }
        foreach (var (name, condition) in Entries(root, "Conditions", faults))
        {
            TemplateDeclarations.CheckCondition(name, condition, faults);
        }
        CheckExports(root, faults);
    }

    // "[/Resources/…] 'null' values are not allowed in templates": aws-cloudformation/cfn-lint#38. Of what the Serverless Application Model
    // replaces, a state machine's definition may hold one (ResultPath: null, aws-cloudformation/cfn-lint#1657).
    private static void CheckNulls(YamlNode node, FaultList faults)
    {
        if (node.Text("Type")?.StartsWith("AWS::Serverless::", StringComparison.Ordinal) == true)
        {
            return;
        }
        foreach (var (key, value) in (node as YamlMapping)?.Entries ?? [])
        {
            if (IsNull(value))
            {
                faults.Add(key.Position, $"{key.Value} has no value", "a value, or no key: CloudFormation takes no null");
            }
            CheckNulls(value, faults);
        }
        foreach (var item in (node as YamlSequence)?.Items ?? [])
        {
            if (IsNull(item))
            {
                faults.Add(item.Position, "an item of a list has no value", "a value, or no item: CloudFormation takes no null");
            }
            CheckNulls(item, faults);
        }
    }

    /// <summary>Whether a node is a null, which is reported wherever it stands.</summary>
    internal static bool IsNull(YamlNode node) => node is YamlScalar { Tag: null, Type: YamlScalarType.Null };

    // "Every Mappings attribute must be a String or a List":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
    private static void CheckMappings(YamlNode root, FaultList faults)
    {
        foreach (var (name, mapping) in root.Entries("Mappings").Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)))
        {
            if (mapping is not YamlMapping { Tag: null } || TemplateFunction.Split(mapping).Name is not (null or "Transform"))
            {
                faults.Add(
                    mapping.Position,
                    $"the mapping \"{name.Value}\" is {Written(mapping)}",
                    "a map of keys, each with a map of values"
                );
                continue;
            }
            CheckName(name, $"the name of the mapping \"{name.Value}\"", faults);
            CheckFilled(mapping, $"the mapping \"{name.Value}\"", "keys, each with a map of values", faults);
            foreach (var (top, attributes) in ((YamlMapping)mapping).Entries)
            {
                if (TemplateFunction.IsFunction(top.Value))
                {
                    continue;
                }
                if (attributes is not YamlMapping { Tag: null, Entries: var values })
                {
                    faults.Add(
                        attributes.Position,
                        $"\"{top.Value}\" of the mapping \"{name.Value}\" is {attributes.Description}",
                        "a map of names and values"
                    );
                    continue;
                }
                CheckFilled(attributes, $"\"{top.Value}\" of the mapping \"{name.Value}\"", "names and values", faults);
                foreach (var (attribute, value) in values)
                {
                    if (TemplateFunction.IsFunction(attribute.Value))
                    {
                        continue;
                    }
                    CheckName(attribute, $"\"{attribute.Value}\" of \"{top.Value}\" of the mapping \"{name.Value}\"", faults);
                    if (value is YamlMapping || TemplateFunction.Split(value).Name is not null)
                    {
                        faults.Add(
                            value.Position,
                            $"\"{attribute.Value}\" of \"{top.Value}\" of the mapping \"{name.Value}\" is {Written(value)}",
                            "a text or a list: a mapping has two levels of names"
                        );
                    }
                    else if (
                        value is YamlSequence { Items: var items }
                        && items.FirstOrDefault(item => item is not YamlScalar { Tag: null }) is { } odd
                    )
                    {
                        faults.Add(
                            odd.Position,
                            $"\"{attribute.Value}\" of \"{top.Value}\" of the mapping \"{name.Value}\" holds {Written(odd)}",
                            "a list of texts"
                        );
                    }
                }
            }
        }
    }

    // "Mappings attribute name 'us-east-1' must contain only alphanumeric characters" (https://github.com/aws/aws-cdk/issues/16866); the
    // keys between may have other characters (https://github.com/awsdocs/aws-cloudformation-user-guide/issues/282).
    private static void CheckName(YamlScalar name, string what, FaultList faults)
    {
        if (name.Value.Length > 0 && !name.Value.All(char.IsAsciiLetterOrDigit))
        {
            faults.Add(name.Position, $"{what} is not alphanumeric", "letters and digits alone");
        }
    }

    private static void CheckFilled(YamlNode map, string what, string expected, FaultList faults)
    {
        if (map is YamlMapping { Entries.Count: 0 })
        {
            faults.Add(map.Position, $"{what} is empty", expected);
        }
    }

    /// <summary>What a node is, in words.</summary>
    internal static string Written(YamlNode node) =>
        TemplateFunction.Split(node).Name is { } function ? $"the function {function}" : node.Description;

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
            ("Ref", YamlScalar parameter)
                when root.At("Parameters")?.At(parameter.Value)?.Text("Type") is { } type && TemplateParameter.GivesList(type) => "a list",
            _ => null,
        };
        if (what is not null)
        {
            faults.Add(value.Position, $"the output {name.Value} is {what}", "a text; Join makes one of a list");
        }
    }

    // "The Outputs section contains duplicate Export names": compose-x/ecs_composex#444. Outputs of which a condition leaves one are not
    // both there.
    private static void CheckExports(YamlNode root, FaultList faults)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (output, value) in root.Entries("Outputs").Where(entry => entry.Value.At("Condition") is null))
        {
            if (value.At("Export")?.At("Name") is { } export && NameAsWritten(export) is { } name && !first.TryAdd(name, output.Value))
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
    private static string? NameAsWritten(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            (null, YamlScalar scalar) => $"={scalar.Value}",
            ({ } function and ("Sub" or "Ref"), YamlScalar scalar) => $"{function} {scalar.Value}",
            _ => null,
        };

    // The logical id of a condition, and no function: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    // conditions-section-structure.html
    private static void CheckConditionName(string what, YamlScalar name, YamlNode part, FaultList faults)
    {
        if (part.At("Condition") is { } condition && TemplateFunction.Literal(condition) is null)
        {
            faults.Add(condition.Position, $"the Condition of the {what} {name.Value} is {Written(condition)}", "the name of a condition");
        }
    }

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

    // "Unrecognized resource types: [AWS::Serverless::Function]":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-serverless.html. Properties are a map:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html.
    private static void CheckType(YamlScalar name, YamlNode resource, TemplateNames names, FaultList faults)
    {
        if (resource.Text("Type") is { } type && type.StartsWith("AWS::Serverless::", StringComparison.Ordinal) && !names.UsesSam)
        {
            faults.Add(
                resource.At("Type")!.Position,
                $"the type {type} of {name.Value} needs the transform of the Serverless Application Model",
                "\"Transform: AWS::Serverless-2016-10-31\" in the template"
            );
        }
        CheckNestedAddress(name, resource, faults);
        if (resource.At("Properties") is { Tag: null } properties and not YamlMapping && !IsNull(properties))
        {
            faults.Add(properties.Position, $"the Properties of {name.Value} are {properties.Description}", "a map of names and values");
        }
        if (resource.At("DependsOn") is YamlMapping { Tag: null } dependsOn && TemplateFunction.Split(dependsOn).Name is null)
        {
            faults.Add(dependsOn.Position, $"DependsOn of {name.Value} is a map", "the name of a resource, or a list of names");
        }
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html and
    // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html
    private static void CheckNestedAddress(YamlScalar name, YamlNode resource, FaultList faults)
    {
        var isStack = resource.Text("Type") == "AWS::CloudFormation::Stack";
        var written = resource.Text("Type") switch
        {
            "AWS::CloudFormation::Stack" => resource.At("Properties")?.At("TemplateURL"),
            "AWS::Serverless::Application" => resource.At("Properties")?.At("Location"),
            _ => null,
        };
        if (AddressText(written) is not { } address)
        {
            return;
        }
        if (TemplateAddress.HoldsCredentials(address.Value))
        {
            faults.Add(
                address.Position,
                $"the address of the template of {name.Value} holds a credential",
                TemplateAddress.WithoutCredentials
            );
        }
        else if (
            isStack
            && address == TemplateFunction.Literal(written)
            && TemplateAddress.IsRemote(address.Value)
            && !TemplateAddress.IsInS3(address.Value)
        )
        {
            faults.Add(
                address.Position,
                $"the address of the template of {name.Value} is \"{AddressCredentials.Hide(address.Value)}\"",
                $"{TemplateAddress.Expectation}, or a file of the service"
            );
        }
    }

    private static YamlScalar? AddressText(YamlNode? node) =>
        node is null
            ? null
            : TemplateFunction.Split(node) switch
            {
                (null or "Sub", YamlScalar text) => text,
                ("Sub", YamlSequence { Items: [YamlScalar text, ..] }) => text,
                _ => null,
            };

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html:
    // ServiceToken is required.
    private static void CheckCustomResource(YamlScalar name, YamlNode resource, FaultList faults)
    {
        if (
            resource.Text("Type") is { } type
            && TemplateAttributes.IsCustom(type)
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
}
