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
    private const int MostBlocks = 256;

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
        ["FindInMap"] = (3, 3, "a mapping, a key of it, and a name below that key"),
        ["GetAtt"] = (2, 2, "a resource and an attribute"),
        ["If"] = (3, 3, "a condition, the value if it is true, and the value if it is false"),
        ["Join"] = (2, 2, "a delimiter and a list"),
        ["Not"] = (1, 1, "one condition"),
        ["Or"] = (2, 10, "2 to 10 conditions"),
        ["Select"] = (2, 2, "an index and a list"),
        ["Split"] = (2, 2, "a delimiter and a text"),
        ["Sub"] = (2, 2, "a text, or a list of a text and a map of values"),
    };

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
    private static readonly string[] OfExtensions = ["Length", "ToJsonString"];

    private readonly FaultList _faults;
    private readonly bool _usesExtensions;

    // Functions that are given one text, or a function that gives one.
    private static readonly string[] OfText = ["Base64", "GetAZs", "ImportValue", "Ref"];

    private readonly YamlNode _root;

    private TemplateCalls(YamlNode root, FaultList faults, bool usesExtensions) =>
        (_root, _faults, _usesExtensions) = (root, faults, usesExtensions);

    public static void Check(YamlNode root, FaultList faults)
    {
        var names = TemplateNames.Read(root);
        if (names.IsOpen)
        {
            return;
        }
        var calls = new TemplateCalls(root, faults, names.UsesExtensions);
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
        else if (OfText.Contains(function) && argument is YamlSequence { Tag: var tag } && (tag is null || tag == $"!{function}"))
        {
            _faults.Add(position, $"{function} is given a list", "a text");
        }
        else if (OfText.Contains(function) && argument is YamlMapping map && !IsCall(map))
        {
            _faults.Add(position, $"{function} is given a map", "a text");
        }
        else if (Lists.TryGetValue(function, out var list))
        {
            if (argument is YamlScalar given)
            {
                CheckScalar(function, given, list.Parts, position);
            }
            else if (argument is YamlMapping { Entries: var entries } && entries.All(entry => !TemplateFunction.IsCall(entry.Key.Value)))
            {
                _faults.Add(position, $"{function} is given a map", list.Parts);
            }
            // A default, with the transform: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
            // intrinsic-function-reference-findinmap-enhancements.html
            else if (function == "FindInMap" && _usesExtensions && argument is YamlSequence { Items.Count: 4 })
            {
                return;
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
            else if (
                function == "If"
                && argument is YamlSequence { Items: [var condition, ..] }
                && TemplateFunction.Literal(condition) is null
            )
            {
                // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
                _faults.Add(
                    condition.Position,
                    $"If is given {Written(condition)} as its condition",
                    "the name of a condition in Conditions"
                );
            }
            if (argument is YamlSequence { Items: { Count: >= 2 } parts })
            {
                CheckParts(function, parts);
            }
        }
    }

    private static bool IsCall(YamlMapping map) => map.Entries is [var only] && TemplateFunction.IsCall(only.Key.Value);

    private void CheckScalar(string function, YamlScalar given, string parts, SourcePosition position)
    {
        switch (function)
        {
            // "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute".
            case "GetAtt" when given.Value.Split('.', 2) is not [{ Length: > 0 }, { Length: > 0 }]:
                _faults.Add(position, $"GetAtt names no attribute: \"{given.Value}\"", "a resource, a period and an attribute");
                break;
            // "variable … in Fn::Sub expression does not resolve to a string".
            case "Sub":
                foreach (
                    var name in TemplateReferences
                        .VariablesIn(given.Value)
                        .Where(name => TypeOf(name) is { } type && TemplateParameter.GivesList(type))
                )
                {
                    _faults.Add(position, $"Sub holds the parameter \"{name}\", which is a list", "a text; Join makes one of a list");
                }
                break;
            case not "GetAtt":
                _faults.Add(position, $"{function} is given no list", parts);
                break;
        }
    }

    private static string Written(YamlNode node) =>
        TemplateFunction.Split(node).Name is { } function ? $"the function {function}" : node.Description;

    // "every Fn::Select object requires two non-null parameters, the first a valid index and the second a list", "every Fn::Split object
    // requires two parameters, (1) a string delimiter and (2) a string to be split":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html and -split.html
    private void CheckKind(string function, YamlNode part)
    {
        var given = TemplateFunction.Split(part).Name;
        var isText = given is "Sub" or "Join" or "Base64" || (given is null && part is YamlScalar);
        var isList = given is "Split" or "GetAZs" or "Cidr" || (given is null && part is YamlSequence);
        if (function == "Select" && isText)
        {
            _faults.Add(part.Position, $"Select is given {Written(part)} to select from", "a list, or a function that gives one");
        }
        else if (function == "Join" && isText && part is not YamlScalar { Tag: null })
        {
            _faults.Add(part.Position, $"Join is given {Written(part)} to join", "a list, or a function that gives one");
        }
        else if (function == "Split" && isList)
        {
            _faults.Add(part.Position, $"Split is given {Written(part)} to split", "a text, or a function that gives one");
        }
    }

    // What a parameter gives, where a function takes only the other kind of value.
    private void CheckParts(string function, IReadOnlyList<YamlNode> parts)
    {
        CheckKind(function, parts[1]);
        if (
            function == "GetAtt"
            && parts.Select(TemplateFunction.Literal).OfType<YamlScalar>().FirstOrDefault(part => part.Value == "") is { } empty
        )
        {
            _faults.Add(empty.Position, "GetAtt is given an empty text", Lists[function].Parts);
        }
        if (function == "Sub" && parts[1] is not YamlMapping { Tag: null })
        {
            _faults.Add(parts[1].Position, $"Sub is given {Written(parts[1])} for its variables", "a map of names and values");
        }
        if (function == "Join" && parts[1] is YamlMapping { Tag: null } joined && !IsCall(joined))
        {
            _faults.Add(joined.Position, "Join is given a map to join", "a list, or a function that gives one");
        }
        if (
            function is "Join" or "Select" or "Split"
            && TemplateFunction.Split(parts[1]) is ("Ref", YamlScalar name)
            && TypeOf(name.Value) is { } type
            && TemplateParameter.GivesList(type) == (function == "Split")
        )
        {
            var (what, expected) = function == "Split" ? ("is a list", "a text") : ("is no list", "a list, or a function that gives one");
            _faults.Add(parts[1].Position, $"{function} is given the parameter \"{name.Value}\", which {what}", expected);
        }
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
        if (
            function == "Cidr"
            && TemplateFunction.Literal(parts[1]) is { } blocks
            && (
                !int.TryParse(blocks.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > MostBlocks
            )
        )
        {
            _faults.Add(
                blocks.Position,
                $"Cidr is to make {blocks.Description}",
                string.Create(CultureInfo.InvariantCulture, $"a number from 1 to {MostBlocks}")
            );
        }
    }

    private string? TypeOf(string parameter) => _root.At("Parameters")?.At(parameter)?.Text("Type");

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
