using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Rules;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;
using YamlDotNet.RepresentationModel;
using static Deployer.Rehearsal.CloudFormation.Templates.Support.TemplateFiles;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Something in a template that CloudFormation refuses by the schema of a resource's type.</summary>
/// <param name="File">The template, as it was named.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Problem">What it is.</param>
/// <param name="Expected">What CloudFormation takes.</param>
public sealed record SchemaFault(string File, int Line, int Column, string Problem, string Expected)
{
    /// <summary>The name that is not known; null where no name is the fault.</summary>
    public string? Name { get; init; }

    /// <summary>The names that could be meant instead.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];
}

/// <summary>
/// Finds, in templates at hand and before anything runs, what the schemas of their resources' types refuse: attributes of
/// <c>Fn::GetAtt</c>, properties that there are not, required ones that are missing, values of another type, and values that are not
/// allowed. What a function gives, a type without a schema, and a template that a macro may change are not judged.
/// </summary>
public static class TemplateSchemas
{
    /// <summary>Looks through template files and the local templates that they nest.</summary>
    /// <param name="folder">The folder that the paths, and the faults, are relative to.</param>
    /// <param name="paths">The templates.</param>
    /// <returns>In the order of the files and places. A file that is not there is none of this method's business.</returns>
    public static IReadOnlyList<SchemaFault> CheckFiles(string folder, IEnumerable<string> paths) =>
        [.. TemplateFiles.Read(folder, paths).SelectMany(template => Check(template.Path, template.Text))];

    /// <summary>Types of AWS in template files, and the local templates that they nest, that no schema describes: mistyped, or newer than
    /// the schemas.</summary>
    /// <param name="folder">The folder that the paths, and the faults, are relative to.</param>
    /// <param name="paths">The templates.</param>
    public static IReadOnlyList<SchemaFault> UnknownTypes(string folder, IEnumerable<string> paths) =>
        [
            .. from template in TemplateFiles.Read(folder, paths)
            let resources = Root(template.Text) is { } root ? Get(root, "Resources") as YamlMappingNode : null
            where resources is not null
            from resource in resources.Children.Values.OfType<YamlMappingNode>()
            let written = Get(resource, "Type")
            let type = written is null ? null : Text(written)
            where
                type is not null
                && type.StartsWith("AWS::", StringComparison.Ordinal)
                && !type.StartsWith("AWS::Serverless::", StringComparison.Ordinal)
                && !UnsupportedFeatures.IsForeign(type)
                && !CustomResourceTypes.Includes(type)
                && !OwnTypes.Has(type)
                && ResourceSchemas.Find(type) is null
            select new SchemaFault(
                template.Path,
                (int)written.Start.Line,
                (int)written.Start.Column,
                $"no public schema of CloudFormation has the resource type {type}",
                "a type of CloudFormation"
            )
            {
                Name = type,
                Known = [.. ResourceSchemas.Names],
            },
        ];

    /// <summary>Looks through one template.</summary>
    /// <param name="file">What the faults call it.</param>
    /// <param name="text">The template, YAML or JSON. One that is not well-formed gives nothing here.</param>
    public static IReadOnlyList<SchemaFault> Check(string file, string text)
    {
        if (Root(text) is not { } root || Get(root, "Resources") is not YamlMappingNode resources || !IsAsWritten(root))
        {
            return [];
        }

        JsonObject template;
        try
        {
            template = TemplateText.Read(text);
        }
        catch (TemplateException)
        {
            return [];
        }

        var walk = new Walk(file, template["Resources"] as JsonObject ?? [], template["Parameters"] as JsonObject ?? []);
        walk.Properties(resources);
        walk.References(root);
        return [.. walk.Found.Distinct().OrderBy(one => one.Line).ThenBy(one => one.Column)];
    }

    // A macro of somebody else may replace anything.
    private static bool IsAsWritten(YamlMappingNode root) =>
        (
            Get(root, "Transform") switch
            {
                null => [],
                YamlSequenceNode list => list.Children,
                var one => [one],
            }
        ).All(transform => Text(transform) is SamTransform.Name or LanguageExtensions.Name);

