using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What can be said against a template before any value is known. A template that still waits for a transform is
/// not judged: the transform declares resources that the template may name.</summary>
internal static class TemplateChecks
{
    private const string Supported =
        "Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, "
        + "Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, "
        + "Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr";

    // AWS's words: kubernetes-retired/kube-aws#1304 (an import), aws-cloudformation/cfn-lint#1632 (the name of an export).
    private const string MustNotDepend = "must not depend on any resources, imported values, or Fn::GetAZs";

    private static readonly HashSet<string> Functions =
    [
        .. Supported.Split(", "),
        // What the rehearsal does not support of it is said where that is.
        "Fn::Transform",
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
        "Fn::GetStackOutput",
    ];

    private static bool IsFunction(string name) => Functions.Contains(name);

    public static void References(Template template)
    {
        if (template.Transforms.Count > 0)
        {
            return;
        }

        Conditions(template);
        foreach (var resource in template.Resources.Values)
        {
            Defined(template, resource.Condition, "Resources");
            Block(template, "Resources", resource.Properties, resource.UpdatePolicy, resource.CreationPolicy, resource.Metadata);
            Unresolved(resource.DependsOn.Where(id => !template.Resources.ContainsKey(id)), "Resources");
        }

        foreach (var output in template.Outputs.Values)
        {
            Defined(template, output.Condition, "Outputs");
            Block(template, "Outputs", output.Value, output.ExportName);
            if (DependsOnResources(template, output.ExportName))
            {
                throw new TemplateException(
                    $"Template format error: Output {output.Name} is malformed. The Name field of Export {MustNotDepend}."
                );
            }

            if (IsList(template, output.Value))
            {
                throw OutputDeclaration.NoText;
            }
        }

        _ = DependencyGraph.Build(template);
    }

    /// <summary>Mentions of resources that their own condition leaves out.</summary>
    public static void Active(Template template, Func<string, bool> condition, IReadOnlySet<string> active)
    {
        bool Missing(string id) => template.Resources.ContainsKey(id) && !active.Contains(id);
        Unresolved(
            active.SelectMany(id => Reference.In(template.Resources[id].Properties, condition)).Select(r => r.Target).Where(Missing),
            "Resources"
        );
        Unresolved(
            template
                .Outputs.Values.Where(o => o.Condition is null || condition(o.Condition))
                .SelectMany(o => Reference.In(o.Value, condition).Concat(Reference.In(o.ExportName, condition)))
                .Select(r => r.Target)
                .Where(Missing),
            "Outputs"
        );
    }

    private static void Block(Template template, string block, params IEnumerable<JsonNode?> parts)
    {
        foreach (var part in parts)
        {
            var references = Reference.In(part).ToList();
            if (
                references.FirstOrDefault(r => r.Attribute is not null && !template.Resources.ContainsKey(r.Target)) is
                { Target: { } target }
            )
            {
                throw new TemplateException($"Template error: instance of Fn::GetAtt references undefined resource {target}");
            }

            Unresolved(references.Select(r => r.Target).Where(t => !IsDeclared(template, t)), block);
            foreach (var (name, argument) in Calls(part))
            {
                if (name == "Fn::If")
                {
                    Defined(template, (argument as JsonArray)?[0].Text(), block);
                }
                else if (
                    !IsFunction(name) && (!template.HasLanguageExtensions || name is not ("Fn::Length" or "Fn::ToJsonString"))
                    || ForEach.IsLoop(name)
                )
                {
                    throw new TemplateException(
                        $"Template error: Encountered unsupported function: {name} Supported functions are: [{Supported}]"
                    );
                }
                else if (name == "Fn::ImportValue" && DependsOnResources(template, argument))
                {
                    throw new TemplateException($"Template error: the attribute in Fn::ImportValue {MustNotDepend}");
                }
                else if (
                    name == "Fn::FindInMap"
                    && argument is JsonArray { Count: 3 } names
                    && names.Any(part => DependsOnResources(template, part))
                )
                {
                    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
                    throw new TemplateException($"Template error: the names in Fn::FindInMap {MustNotDepend}");
                }
                else if (
                    name == "Fn::FindInMap"
                    && argument is JsonArray { Count: 3 } path
                    && path[0].Text() is { } map
                    && !template.Mappings.ContainsKey(map)
                )
                {
                    throw new TemplateException(
                        $"Template error: Mapping named '{map}' is not present in the 'Mappings' section of template."
                    );
                }
            }
        }
    }

    private static bool DependsOnResources(Template template, JsonNode? name) =>
        Reference.In(name).Any(reference => reference.Attribute is not null || template.Resources.ContainsKey(reference.Target))
        || Calls(name).Any(call => call.Name is "Fn::ImportValue" or "Fn::GetAZs");

    // What gives a list whatever it is given.
    private static bool IsList(Template template, JsonNode? value) =>
        value.IsCall(out var name, out var argument)
        && name switch
        {
            "Fn::GetAZs" or "Fn::Split" or "Fn::Cidr" => true,
            "Ref" => argument.Text() is { } parameter && template.Parameters.TryGetValue(parameter, out var declared) && declared.IsList,
            _ => false,
        };

    private static bool IsDeclared(Template template, string name) =>
        template.Resources.ContainsKey(name) || template.Parameters.ContainsKey(name) || PseudoParameters.Has(name);

    private static void Conditions(Template template)
    {
        foreach (var condition in template.Conditions.Values)
        {
            if (
                Reference
                    .In(condition)
                    .Select(r => r.Target)
                    .FirstOrDefault(t => !template.Parameters.ContainsKey(t) && !PseudoParameters.Has(t)) is
                { } target
            )
            {
                throw new TemplateException(
                    $"Template format error: Unresolved dependencies [{target}]. Cannot reference resources in the Conditions block of "
                        + "the template"
                );
            }

            foreach (var name in NamedConditions(condition))
            {
                Defined(template, name, "Conditions");
            }
        }
    }

    private static void Defined(Template template, string? condition, string block)
    {
        if (condition is not null && !template.Conditions.ContainsKey(condition))
        {
            throw new TemplateException(
                $"Template format error: Unresolved condition dependency {condition} in the {block} block of the template"
            );
        }
    }

    private static void Unresolved(IEnumerable<string> names, string block)
    {
        var missing = names.Distinct().Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new TemplateException(
                $"Template format error: Unresolved resource dependencies [{string.Join(", ", missing)}] in the {block} block of the "
                    + "template"
            );
        }
    }

    private static IEnumerable<string> NamedConditions(JsonNode? node) =>
        node switch
        {
            JsonObject { Count: 1 } map when map["Condition"].Text() is { } name => [name],
            JsonObject map => map.SelectMany(entry => NamedConditions(entry.Value)),
            JsonArray list => list.SelectMany(NamedConditions),
            _ => [],
        };

    private static IEnumerable<(string Name, JsonNode? Argument)> Calls(JsonNode? node)
    {
        var inside = node switch
        {
            JsonObject map => map.SelectMany(entry => Calls(entry.Value)),
            JsonArray list => list.SelectMany(Calls),
            _ => [],
        };
        return node.IsCall(out var name, out var argument) ? inside.Prepend((name, argument)) : inside;
    }
}
