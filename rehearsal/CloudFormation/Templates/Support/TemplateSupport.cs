using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;
using YamlDotNet.RepresentationModel;
using static Deployer.Rehearsal.CloudFormation.Templates.Support.TemplateFiles;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Something in a template that a rehearsal cannot simulate.</summary>
/// <param name="File">The template, as it was named.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Problem">What it is.</param>
/// <param name="Expected">What can be rehearsed instead.</param>
public sealed record UnsupportedFeature(string File, int Line, int Column, string Problem, string Expected)
{
    /// <summary><c>file:line:column: problem; expected …</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Problem}; expected {Expected}";
}

/// <summary>Finds all that the rehearsal cannot simulate in templates at hand, before anything runs. Whatever else is wrong with a template
/// is left to CloudFormation's own checks.</summary>
public static partial class TemplateSupport
{
    /// <summary>Looks through template files and the local templates that they nest.</summary>
    /// <param name="folder">The folder that the paths, and the findings, are relative to.</param>
    /// <param name="paths">The templates.</param>
    /// <returns>In the order of the files and places. A file that is not there is none of this method's business.</returns>
    public static IReadOnlyList<UnsupportedFeature> CheckFiles(string folder, IEnumerable<string> paths) =>
        [.. TemplateFiles.Read(folder, paths).SelectMany(template => Check(template.Path, template.Text))];

    /// <summary>Looks through one template.</summary>
    /// <param name="file">What the findings call it.</param>
    /// <param name="text">The template, YAML or JSON. One that is not well-formed gives nothing here.</param>
    public static IReadOnlyList<UnsupportedFeature> Check(string file, string text) =>
        Root(text) is { } root ? [.. new Walk(file, text, root).Findings().OrderBy(one => one.Line).ThenBy(one => one.Column)] : [];

    [GeneratedRegex(@"\{\{resolve:(?<key>(?!ssm:)(\$\{[^}]*\}|[^}])+)", RegexOptions.ExplicitCapture)]
    private static partial Regex UnresolvedReference();