    private sealed class Walk(string file, JsonObject resources, JsonObject parameters)
    {
        public List<SchemaFault> Found { get; } = [];

        public void Properties(YamlMappingNode written)
        {
            foreach (var (key, resource) in written.Children)
            {
                if (
                    Text(key) is { } id
                    && resource is YamlMappingNode attributes
                    && TypeOf(id) is { } type
                    && !CustomResourceTypes.Includes(type)
                    && ResourceSchemas.Find(type) is { } schema
                    && resources[id]!["Properties"] is var properties and (null or JsonObject)
                    && !properties.IsCall(out _, out _)
                )
                {
                    foreach (var fault in PropertyValidation.FindInTemplate(schema, properties as JsonObject ?? [], GivesList))
                    {
                        Add(id, type, key, Get(attributes, "Properties") ?? attributes, fault);
                    }

                    foreach (var refused in PropertyRules.Find(type, properties as JsonObject ?? []))
                    {
                        Add(id, type, key, Get(attributes, "Properties") ?? attributes, refused);
                    }
                }
            }
        }

        public void References(YamlMappingNode root)
        {
            foreach (var section in new[] { "Resources", "Outputs" })
            {
                foreach (var (id, part) in Members(Get(root, section)))
                {
                    Values(part);
                    if (
                        section == "Outputs"
                        && part is YamlMappingNode output
                        && Get(output, "Value") is { } value
                        && GetAtt(value) is { Attribute: { } attribute } reference
                        && SchemaReferences.IsList(new JsonObject { ["Fn::GetAtt"] = reference.ToString() }, TypeOf)
                    )
                    {
                        Add(
                            value,
                            $"the output {Text(id)} is {reference.Target}.{attribute}, which is a list",
                            "a text; Join makes one of a list"
                        );
                    }
                }
            }
        }

        private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Members(YamlNode? map) =>
            map is YamlMappingNode { Children: var members } ? members : [];

        private bool GivesList(JsonNode value)
        {
            try
            {
                return value.IsCall(out var function, out var argument)
                    && (
                        function is "Fn::Split" or "Fn::GetAZs" or "Fn::Cidr"
                        || function == "Ref"
                            && argument.Text() is { } name
                            && (parameters[name] as JsonObject)?["Type"].Text() is { } type
                            && ParameterDeclaration.IsListType(type)
                        || SchemaReferences.IsList(value, TypeOf)
                    );
            }
            catch (TemplateException)
            {
                // A call that cannot be evaluated is a fault of the template's own rules, which name its place.
                return false;
            }
        }

        private string? TypeOf(string id) => (resources[id] as JsonObject)?["Type"].Text();

        private void Values(YamlNode node)
        {
            if (GetAtt(node) is { } reference)
            {
                Attribute(node, reference);
                return;
            }

            switch (node)
            {
                case YamlMappingNode { Children: [{ Key: var key, Value: var argument }] } when Text(key) == "Fn::Sub":
                    Substituted(argument);
                    break;
                case YamlMappingNode map:
                    // What a loop repeats can hold the loop's variable.
                    foreach (var (name, value) in map.Children.Where(member => !ForEach.IsLoop(Text(member.Key) ?? "")))
                    {
                        Values(value);
                    }

                    break;
                case YamlSequenceNode or YamlScalarNode when Tag(node) == "!Sub":
                    Substituted(node);
                    break;
                case YamlSequenceNode list:
                    foreach (var item in list.Children)
                    {
                        Values(item);
                    }

                    break;
            }
        }

        private void Substituted(YamlNode argument)
        {
            var (text, names) = argument switch
            {
                YamlSequenceNode { Children: [var first, YamlMappingNode own] } => (first, own),
                _ => (argument, null),
            };
            foreach (var reference in Substitution.Variables(Text(text) ?? ""))
            {
                if (names is null || Key(names, reference.ToString()) is null)
                {
                    Attribute(text, reference);
                }
            }

            foreach (var (_, value) in Members(names))
            {
                Values(value);
            }
        }

