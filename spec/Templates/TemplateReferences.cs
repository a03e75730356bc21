using System.Text.RegularExpressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Whatever a template names exists in it. CloudFormation refuses the template otherwise: "Unresolved resource dependencies", "Mapping
/// named … is not present", "Unresolved condition dependency".
/// </summary>
internal sealed partial class TemplateReferences
{
    // Of a name of one or two letters every other one is near.
    private const int ShortestMistyped = 2;

    private const int NamesOfLookup = 3;

    private readonly TemplateNames _names;
    private readonly FaultList _faults;
    private readonly YamlNode _root;

    private TemplateReferences(YamlNode root, FaultList faults)
    {
        _root = root;
        _faults = faults;
        _names = TemplateNames.Read(root);
    }

    public static void Check(YamlNode root, FaultList faults)
    {
        var references = new TemplateReferences(root, faults);
        if (references._names.IsOpen)
        {
            return;
        }
        foreach (var section in new[] { "Conditions", "Rules", "Globals", "Resources", "Outputs" })
        {
            references.CheckSection(section);
        }
    }

    private void CheckSection(string section)
    {
        foreach (var (key, value) in _root.Entries(section))
        {
            // What a loop's body names can hold the loop's variable.
            if (TemplateFunction.IsFunction(key.Value))
            {
                continue;
            }
            if (section is "Resources" or "Outputs")
            {
                CheckCondition(TemplateFunction.Literal(value.At("Condition")));
            }
            if (section is "Resources")
            {
                CheckDependsOn(key.Value, value.At("DependsOn"));
            }
            if (section is "Outputs" && value.At("Export")?.At("Name") is { } export)
            {
                CheckFixed(export, $"the name of the export of {key.Value}");
            }
            foreach (var part in section is "Resources" && value is YamlMapping resource ? Evaluated(resource) : [value])
            {
                Walk(part, section, sure: true);
            }
        }
    }

    // Functions are evaluated in these attributes of a resource; the others are texts.
    private static IEnumerable<YamlNode> Evaluated(YamlMapping resource) =>
        resource
            .Entries.Where(entry => entry.Key.Value is "Properties" or "Metadata" or "UpdatePolicy" or "CreationPolicy")
            .Select(entry => entry.Value);

    private void CheckDependsOn(string resource, YamlNode? dependsOn)
    {
        foreach (
            var named in dependsOn is YamlSequence several ? several.Items
            : dependsOn is null ? []
            : [dependsOn]
        )
        {
            if (TemplateFunction.Literal(named) is { } name && !_names.IsResource(name.Value))
            {
                Unresolved(
                    name.Position,
                    $"DependsOn of {resource} names \"{name.Value}\", which is no resource",
                    name.Value,
                    _names.Resources
                );
            }
        }
    }

    /// <param name="node">The value.</param>
    /// <param name="section">The section in which it stands.</param>
    /// <param name="sure">Whether the value is used whatever the conditions are.</param>
    private void Walk(YamlNode node, string section, bool sure)
    {
        var (function, argument) = TemplateFunction.Split(node);
        switch (function, argument)
        {
            case ("Ref", YamlScalar name):
                CheckRef(name, name.Value, "Ref", section);
                return;
            case ("GetAtt", YamlScalar text):
                CheckGetAtt(text, text.Value.Split('.')[0], section);
                return;
            case ("GetAtt", YamlSequence { Items: [var resource, ..] }):
                if (TemplateFunction.Literal(resource) is { } logicalId)
                {
                    CheckGetAtt(logicalId, logicalId.Value.Split('.')[0], section);
                }
                break;
            case ("Sub", YamlScalar text):
                CheckSub(text, null, section);
                return;
            case ("Sub", YamlSequence { Items: [YamlScalar { Tag: null } text, var values, ..] }):
                CheckSub(text, values as YamlMapping, section);
                Walk(values, section, sure);
                return;
            case ("If", YamlSequence { Items: [var condition, ..] branches }):
                CheckCondition(TemplateFunction.Literal(condition));
                foreach (var branch in branches.Skip(1))
                {
                    Walk(branch, section, sure: false);
                }
                return;
            case ("Condition", YamlScalar condition):
                CheckCondition(condition);
                return;
            case (null, YamlMapping { Entries: [{ Key.Value: "Condition", Value: YamlScalar { Tag: null } condition }] })
                when section is "Conditions":
                CheckCondition(condition);
                return;
            case ("ImportValue", _):
                CheckFixed(TemplateFunction.Call(node).Argument, "the name in ImportValue");
                break;
            case ("FindInMap", YamlSequence { Items: [var map, ..] lookup }):
                foreach (var name in lookup.Take(NamesOfLookup))
                {
                    CheckFixed(name, "a name in FindInMap");
                }
                CheckMapping(TemplateFunction.Literal(map), [.. lookup.Skip(1)], sure);
                break;
            case ({ } loop, _) when loop.StartsWith("ForEach", StringComparison.Ordinal):
                return;
        }

        // What a function is given may be another one, in the short form or in the long one.
        foreach (var child in function is null ? Children(node) : [TemplateFunction.Call(node).Argument])
        {
            Walk(child, section, sure);
        }
    }

