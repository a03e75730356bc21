using System.Globalization;
using System.Text;
using Deployer.JavaPatterns;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// What each attribute of a parameter, an output, an export and a condition may be. CloudFormation refuses the template otherwise
/// ("Template format error", "Invalid template parameter property"); cfn-lint's rules E2001, E6001 to E6003 and E8001 say the same.
/// </summary>
internal static class TemplateDeclarations
{
    /// <summary>What an attribute holds.</summary>
    private enum Holds
    {
        Text,
        Value,
        Texts,
        Boolean,
        Integer,
        Number,

        /// <summary>Something that is looked at elsewhere.</summary>
        Anything,
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    private static readonly Dictionary<string, Holds> ParameterAttributes = new(StringComparer.Ordinal)
    {
        ["AllowedPattern"] = Holds.Text,
        ["AllowedValues"] = Holds.Texts,
        ["ConstraintDescription"] = Holds.Text,
        ["Default"] = Holds.Value,
        ["Description"] = Holds.Text,
        ["MaxLength"] = Holds.Integer,
        ["MaxValue"] = Holds.Number,
        ["MinLength"] = Holds.Integer,
        ["MinValue"] = Holds.Number,
        ["NoEcho"] = Holds.Boolean,
        ["Type"] = Holds.Text,
    };

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
    private static readonly Dictionary<string, Holds> OutputAttributes = new(StringComparer.Ordinal)
    {
        ["Condition"] = Holds.Anything,
        ["Description"] = Holds.Text,
        ["Export"] = Holds.Anything,
        ["Value"] = Holds.Anything,
    };

    private static readonly Dictionary<string, Holds> ExportAttributes = new(StringComparer.Ordinal) { ["Name"] = Holds.Anything };

    // "A regular expression that represents the patterns to allow for String or CommaDelimitedList types", "the largest number of
    // characters you want to allow for String types", "the largest numeric value you want to allow for Number types": the page above. Of
    // lists of numbers it says nothing.
    private static readonly string[] OfTexts = ["AllowedPattern", "MaxLength", "MinLength"];
    private static readonly string[] OfNumbers = ["MaxValue", "MinValue"];

    private static readonly string[] Maps = ["Conditions", "Mappings", "Outputs", "Parameters", "Rules"];

    // Functions that give a text or a list: "Conditions can only be boolean operations on parameters and other conditions".
    private static readonly string[] OfNoCondition =
    [
        "Base64",
        "Cidr",
        "FindInMap",
        "GetAtt",
        "GetAZs",
        "ImportValue",
        "Join",
        "Length",
        "Ref",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
    ];

    /// <summary>The longest description of a parameter, in characters: the page of parameters.</summary>
    private const int LongestParameterDescription = 4000;

    /// <summary>The longest description of an output, in bytes: the page of outputs.</summary>
    private const int LongestOutputDescription = 1024;

    // Parameters of the page above, and those of cloudformation-supplied-parameter-types.html beside it.
    private const string OfSystemsManager = "AWS::SSM::Parameter::Value<";
    private static readonly string[] Plain = ["String", "Number", "List<Number>", "CommaDelimitedList"];
    private static readonly string[] OfAws =
    [
        "AWS::EC2::AvailabilityZone::Name",
        "AWS::EC2::Image::Id",
        "AWS::EC2::Instance::Id",
        "AWS::EC2::KeyPair::KeyName",
        "AWS::EC2::SecurityGroup::GroupName",
        "AWS::EC2::SecurityGroup::Id",
        "AWS::EC2::Subnet::Id",
        "AWS::EC2::Volume::Id",
        "AWS::EC2::VPC::Id",
        "AWS::Route53::HostedZone::Id",
    ];

    /// <summary>Sections other than the resources are maps.</summary>
    public static void CheckSections(YamlNode root, FaultList faults)
    {
        foreach (var section in Maps)
        {
            if (root.At(section) is { } node && (node is not YamlMapping || node.Tag is not null) && !TemplateStructure.IsNull(node))
            {
                faults.Add(node.Position, $"{section} is {TemplateStructure.Written(node)}", "a map of names and what they stand for");
            }
        }
    }

