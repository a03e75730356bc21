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
        }
        foreach (var (name, output) in Entries(root, "Outputs", faults))
        {
            if (output.At("Value") is null)
            {
                faults.Add(name.Position, $"the output {name.Value} has no Value", "what the output is");
            }
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

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html:
    // ServiceToken is required.
    private static void CheckCustomResource(YamlScalar name, YamlNode resource, FaultList faults)
    {
        if (
            resource.Text("Type") is { } type
            && (type == "AWS::CloudFormation::CustomResource" || type.StartsWith("Custom::", StringComparison.Ordinal))
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