    private static IEnumerable<YamlNode> Children(YamlNode node) =>
        node switch
        {
            YamlSequence sequence => sequence.Items,
            YamlMapping mapping => mapping
                .Entries.Where(entry => !entry.Key.Value.StartsWith("Fn::ForEach", StringComparison.Ordinal))
                .Select(entry => entry.Value),
            _ => [],
        };

    // "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"
    // (kubernetes-retired/kube-aws#1304), "The Name field of Export must not depend on …" (aws-cloudformation/cfn-lint#1632):
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html. FindInMap takes
    // references to parameters alone:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html.
    private void CheckFixed(YamlNode node, string what)
    {
        if (Dependence(node) is { } cause)
        {
            _faults.Add(
                node.Position,
                $"{what} depends on {cause}",
                "one of texts, parameters and mappings: CloudFormation reads it before anything is made"
            );
        }
    }

    /// <summary>What a value depends on that is not known before anything is made; <see langword="null"/> for nothing.</summary>
    private string? Dependence(YamlNode node)
    {
        var (function, argument) = TemplateFunction.Call(node);
        IEnumerable<string> names = (function, argument) switch
        {
            ("Ref" or "GetAtt", YamlScalar name) => [name.Value],
            ("GetAtt", YamlSequence { Items: [YamlScalar { Tag: null } name, ..] }) => [name.Value],
            ("Sub", YamlScalar text) => VariablesIn(text.Value),
            ("Sub", YamlSequence { Items: [YamlScalar { Tag: null } text, YamlMapping values, ..] }) => VariablesIn(text.Value)
                .Where(name => values[name] is null),
            _ => [],
        };
        return names.Select(name => name.Split('.')[0]).FirstOrDefault(_names.Resources.Contains) is { } resource
                ? $"the resource \"{resource}\""
            : function is "GetAZs" ? "GetAZs"
            : function is "ImportValue" ? "an imported value"
            : function is null ? Children(node).Select(Dependence).FirstOrDefault(cause => cause is not null)
            : Dependence(argument);
    }

    private void CheckRef(YamlScalar at, string name, string what, string section)
    {
        if (!_names.CanBeReferredTo(name))
        {
            Unresolved(at.Position, $"{what} names \"{name}\", which is no parameter and no resource", name, _names.Referable);
        }
        else if (section is "Conditions" or "Rules" && !_names.IsParameter(name))
        {
            _faults.Add(
                at.Position,
                $"{what} in {section} names the resource \"{name}\"",
                "a parameter: nothing is made when these are evaluated"
            );
        }
    }

    private void CheckGetAtt(YamlScalar at, string resource, string section, string what = "GetAtt")
    {
        // Of an empty name it is said that it names nothing.
        if (resource.Length > 0 && !_names.IsResource(resource))
        {
            Unresolved(at.Position, $"{what} names \"{resource}\", which is no resource", resource, _names.Resources);
        }
        else if (section is "Conditions" or "Rules")
        {
            _faults.Add(
                at.Position,
                $"{what} in {section} names the resource \"{resource}\"",
                "a parameter: nothing is made when these are evaluated"
            );
        }
    }

