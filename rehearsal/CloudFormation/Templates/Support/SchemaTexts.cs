using System.Globalization;
using Deployer.Rehearsal.CloudFormation.Schemas;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using static Deployer.Rehearsal.CloudFormation.Templates.Support.TemplateFiles;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>A scalar that is written without quotes where the schema of a resource's type wants a text.</summary>
/// <param name="File">The template, as it was named.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Written">As it is written.</param>
/// <param name="Place">The resource and the names on the way, such as <c>Worker.Environment.Variables.PHONE</c>.</param>
public sealed record SchemaText(string File, int Line, int Column, string Written, string Place);

/// <summary>Finds where a YAML template means texts by the schemas of its resources' types, in the branches of <c>Fn::If</c> too. What a
/// reader of YAML 1.1 makes of them is not judged here.</summary>
public static class SchemaTexts
{
    /// <summary>Looks through template files and the local templates that they nest.</summary>
    /// <param name="folder">The folder that the paths, and the findings, are relative to.</param>
    /// <param name="paths">The templates.</param>
    public static IReadOnlyList<SchemaText> FindInFiles(string folder, IEnumerable<string> paths) =>
        [.. TemplateFiles.Read(folder, paths).SelectMany(template => Find(template.Path, template.Text))];

    /// <summary>Looks through one template. JSON has quotes around each text.</summary>
    /// <param name="file">What the findings call it.</param>
    /// <param name="text">The template. One that is not well-formed gives nothing here.</param>
    public static IReadOnlyList<SchemaText> Find(string file, string text)
    {
        var found = new List<SchemaText>();
        if (!text.TrimStart().StartsWith('{') && Root(text) is { } root && Get(root, "Resources") is YamlMappingNode resources)
        {
            foreach (var (key, resource) in resources.Children)
            {
                if (
                    resource is YamlMappingNode attributes
                    && Text(Get(attributes, "Type")) is { } type
                    && ResourceSchemas.Find(type) is { } schema
                    && Get(attributes, "Properties") is YamlMappingNode properties
                )
                {
                    new Walk(file, schema, found).Members(schema.Properties, properties, Text(key) ?? "");
                }
            }
        }

        return found;
    }

    private sealed class Walk(string file, ResourceSchema schema, List<SchemaText> found)
    {
        public void Members(Dictionary<string, string> members, YamlMappingNode given, string place)
        {
            foreach (var (key, value) in given.Children)
            {
                if (Text(key) is { } name && members.TryGetValue(name, out var written))
                {
                    Value(ResourceSchema.TypeOf(written), value, $"{place}.{name}");
                }
            }
        }

        private void Value(string type, YamlNode node, string place)
        {
            if (Branches(node) is { } branches)
            {
                foreach (var branch in branches)
                {
                    Value(type, branch, place);
                }

                return;
            }

            if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            {
                return;
            }

            switch (type[0], node)
            {
                case ('s', YamlScalarNode { Style: ScalarStyle.Plain, Value: { } written }):
                    found.Add(new SchemaText(file, (int)node.Start.Line, (int)node.Start.Column, written, place));
                    break;
                case ('[', YamlSequenceNode list):
                    for (var i = 0; i < list.Children.Count; i++)
                    {
                        Value(type[1..], list.Children[i], $"{place}[{i}]");
                    }

                    break;
                case ('{', YamlMappingNode map):
                    foreach (var (key, value) in map.Children)
                    {
                        Value(type[1..], value, $"{place}.{Text(key)}");
                    }

                    break;
                case ('#', YamlMappingNode map):
                    Members(schema.Structures[int.Parse(type[1..], CultureInfo.InvariantCulture)], map, place);
                    break;
            }
        }

        private static IEnumerable<YamlNode>? Branches(YamlNode node) =>
            node switch
            {
                YamlSequenceNode { Tag: { IsEmpty: false, Value: "!If" } } call => call.Children.Skip(1),
                YamlMappingNode { Children: [{ Key: YamlScalarNode { Value: "Fn::If" }, Value: YamlSequenceNode call }] } =>
                    call.Children.Skip(1),
                _ => null,
            };
    }
}