    public static void CheckParameter(YamlScalar name, YamlNode parameter, FaultList faults)
    {
        var what = $"the parameter {name.Value}";
        if (!IsMap(what, parameter, "a map with a Type", faults))
        {
            return;
        }
        CheckAttributes(what, parameter, ParameterAttributes, faults);
        if (TemplateFunction.Literal(parameter.At("Description")) is { Value.Length: > LongestParameterDescription } description)
        {
            faults.Add(
                description.Position,
                $"the Description of {what} has {description.Value.Length} characters",
                $"at most {LongestParameterDescription}"
            );
        }
        if (parameter.At("Type") is null)
        {
            faults.Add(name.Position, $"{what} has no Type", "a type such as String");
        }
        else if (TemplateFunction.Literal(parameter.At("Type")) is { } type && !TemplateStructure.IsNull(type))
        {
            CheckType(what, type, parameter, faults);
        }
        if (
            TemplateFunction.Literal(parameter.At("AllowedPattern")) is { } pattern
            && JavaPattern.Translate(pattern.Value) is { IsInvalid: true, Reason: { } reason }
        )
        {
            faults.Add(pattern.Position, $"the AllowedPattern of {what} cannot be read: {reason}", "a regular expression of Java");
        }
        CheckRange(what, parameter, "MinLength", "MaxLength", faults);
        CheckRange(what, parameter, "MinValue", "MaxValue", faults);
    }

