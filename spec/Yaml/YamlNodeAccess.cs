namespace Deployer.Spec.Yaml;

/// <summary>Looks into a node of which it is not certain what it is; what is not there is null or empty.</summary>
internal static class YamlNodeAccess
{
    extension(YamlNode node)
    {
        public YamlNode? At(string key) => (node as YamlMapping)?[key];

        public string? Text(string key) => (node.At(key) as YamlScalar)?.Value;

        public bool Flag(string key) =>
            node.At(key) is YamlScalar { Type: YamlScalarType.Boolean } scalar
            && scalar.Value.Equals("true", StringComparison.OrdinalIgnoreCase);

        public IReadOnlyList<YamlEntry> Entries(string key) => (node.At(key) as YamlMapping)?.Entries ?? [];

        public IReadOnlyList<YamlNode> Items(string key) => (node.At(key) as YamlSequence)?.Items ?? [];
    }
}
