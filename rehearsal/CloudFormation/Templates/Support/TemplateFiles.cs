using System.Collections.Concurrent;
using System.Globalization;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.World;
using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Templates at hand, and their nodes with positions.</summary>
internal static class TemplateFiles
{
    // A command looks at each of its templates for several things, and nobody changes the nodes. The bound is for processes that live long.
    private const int MostRead = 64;
    private static readonly ConcurrentDictionary<string, YamlMappingNode?> ReadRoots = new(StringComparer.Ordinal);

    /// <summary>Template files and the local templates that they nest, each once.</summary>
    /// <param name="folder">The folder that the paths are relative to.</param>
    /// <param name="paths">The templates. One that is not there is left out.</param>
    public static IEnumerable<(string Path, string Text)> Read(string folder, IEnumerable<string> paths)
    {
        var open = new Queue<string>(paths.Select(Normal));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryDequeue(out var path))
        {
            var file = Path.Combine(folder, path);
            if (!seen.Add(path) || !File.Exists(file) || SpecialFile.IsPipeOrSocket(file))
            {
                continue;
            }

            var text = File.ReadAllText(file);
            yield return (path, text);
            foreach (var nested in NestedTemplates(text))
            {
                open.Enqueue(Normal(Path.Combine(Path.GetDirectoryName(path) ?? "", nested)));
            }
        }

        string Normal(string path) =>
            Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(Path.Combine(folder, path))).Replace('\\', '/');
    }

    /// <summary>The map that a template is; null when it is not well-formed.</summary>
    public static YamlMappingNode? Root(string text)
    {
        if (ReadRoots.Count >= MostRead)
        {
            ReadRoots.Clear();
        }

        return ReadRoots.GetOrAdd(text, ReadRoot);
    }

    /// <summary>The value of a key.</summary>
    public static YamlNode? Get(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>A key as it is written.</summary>
    public static YamlNode? Key(YamlMappingNode map, string key) => map.Children.Keys.FirstOrDefault(node => Text(node) == key);

    /// <summary>The text of a scalar.</summary>
    public static string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value;

    /// <summary>What stands at a path of names and places in lists, or the last on the way to it that is written.</summary>
    public static YamlNode Find(YamlNode node, IEnumerable<string> path)
    {
        foreach (var part in path)
        {
            var next = node switch
            {
                YamlMappingNode map => Get(map, part),
                YamlSequenceNode list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) =>
                    list.Children.ElementAtOrDefault(place),
                _ => null,
            };
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return node;
    }

    private static YamlMappingNode? ReadRoot(string text)
    {
        try
        {
            return YamlDocuments.Read(text) is [var document] ? document.RootNode as YamlMappingNode : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    // What a loop repeats declares resources too.
    private static IEnumerable<YamlMappingNode> Declared(YamlMappingNode resources) =>
        resources.Children.SelectMany(resource =>
            (resource.Key, resource.Value) switch
            {
                (YamlScalarNode { Value: { } key }, YamlSequenceNode { Children: [_, _, YamlMappingNode fragment] })
                    when ForEach.IsLoop(key) => Declared(fragment),
                (_, YamlMappingNode declared) => [declared],
                _ => [],
            }
        );

    private static IEnumerable<string> NestedTemplates(string text) =>
        Root(text) is { } root && Get(root, "Resources") is YamlMappingNode resources
            ? Declared(resources)
                .Where(resource => Text(Get(resource, "Type")) == "AWS::CloudFormation::Stack")
                .Select(resource => Get(resource, "Properties") is YamlMappingNode properties ? Text(Get(properties, "TemplateURL")) : null)
                .OfType<string>()
                .Where(path => !path.Contains("://", StringComparison.Ordinal))
            : [];
}
