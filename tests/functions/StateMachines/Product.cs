using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>The deployer's own template and machines.</summary>
internal static class Product
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "deployer");

    public static IReadOnlyList<string> Machines { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Folder, "statemachines"))
            .Select(file => Path.GetFileName(file).Replace(".asl.json", string.Empty, StringComparison.Ordinal))
            .Order(),
    ];

    public static string TemplateFile { get; } = Path.Combine(Folder, "template.yaml");

    /// <summary>The templates for target accounts, services and pipelines.</summary>
    public static string FurtherTemplate(string name) => Path.Combine(Folder, "templates", $"{name}.yaml");

    public static JsonObject Machine(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "statemachines", $"{name}.asl.json")))!.AsObject();

    public static YamlMappingNode Template()
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(TemplateFile);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static IEnumerable<(string Id, string Type, YamlMappingNode Properties)> Resources() =>
        ((YamlMappingNode)Template()["Resources"]).Children.Select(resource =>
            (
                ((YamlScalarNode)resource.Key).Value!,
                ((YamlScalarNode)resource.Value["Type"]).Value!,
                ((YamlMappingNode)resource.Value).Children.TryGetValue(new YamlScalarNode("Properties"), out var properties)
                    ? (YamlMappingNode)properties
                    : new YamlMappingNode()
            )
        );
}