    [GeneratedRegex(@"\{\{resolve:ssm:(?<name>/aws/service/[^:}$]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex PublicReference();

    private sealed class Walk(string file, string text, YamlMappingNode root)
    {
        private readonly List<UnsupportedFeature> _found = [];

        public IEnumerable<UnsupportedFeature> Findings()
        {
            Sections();
            foreach (var (id, resource) in Maps("Resources"))
            {
                Resource(id, resource);
            }

            Values(root);
            PublicParameters();
            Properties();
            Attributes();
            Serverless();
            return _found;
        }

        private void Add(YamlNode at, Limitation limitation) =>
            _found.Add(new UnsupportedFeature(file, (int)at.Start.Line, (int)at.Start.Column, limitation.Problem, limitation.Expected));

        private void Sections()
        {
            if (Key(root, "Hooks") is { } hooks)
            {
                Add(hooks, UnsupportedFeatures.Hooks);
            }

            if (Key(root, "Rules") is { } rules)
            {
                Add(rules, UnsupportedFeatures.Rules);
            }

            foreach (var transform in Transforms())
            {
                var name = Text(transform is YamlMappingNode map ? Get(map, "Name") : transform) ?? "";
                if (!UnsupportedFeatures.IsApplied(name))
                {
                    Add(transform, UnsupportedFeatures.Transform(name));
                }
            }
        }

        private IEnumerable<YamlNode> Transforms() =>
            Get(root, "Transform") switch
            {
                null => [],
                YamlSequenceNode list => list.Children,
                var one => [one],
            };

        private IEnumerable<(YamlNode Key, YamlMappingNode Value)> Maps(string section) =>
            (Get(root, section) as YamlMappingNode)?.Children.SelectMany(Declared) ?? [];

        // What a loop repeats declares resources too.
        private static IEnumerable<(YamlNode Key, YamlMappingNode Value)> Declared(KeyValuePair<YamlNode, YamlNode> member) =>
            (member.Key, member.Value) switch
            {
                (YamlScalarNode { Value: { } key }, YamlSequenceNode { Children: [_, _, YamlMappingNode fragment] })
                    when ForEach.IsLoop(key) => fragment.Children.SelectMany(Declared),
                (var key, YamlMappingNode map) => [(key, map)],
                _ => [],
            };

        private void Resource(YamlNode id, YamlMappingNode resource)
        {
            if (
                Text(Get(resource, "Type")) == "AWS::CloudFormation::Stack"
                && Get(resource, "Properties") is YamlMappingNode properties
                && Get(properties, "TemplateURL") is YamlScalarNode { Value: { } address } url
                && TemplateVersions.IsIn(address)
            )
            {
                Add(url, UnsupportedFeatures.TemplateVersion(address));
            }

            if (Key(resource, "Connectors") is { } connectors)
            {
                Add(connectors, UnsupportedFeatures.Connectors);
            }

            if (
                Get(resource, "Type") is not YamlScalarNode { Value: { } type } at
                || type.StartsWith("AWS::Serverless::", StringComparison.Ordinal)
            )
            {
                return;
            }

            if (UnsupportedFeatures.IsForeign(type))
            {
                Add(at, UnsupportedFeatures.Type(type));
            }
            else if (!OwnTypes.Has(type) && !CustomResourceTypes.Includes(type) && ResourceSchemas.Find(type) is null)
            {
                Add(at, UnsupportedFeatures.UnknownType(type));
            }
        }

        /// <summary>What may stand anywhere: macros and values from elsewhere.</summary>
        private void Values(YamlNode node)
        {
            if (!node.Tag.IsEmpty && UnsupportedFeatures.Function($"Fn::{node.Tag.Value[1..]}") is { } called)
            {
                Add(node, called);
            }

            switch (node)
            {
                case YamlMappingNode map:
                    foreach (var (key, value) in map.Children)
                    {
                        if (UnsupportedFeatures.Function(Text(key)) is { } function)
                        {
                            Add(key, function);
                        }

                        Values(value);
                    }

                    break;
                case YamlSequenceNode list:
                    foreach (var item in list.Children)
                    {
                        Values(item);
                    }

                    break;
                case YamlScalarNode { Value: { } value } scalar:
                    foreach (Match match in UnresolvedReference().Matches(value))
                    {
                        Add(scalar, UnsupportedFeatures.DynamicReference(match.Groups["key"].Value));
                    }

                    foreach (Match match in PublicReference().Matches(value))
                    {
                        PublicParameter(scalar, match.Groups["name"].Value);
                    }

                    break;
            }
        }

        private void PublicParameter(YamlNode at, string name)
        {
            if (PublicParameterNames.Includes(name) && !PublicParameterNames.IsSimulated(name))
            {
                Add(at, UnsupportedFeatures.PublicParameter(name));
            }
        }

        /// <summary>Defaults of parameters that name a parameter of Systems Manager.</summary>
        private void PublicParameters()
        {
            foreach (var (_, parameter) in Maps("Parameters"))
            {
                if (
                    Text(Get(parameter, "Type"))?.StartsWith("AWS::SSM::Parameter::Value", StringComparison.Ordinal) == true
                    && Get(parameter, "Default") is YamlScalarNode { Value: { } name } at
                )
                {
                    PublicParameter(at, name);
                }
            }
        }

        private void Properties()
        {
            JsonObject resources;
            try
            {
                resources = TemplateText.Read(text)["Resources"] as JsonObject ?? [];
            }
            catch (TemplateException)
            {
                return;
            }

            foreach (var (id, written) in Maps("Resources"))
            {
                if (
                    Text(id) is { } name
                    && resources[name] is JsonObject resource
                    && resource["Type"].Text() is { } type
                    && (resource["Properties"] ?? new JsonObject()) is JsonObject properties
                )
                {
                    foreach (var (path, limitation) in SimulatedProperties.Refused(type, properties))
                    {
                        Add(path.Count == 0 ? id : Find(Get(written, "Properties")!, path), limitation);
                    }
                }
            }
        }

        /// <summary>Properties that <c>Fn::GetAtt</c> names, that are not set, and whose default nothing says.</summary>
        private void Attributes()
        {
            JsonObject template;
            try
            {
                template = TemplateText.Read(text);
            }
            catch (TemplateException)
            {
                return;
            }

            var resources = template["Resources"] as JsonObject ?? [];
            foreach (var section in new[] { "Resources", "Outputs" })
            {
                foreach (var (id, _) in Maps(section))
                {
                    foreach (var reference in References(template[section]?[Text(id) ?? ""]))
                    {
                        if (
                            reference.Attribute is { } attribute
                            && resources[reference.Target] is JsonObject resource
                            && resource["Type"].Text() is { } type
                            && (resource["Properties"] ?? new JsonObject()) is JsonObject properties
                            && UnsetProperties.Needed(type, properties, attribute) is { } needed
                        )
                        {
                            Add(id, UnsupportedFeatures.Attribute(type, attribute, needed));
                        }
                    }
                }
            }
        }

        // What is malformed CloudFormation's own checks say.
        private static IReadOnlyList<Reference> References(JsonNode? part)
        {
            try
            {
                return [.. Reference.In(part).Distinct()];
            }
            catch (TemplateException)
            {
                return [];
            }
        }

        private void Serverless()
        {
            if (!Transforms().Any(transform => Text(transform) == SamTransform.Name))
            {
                return;
            }

            JsonObject template;
            try
            {
                template = LocalArtifacts.Replace(
                    TemplateText.Read(LanguageExtensions.ExpandWithDefaults(text) ?? text),
                    _ => new S3Location("bucket", "key")
                );
            }
            catch (TemplateException)
            {
                return;
            }

            foreach (var (id, limitation) in SamTransform.Unsupported(template))
            {
                var at = Maps("Resources").FirstOrDefault(resource => Text(resource.Key) == id).Key ?? Key(root, "Globals") ?? root;
                Add(at, limitation);
            }
        }
    }
}