        private void Attribute(YamlNode at, Reference reference)
        {
            if (SchemaReferences.Unsupported(reference, TypeOf) is { } schema)
            {
                Add(
                    at,
                    $"{reference.Target} of the type {schema.Name} has no attribute \"{reference.Attribute}\"",
                    schema.Attributes.Count == 0
                        ? "Ref, since the type has no attributes"
                        : $"one of {string.Join(", ", schema.Attributes.Keys.Order(StringComparer.Ordinal))}",
                    reference.Attribute,
                    schema.Attributes.Keys
                );
            }
        }

        private static Reference? GetAtt(YamlNode node)
        {
            var argument = node switch
            {
                _ when Tag(node) == "!GetAtt" => node,
                YamlMappingNode { Children: [{ Key: var key, Value: var value }] } when Text(key) == "Fn::GetAtt" => value,
                _ => null,
            };
            return argument switch
            {
                YamlScalarNode { Value: { } path } when path.Split('.', 2) is [var id, var attribute] => new Reference(id, attribute),
                YamlSequenceNode { Children: [var id, var attribute] }
                    when (Tag(id) ?? Tag(attribute)) is null && Text(id) is { } target && Text(attribute) is { } name => new Reference(
                    target,
                    name
                ),
                _ => null,
            };
        }

        private static string? Tag(YamlNode node) => node.Tag.IsEmpty || node.Tag.IsNonSpecific ? null : node.Tag.Value;

        private static string Place(string[] path) =>
            string.Concat(
                path.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"[{part}]" : $".{part}")
            );

        private void Add(string id, string type, YamlNode key, YamlNode properties, RefusedValue refused) =>
            Add(
                refused.Path.Length == 0 ? key : Find(properties, refused.Path),
                refused.Path.Length == 0 ? $"{id} of the type {type} {refused.Problem}" : $"{id}{Place(refused.Path)} {refused.Problem}",
                refused.Expected
            );

        private void Add(string id, string type, YamlNode key, YamlNode properties, PropertyFault fault)
        {
            var place = Place(fault.Path);
            var where = $"{id}{place}";
            var value = Find(properties, fault.Path);
            switch (fault)
            {
                case UnknownMember unknown:
                    Add(
                        value is YamlMappingNode map ? Key(map, unknown.Name) ?? value : value,
                        place.Length == 0
                            ? $"{id} of the type {type} has no property \"{unknown.Name}\""
                            : $"{where} has no member \"{unknown.Name}\"",
                        $"one of {string.Join(", ", unknown.Known)}",
                        unknown.Name,
                        unknown.Known
                    );
                    break;
                case RequiredMissing missing:
                    Add(
                        place.Length == 0 ? key : value,
                        place.Length == 0
                            ? $"{id} of the type {type} lacks the property {missing.Name}"
                            : $"{where} lacks the member {missing.Name}",
                        $"{missing.Name}, which is required"
                    );
                    break;
                case WrongType wrong:
                    Add(value, $"{where} is {Words(wrong.Found)}", Words(wrong.Expected));
                    break;
                case ValueNotAllowed { Value: var given, Allowed: var allowed }:
                    Add(value, $"{where} is \"{given}\"", $"one of {string.Join(", ", allowed)}", given, allowed);
                    break;
            }
        }

        private static string Words(string type) =>
            type switch
            {
                "JSONArray" => "a list",
                "JSONObject" => "a map",
                "Boolean" => "true or false",
                "Integer" => "a whole number",
                "Number" => "a number",
                _ => "a text",
            };

        private void Add(YamlNode at, string problem, string expected, string? name = null, IReadOnlyCollection<string>? known = null) =>
            Found.Add(
                new SchemaFault(file, (int)at.Start.Line, (int)at.Start.Column, problem, expected) { Name = name, Known = known ?? [] }
            );
    }
}
