using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>One member of a template's <c>Parameters</c>.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html</summary>
public sealed record ParameterDeclaration(string Name, string Type, string? Default)
{
    private const string SsmValue = "AWS::SSM::Parameter::Value<";

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The value is shown as <c>****</c> wherever parameters are described.</summary>
    public bool NoEcho { get; init; }

    /// <summary>The values that it takes; all when there are none.</summary>
    public IReadOnlyList<string>? AllowedValues { get; init; }

    /// <summary>What a value has to match.</summary>
    public string? AllowedPattern { get; init; }

    /// <summary>The least length of a text.</summary>
    public int? MinLength { get; init; }

    /// <summary>The greatest length of a text.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The least number.</summary>
    public decimal? MinValue { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? MaxValue { get; init; }

    /// <summary>The words of a refused value.</summary>
    public string? ConstraintDescription { get; init; }

    /// <summary>The value is the name of an SSM parameter, whose value is used instead.</summary>
    public bool ReadsSsm => Type.StartsWith(SsmValue, StringComparison.Ordinal);

    /// <summary>The type of the value in use: of what the SSM parameter holds, where it is one.</summary>
    public string ValueType => ValueTypeOf(Type);

    /// <summary>A reference gives a list.</summary>
    public bool IsList => IsListType(Type);

    /// <summary>Whether a reference to a parameter of a type gives a list.</summary>
    internal static bool IsListType(string type) =>
        ValueTypeOf(type) is var value && (value == "CommaDelimitedList" || value.StartsWith("List<", StringComparison.Ordinal));

    private static string ValueTypeOf(string type) =>
        type.StartsWith(SsmValue, StringComparison.Ordinal) && type.EndsWith('>') ? type[SsmValue.Length..^1] : type;

    internal bool IsNumeric => ValueType is "Number" or "List<Number>";

    internal static ParameterDeclaration Read(string name, JsonNode? node)
    {
        if (node is not JsonObject map)
        {
            throw new TemplateException("Template format error: Any Parameters member must be an object.");
        }

        var type =
            map["Type"].Text() ?? throw new TemplateException("Template format error: Every Parameters object must contain a Type member.");
        if (!IsKnown(type))
        {
            throw new TemplateException($"Template format error: Unrecognized parameter type: {type}");
        }

        return new ParameterDeclaration(name, type, map["Default"] is JsonArray ? throw DefaultIsList(name) : map["Default"].Text())
        {
            Description = map["Description"].Text(),
            NoEcho = map["NoEcho"].Text() == "true",
            AllowedValues = (map["AllowedValues"] as JsonArray)?.Select(v => v.Text() ?? "").ToList(),
            AllowedPattern = map["AllowedPattern"].Text(),
            MinLength = (int?)Number(name, map, "MinLength"),
            MaxLength = (int?)Number(name, map, "MaxLength"),
            MinValue = Number(name, map, "MinValue"),
            MaxValue = Number(name, map, "MaxValue"),
            ConstraintDescription = map["ConstraintDescription"].Text(),
        };
    }

    private static TemplateException DefaultIsList(string name) =>
        new($"Template format error: Every Default member must be a string. (parameter {name})");

    private static decimal? Number(string name, JsonObject map, string key) =>
        map[key].Text() switch
        {
            null => null,
            var text when decimal.TryParse(text, out var number) => number,
            _ => throw new TemplateException($"Template format error: {key} of parameter {name} must be a number."),
        };

    private static bool IsKnown(string type) =>
        type switch
        {
            "String" or "Number" or "CommaDelimitedList" or "List<Number>" or "List<String>" or "AWS::SSM::Parameter::Name" => true,
            _ when type.StartsWith(SsmValue, StringComparison.Ordinal) && type.EndsWith('>') => IsKnown(type[SsmValue.Length..^1])
                && !type[SsmValue.Length..^1].StartsWith("AWS::SSM::", StringComparison.Ordinal),
            _ when type.StartsWith("List<AWS::", StringComparison.Ordinal) && type.EndsWith('>') => IsAwsSpecific(type[5..^1]),
            _ => IsAwsSpecific(type),
        };

    private static bool IsAwsSpecific(string type) =>
        type
            is "AWS::EC2::AvailabilityZone::Name"
                or "AWS::EC2::Image::Id"
                or "AWS::EC2::Instance::Id"
                or "AWS::EC2::KeyPair::KeyName"
                or "AWS::EC2::SecurityGroup::GroupName"
                or "AWS::EC2::SecurityGroup::Id"
                or "AWS::EC2::Subnet::Id"
                or "AWS::EC2::Volume::Id"
                or "AWS::EC2::VPC::Id"
                or "AWS::Route53::HostedZone::Id";
}
