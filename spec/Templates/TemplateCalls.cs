using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// The functions that a template calls are CloudFormation's, and are given as many parts as they take
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html). CloudFormation refuses the
/// template otherwise: "Encountered unsupported function", "Fn::If requires a list argument with three elements".
/// </summary>
internal sealed class TemplateCalls
{
    private const string Loop = "ForEach";

    private static readonly string[] Functions =
    [
        "Base64",
        "Cidr",
        "FindInMap",
        "GetAtt",
        "GetAZs",
        "GetStackOutput",
        "ImportValue",
        "Join",
        "Length",
        "Ref",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "And",
        "Condition",
        "Equals",
        "If",
        "Not",
        "Or",
        // Functions of Rules:
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "RefAll",
        "ValueOf",
        "ValueOfAll",
    ];

    private static readonly Dictionary<string, (int Least, int Most, string Parts)> Lists = new(StringComparer.Ordinal)
    {
        ["And"] = (2, 10, "2 to 10 conditions"),
        ["Cidr"] = (2, 3, "a block, how many to make of it, and how many bits each has"),
        ["Equals"] = (2, 2, "two values"),
        ["If"] = (3, 3, "a condition, the value if it is true, and the value if it is false"),
        ["Join"] = (2, 2, "a delimiter and a list"),
        ["Not"] = (1, 1, "one condition"),
        ["Or"] = (2, 10, "2 to 10 conditions"),
        ["Select"] = (2, 2, "an index and a list"),
        ["Split"] = (2, 2, "a delimiter and a text"),
    };

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
    private static readonly string[] OfExtensions = ["Length", "ToJsonString"];

    private readonly FaultList _faults;
    private readonly bool _usesExtensions;

    private TemplateCalls(FaultList faults, bool usesExtensions) => (_faults, _usesExtensions) = (faults, usesExtensions);

    public static void Check(YamlNode root, FaultList faults)
    {
        var names = TemplateNames.Read(root);
        if (names.IsOpen)
        {
            return;
        }
        var calls = new TemplateCalls(faults, names.UsesExtensions);
        foreach (var section in new[] { "Conditions", "Outputs" })
        {
            foreach (var (key, value) in root.Entries(section).Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)))
            {
                calls.Walk(value, key);
            }
        }
        foreach (var (_, resource) in root.Entries("Resources").Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)))
        {
            foreach (var (key, part) in (resource as YamlMapping)?.Entries ?? [])
            {
                if (key.Value is "Properties" or "Metadata" or "UpdatePolicy" or "CreationPolicy")
                {
                    calls.Walk(part, key);
                }
            }
        }
    }

    /// <param name="node">The value.</param>
    /// <param name="key">Where it stands.</param>
    private void Walk(YamlNode node, YamlScalar key)
    {
        var (function, argument) = TemplateFunction.Split(node);
        // What a loop repeats is judged by its own rules; another tag than a function's is the reader's matter.
        if (function?.StartsWith(Loop, StringComparison.Ordinal) == true)
        {
            return;
        }
        if (function is not null && node.Tag?.StartsWith('!') != false)
        {
            CheckCall(function, argument, node.Position);
        }
        foreach (var (inner, value) in (argument as YamlMapping)?.Entries ?? [])
        {
            if (!inner.Value.StartsWith($"Fn::{Loop}", StringComparison.Ordinal))
            {
                Walk(value, inner);
            }
        }
        foreach (var item in (argument as YamlSequence)?.Items ?? [])
        {
            Walk(item, key);
        }
        // A function is given to a function: the node is its own argument where it has a tag.
        if (!ReferenceEquals(argument, node) && argument is YamlScalar or YamlMapping && TemplateFunction.Split(argument).Name is not null)
        {
            Walk(argument, key);
        }
    }

    private void CheckCall(string function, YamlNode argument, SourcePosition position)
    {
        if (!Functions.Contains(function))
        {
            _faults.Add(
                position,
                $"CloudFormation has no function {function}",
                NearestName.Find(function, Functions) is { } near
                    ? $"one of its functions (did you mean \"{near}\"?)"
                    : "one of its functions, such as Sub"
            );
        }
        else if (OfExtensions.Contains(function) && !_usesExtensions)
        {
            _faults.Add(
                position,
                $"{function} needs the transform AWS::LanguageExtensions",
                "\"Transform: AWS::LanguageExtensions\" in the template"
            );
        }
        else if (Lists.TryGetValue(function, out var list))
        {
            if (argument is YamlScalar)
            {
                _faults.Add(position, $"{function} is given no list", list.Parts);
            }
            else if (argument is YamlSequence { Items.Count: var count } && (count < list.Least || count > list.Most))
            {
                _faults.Add(
                    position,
                    string.Create(CultureInfo.InvariantCulture, $"{function} is given {count} part{(count == 1 ? "" : "s")}"),
                    list.Parts
                );
            }
            else if (function == "Select" && argument is YamlSequence { Items: [YamlScalar { Tag: null } index, var from] })
            {
                CheckSelect(index, from);
            }
            else if (function == "Join" && argument is YamlSequence { Items: [_, YamlScalar { Tag: null } notAList] })
            {
                // "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings":
                // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
                _faults.Add(notAList.Position, $"Join is given {notAList.Description} to join", "a list, or a function that gives one");
            }
        }
    }

    // "Template error: Fn::Select cannot select nonexistent value at index 3":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
    private void CheckSelect(YamlScalar index, YamlNode from)
    {
        if (!int.TryParse(index.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place))
        {
            _faults.Add(index.Position, $"the index of Select is \"{index.Value}\"", "a whole number from 0");
        }
        else if (Count(from) is { } count && (place < 0 || place >= count))
        {
            _faults.Add(
                index.Position,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Select takes index {place} of a list of {count} value{(count == 1 ? "" : "s")}"
                ),
                count == 0 ? "a list with values" : string.Create(CultureInfo.InvariantCulture, $"an index from 0 to {count - 1}")
            );
        }
    }

    // How many values a list has that is written, or that Split makes of a written text.
    private static int? Count(YamlNode list) =>
        list is YamlSequence { Tag: null, Items.Count: var count } ? count
        : TemplateFunction.Split(list)
            is (
                "Split",
                YamlSequence { Items: [YamlScalar { Tag: null, Value: { Length: > 0 } delimiter }, YamlScalar { Tag: null } text] }
            )
            ? text.Value.Split(delimiter).Length
        : null;
}