    public static void CheckOutput(YamlScalar name, YamlNode output, FaultList faults)
    {
        var what = $"the output {name.Value}";
        if (!IsMap(what, output, "a map with a Value", faults))
        {
            return;
        }
        if (output.At("Value") is null)
        {
            faults.Add(name.Position, $"{what} has no Value", "what the output is");
        }
        CheckAttributes(what, output, OutputAttributes, faults);
        if (
            TemplateFunction.Literal(output.At("Description")) is { } description
            && Encoding.UTF8.GetByteCount(description.Value) is var bytes and > LongestOutputDescription
        )
        {
            faults.Add(description.Position, $"the Description of {what} has {bytes} bytes", $"at most {LongestOutputDescription}");
        }
        if (output.At("Export") is not { } export || TemplateStructure.IsNull(export))
        {
            return;
        }
        if (TemplateFunction.Split(export).Name is not null and not "Transform" || export is not YamlMapping)
        {
            faults.Add(
                export.Position,
                $"the Export of {what} is {TemplateStructure.Written(export)}",
                "a map with the Name of the export"
            );
            return;
        }
        CheckAttributes($"the Export of {what}", export, ExportAttributes, faults);
        switch (export.At("Name"))
        {
            case null when TemplateFunction.Split(export).Name is null:
                faults.Add(export.Position, $"the Export of {what} has no Name", "the name of the export");
                break;
            case { } given
                when (given is YamlSequence or YamlMapping && TemplateFunction.Split(given).Name is null)
                    || given is YamlScalar { Tag: null, Value: "" }:
                faults.Add(given.Position, $"the name of the Export of {what} is {TemplateStructure.Written(given)}", "a text");
                break;
        }
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
    public static void CheckCondition(YamlScalar name, YamlNode condition, FaultList faults)
    {
        var (function, argument) = TemplateFunction.Split(condition);
        if (function is null ? !IsNamedCondition(argument) : Array.IndexOf(OfNoCondition, function) >= 0)
        {
            faults.Add(
                condition.Position,
                $"the condition {name.Value} is {TemplateStructure.Written(condition)}",
                "one of the functions And, Equals, Not, Or, or another condition"
            );
        }
    }

    private static bool IsNamedCondition(YamlNode node) =>
        node is YamlMapping { Entries: [{ Key.Value: "Condition" }] } || TemplateStructure.IsNull(node) || IsBoolean(node);

    private static bool IsMap(string what, YamlNode declaration, string expected, FaultList faults)
    {
        if (declaration is YamlMapping { Tag: null } || TemplateStructure.IsNull(declaration))
        {
            return true;
        }
        faults.Add(declaration.Position, $"{what} is {TemplateStructure.Written(declaration)}", expected);
        return false;
    }

    private static void CheckAttributes(string what, YamlNode declaration, Dictionary<string, Holds> known, FaultList faults)
    {
        foreach (var (key, value) in (declaration as YamlMapping)?.Entries ?? [])
        {
            if (TemplateFunction.IsFunction(key.Value) || TemplateStructure.IsNull(value))
            {
                continue;
            }
            if (!known.TryGetValue(key.Value, out var holds))
            {
                faults.Add(
                    key.Position,
                    $"{what} has the attribute \"{key.Value}\", which CloudFormation does not know",
                    NearestName.Expectation(key.Value, known.Keys)
                );
            }
            else if (Expected(holds, value) is { } expected)
            {
                faults.Add(value.Position, $"the {key.Value} of {what} is {TemplateStructure.Written(value)}", expected);
            }
            else if (holds is Holds.Texts && ((YamlSequence)value).Items.FirstOrDefault(item => !IsText(item)) is { } odd)
            {
                faults.Add(odd.Position, $"the {key.Value} of {what} hold {TemplateStructure.Written(odd)}", "texts and numbers alone");
            }
        }
    }

    /// <summary>What an attribute has to be; <see langword="null"/> when it is.</summary>
    private static string? Expected(Holds holds, YamlNode value) =>
        holds switch
        {
            Holds.Text => IsText(value) ? null : "a text",
            Holds.Value => IsText(value) ? null : "a text or a number",
            Holds.Texts => value is YamlSequence { Tag: null } ? null : "a list",
            Holds.Boolean => IsBoolean(value) ? null : "true or false",
            Holds.Integer => Number(value) is { } whole && double.IsInteger(whole) ? null : "a whole number",
            Holds.Number => Number(value) is not null ? null : "a number",
            _ => null,
        };

    // Nulls are reported wherever they stand.
    private static bool IsText(YamlNode node) => TemplateFunction.Literal(node) is not null;

    // CloudFormation takes booleans as texts ("NoEcho" : "true" in its samples), and YAML 1.1's words.
    private static bool IsBoolean(YamlNode node) =>
        TemplateFunction.Literal(node) is { } text
        && Yaml11.Resolve(text.Value).Text is { } resolved
        && (resolved.Equals("true", StringComparison.OrdinalIgnoreCase) || resolved.Equals("false", StringComparison.OrdinalIgnoreCase));

    private static double? Number(YamlNode? node) =>
        TemplateFunction.Literal(node) is { } text
        && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static void CheckType(string what, YamlScalar type, YamlNode parameter, FaultList faults)
    {
        if (!IsKnown(type.Value))
        {
            faults.Add(
                type.Position,
                $"the Type of {what} is \"{type.Value}\"",
                "String, Number, List<Number>, CommaDelimitedList, or one of AWS's such as AWS::EC2::VPC::Id"
            );
            return;
        }
        var others =
            type.Value == "Number" ? OfTexts
            : type.Value == "List<Number>" ? []
            : OfNumbers;
        foreach (var (key, _) in ((YamlMapping)parameter).Entries.Where(entry => others.Contains(entry.Key.Value)))
        {
            faults.Add(
                key.Position,
                $"{what} of the type {type.Value} has the attribute {key.Value}",
                others == OfTexts ? "MinValue and MaxValue, those of a number" : "MinLength, MaxLength and AllowedPattern, those of a text"
            );
        }
    }

    private static bool IsKnown(string type) =>
        Plain.Contains(type)
        || IsOfAws(type)
        || type == "AWS::SSM::Parameter::Name"
        || type.StartsWith(OfSystemsManager, StringComparison.Ordinal)
            && type.EndsWith('>')
            && type[OfSystemsManager.Length..^1] is var held
            && (held is "String" or "List<String>" or "CommaDelimitedList" || IsOfAws(held));

    private static bool IsOfAws(string type) =>
        OfAws.Contains(type.StartsWith("List<", StringComparison.Ordinal) && type.EndsWith('>') ? type["List<".Length..^1] : type);

    // No value is in such a range.
    private static void CheckRange(string what, YamlNode parameter, string least, string most, FaultList faults)
    {
        if (Number(parameter.At(least)) is { } from && Number(parameter.At(most)) is { } to && from > to)
        {
            faults.Add(
                parameter.At(least)!.Position,
                string.Create(CultureInfo.InvariantCulture, $"the {least} {from} of {what} is above its {most} {to}"),
                $"a {least} that is not above the {most}"
            );
        }
    }
}
