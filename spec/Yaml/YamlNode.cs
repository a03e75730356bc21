using Deployer.Spec.Faults;

namespace Deployer.Spec.Yaml;

/// <summary>A node of a YAML document with its place and its tag, if one is written.</summary>
internal abstract record YamlNode(SourcePosition Position, string? Tag)
{
    /// <summary>What the node is, in the words of a fault.</summary>
    public abstract string Description { get; }
}

/// <summary>A scalar as written; <see cref="Plain"/> when it stands without quotes.</summary>
internal sealed record YamlScalar(SourcePosition Position, string? Tag, string Value, bool Plain) : YamlNode(Position, Tag)
{
    /// <summary>The characters of the text in which it is written, quotes included.</summary>
    public Range Place { get; init; }

    /// <summary>The type that YAML's core schema gives to the scalar (https://yaml.org/spec/1.2.2/#103-core-schema).</summary>
    public YamlScalarType Type => Plain ? YamlScalarTypes.Resolve(Value) : YamlScalarType.Text;

    public override string Description =>
        Type switch
        {
            YamlScalarType.Null => "nothing",
            YamlScalarType.Text => $"the text \"{Shortened(Value)}\"",
            YamlScalarType.Boolean => $"the boolean {Value}",
            _ => $"the number {Shortened(Value)}",
        };

    private static string Shortened(string value) => AddressCredentials.HideAndShorten(value, 40);
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(SourcePosition Position, string? Tag, IReadOnlyList<YamlNode> Items) : YamlNode(Position, Tag)
{
    public override string Description => "a list";
}

/// <summary>A map with scalar keys, each once, in the order of the file.</summary>
internal sealed record YamlMapping(SourcePosition Position, string? Tag, IReadOnlyList<YamlEntry> Entries) : YamlNode(Position, Tag)
{
    public override string Description => "a map";

    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;
}

/// <summary>One key of a map and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
