using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Conditions that wait for each other, and resources that are never there. CloudFormation refuses the template: "Template format error:
/// Circular dependencies", "Unresolved resource dependencies […] in the Resources block of the template"
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html).
/// </summary>
internal sealed class TemplateConditions
{
    private readonly YamlNode _root;
    private readonly TemplateValues _values;
    private readonly Dictionary<string, YamlEntry> _conditions;
    private readonly Dictionary<string, bool?> _constants = new(StringComparer.Ordinal);

    /// <param name="root">The template.</param>
    /// <param name="values">What is known of parameters and pseudo parameters.</param>
    public TemplateConditions(YamlNode root, TemplateValues values)
    {
        _root = root;
        _values = values;
        _conditions = root.Entries("Conditions").ToDictionary(entry => entry.Key.Value);
    }

    public static void Check(YamlNode root, FaultList faults)
    {
        if (TemplateNames.Read(root).MayGrow("Conditions"))
        {
            return;
        }
        var conditions = new TemplateConditions(root, new TemplateValues(_ => null));
        if (!conditions.CheckCircles(faults))
        {
            conditions.CheckUnreachable("never true", conditions.Absent(), part => !conditions.IsNever(part), faults);
        }
    }

    /// <summary>
    /// Reports what refers to a resource that is not there with the values that are known, where it is not so with any values.
    /// </summary>
    /// <param name="where">What makes them known, such as <c>in the target "dev"</c>.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public void CheckUnreachable(string where, FaultList faults)
    {
        if (CheckCircles(new FaultList()))
        {
            return;
        }
        var absent = Absent();
        absent.ExceptWith(new TemplateConditions(_root, new TemplateValues(_ => null)).Absent());
        CheckUnreachable($"not true {where}", absent, IsAlways, faults);
    }

    private bool CheckCircles(FaultList faults)
    {
        var waits = _conditions.ToDictionary(
            condition => condition.Key,
            condition => Named(condition.Value.Value).Where(_conditions.ContainsKey).ToHashSet()
        );
        if (TemplateCircle.Find(waits) is { Count: > 0 } circle)
        {
            faults.Add(
                _conditions[circle[0]].Key.Position,
                circle.Count == 1
                    ? $"the condition {circle[0]} waits for itself"
                    : $"the conditions {string.Join(", ", circle)} wait for each other",
                "conditions of parameters, or of conditions that do not come back to it"
            );
            return true;
        }
        return false;
    }

    private static IEnumerable<string> Named(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            ("Condition", YamlScalar name) => [name.Value],
            (_, YamlMapping { Entries: [{ Key.Value: "Condition", Value: YamlScalar { Tag: null } name }] }) => [name.Value],
            (_, YamlSequence list) => list.Items.SelectMany(Named),
            (_, YamlMapping map) => map.Entries.SelectMany(entry => Named(entry.Value)),
            _ => [],
        };

    // What refers to a resource that is never there, and is there itself.
    private void CheckUnreachable(string state, HashSet<string> absent, Func<YamlNode, bool> isThere, FaultList faults)
    {
        if (absent.Count == 0)
        {
            return;
        }
        foreach (var section in new[] { "Resources", "Outputs" })
        {
            foreach (var (name, part) in _root.Entries(section).Where(part => isThere(part.Value)))
            {
                var values = section == "Outputs" ? part : part.At("Properties");
                foreach (var (named, position) in values is null ? [] : References(values).Where(one => absent.Contains(one.Name)))
                {
                    faults.Add(
                        position,
                        $"{name.Value} names the resource {named}, whose condition is {state}",
                        $"a resource that is there, or the condition of {named} for {name.Value} too"
                    );
                }
            }
        }
    }

    private HashSet<string> Absent() =>
        _root.Entries("Resources").Where(resource => IsNever(resource.Value)).Select(resource => resource.Key.Value).ToHashSet();

    private bool IsAlways(YamlNode part) =>
        part.At("Condition") is null
        || TemplateFunction.Literal(part.At("Condition")) is { } condition && Constant(condition.Value) == true;

    private bool IsNever(YamlNode part) =>
        TemplateFunction.Literal(part.At("Condition")) is { } condition && Constant(condition.Value) == false;

    /// <summary>What a condition is with the values that are known; null where it depends on something else.</summary>
    public bool? Constant(string name)
    {
        if (!_constants.TryGetValue(name, out var known))
        {
            _constants[name] = known = _conditions.TryGetValue(name, out var condition) ? Constant(condition.Value) : null;
        }
        return known;
    }

    private bool? Constant(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            ("Condition", YamlScalar name) => Constant(name.Value),
            (null, YamlMapping { Entries: [{ Key.Value: "Condition", Value: YamlScalar { Tag: null } name }] }) => Constant(name.Value),
            ("Equals", YamlSequence { Items: [var one, var other] }) when Text(one) is { } first && Text(other) is { } second => first
                == second,
            ("Not", YamlSequence { Items: [var inner] }) => !Constant(inner),
            ("And", YamlSequence all) => All(all.Items, whenAny: false),
            ("Or", YamlSequence any) => All(any.Items, whenAny: true),
            _ => null,
        };

    private string? Text(YamlNode node) => TemplateFunction.Literal(node) is { } text ? TemplateScalars.Text(text) : _values.Of(node);

    private bool? All(IReadOnlyList<YamlNode> items, bool whenAny)
    {
        bool? all = !whenAny;
        foreach (var item in items)
        {
            var known = Constant(item);
            if (known == whenAny)
            {
                return whenAny;
            }

            all = known is null ? null : all;
        }

        return all;
    }

    // Which branch of an If is taken is not looked at.
    private static IEnumerable<(string Name, SourcePosition Position)> References(YamlNode node)
    {
        var (function, argument) = TemplateFunction.Split(node);
        return (function, argument) switch
        {
            ("If", _) => [],
            ("Ref", YamlScalar name) => [(name.Value, name.Position)],
            ("GetAtt", YamlScalar text) => [(text.Value.Split('.')[0], text.Position)],
            ("GetAtt", YamlSequence { Items: [YamlScalar { Tag: null } resource, ..] }) => [(resource.Value, resource.Position)],
            ("Sub", YamlScalar text) => Variables(text, null),
            ("Sub", YamlSequence { Items: [YamlScalar { Tag: null } text, YamlMapping values] }) => Variables(text, values)
                .Concat(values.Entries.SelectMany(entry => References(entry.Value))),
            _ => TemplateFunction.Parts(node).SelectMany(References),
        };
    }

    private static IEnumerable<(string Name, SourcePosition Position)> Variables(YamlScalar text, YamlMapping? values) =>
        TemplateReferences.VariablesIn(text.Value).Where(name => values?[name] is null).Select(name => (name.Split('.')[0], text.Position));
}