    /// <summary>
    /// The variables in a text of <c>Fn::Sub</c>. Spaces around a name "always work in CloudFormation"
    /// (https://github.com/aws-cloudformation/cfn-lint/issues/236); after them, too, an exclamation mark makes a text of it
    /// (https://github.com/cdklabs/decdk/pull/358).
    /// </summary>
    public static IEnumerable<string> VariablesIn(string text) =>
        Variables().Matches(text).Select(variable => variable.Groups["name"].Value.Trim()).Where(name => !name.StartsWith('!'));

    private void CheckSub(YamlScalar text, YamlMapping? values, string section)
    {
        foreach (var name in VariablesIn(text.Value))
        {
            if (values?[name] is not null || name.Contains("&{", StringComparison.Ordinal))
            {
                continue;
            }
            if (!VariableName().IsMatch(name))
            {
                _faults.Add(
                    text.Position,
                    $"Sub holds \"${{{name}}}\"",
                    $"letters, digits, underscores, periods and colons between the braces; ${{!{name}}} stands for the text itself"
                );
            }
            else if (name.StartsWith('.') || name.EndsWith('.'))
            {
                _faults.Add(text.Position, $"Sub holds \"${{{name}}}\"", "a resource, a period and an attribute between the braces");
            }
            else if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
            {
                CheckGetAtt(text, name[..dot], section, "Sub");
            }
            else
            {
                CheckRef(text, name, "Sub", section);
            }
        }
    }

    private void CheckCondition(YamlScalar? condition)
    {
        if (condition is not null && !_names.Conditions.Contains(condition.Value) && !_names.MayGrow("Conditions"))
        {
            Unresolved(
                condition.Position,
                $"the condition \"{condition.Value}\" is not in Conditions",
                condition.Value,
                _names.Conditions,
                "a condition of the template"
            );
        }
    }

    private void CheckMapping(YamlScalar? map, YamlNode[] keys, bool sure)
    {
        if (map is null || _names.MayGrow("Mappings"))
        {
            return;
        }
        if (!_names.Mappings.Contains(map.Value))
        {
            Unresolved(
                map.Position,
                $"FindInMap names \"{map.Value}\", which is not in Mappings",
                map.Value,
                _names.Mappings,
                "a mapping of the template"
            );
            return;
        }
        // With a default, and in a branch that may not be taken, a key need not be there.
        if (!sure || keys is not [var first, var second] || TemplateFunction.Literal(first) is not { } top)
        {
            return;
        }
        var mapping = _root.At("Mappings")!.At(map.Value)!;
        if (mapping is not YamlMapping { Entries: var entries } || entries.Any(entry => TemplateFunction.IsFunction(entry.Key.Value)))
        {
            return;
        }
        if (mapping.At(top.Value) is not { } attributes)
        {
            Unresolved(
                top.Position,
                $"the mapping \"{map.Value}\" has no \"{top.Value}\"",
                top.Value,
                entries.Select(entry => entry.Key.Value),
                "a key of the mapping"
            );
        }
        else if (TemplateFunction.Literal(second) is { } name && attributes is YamlMapping known && known[name.Value] is null)
        {
            Unresolved(
                name.Position,
                $"\"{top.Value}\" of the mapping \"{map.Value}\" has no \"{name.Value}\"",
                name.Value,
                known.Entries.Select(entry => entry.Key.Value),
                "a key of the mapping"
            );
        }
    }

    private void Unresolved(
        SourcePosition position,
        string problem,
        string name,
        IEnumerable<string> known,
        string expected = "a name that the template declares"
    ) =>
        _faults.Add(
            position,
            problem,
            name.Length > ShortestMistyped && NearestName.Find(name, known) is { } near
                ? $"{expected} (did you mean \"{near}\"?)"
                : expected
        );

    /// <summary><c>${NAME}</c>; <c>${!NAME}</c> stands for itself.</summary>
    [GeneratedRegex(@"\$\{(?<name>([^!}][^}]*)?)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Variables();

    // "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
    [GeneratedRegex(@"^[A-Za-z0-9_.:]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
