using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.CodeBuild.Buildspecs;

/// <summary>Reads build specifications. A key that is not simulated is refused by its name, never skipped.</summary>
public static class BuildspecReader
{
    private static readonly (string Key, string Name)[] Phases =
    [
        ("install", "INSTALL"),
        ("pre_build", "PRE_BUILD"),
        ("build", "BUILD"),
        ("post_build", "POST_BUILD"),
    ];

    /// <summary>Reads one.</summary>
    /// <exception cref="BuildspecException">It cannot be read or is not simulated.</exception>
    public static Buildspec Read(string yaml)
    {
        var root = Mapping(Load(yaml), "the build specification");
        OnlyKeys(root, "the build specification", "version", "env", "phases", "artifacts");
        if (Text(root, "version") is not "0.2")
        {
            throw new BuildspecException("the rehearsal simulates build specifications of version 0.2 only");
        }

        var phases = Mapping(Child(root, "phases") ?? throw new BuildspecException("phases are missing"), "phases");
        OnlyKeys(phases, "phases", [.. Phases.Select(phase => phase.Key)]);
        return new Buildspec(
            Variables(Child(root, "env")),
            [.. Phases.Select(phase => Phase(phase.Key, phase.Name, Child(phases, phase.Key))).Where(phase => phase.Commands.Count > 0)],
            Artifacts(Child(root, "artifacts"))
        );
    }

    private static YamlNode Load(string yaml)
    {
        try
        {
            return YamlDocuments.Read(yaml) is [var document]
                ? document.RootNode
                : throw new BuildspecException("the build specification is empty");
        }
        catch (YamlException exception)
        {
            throw new BuildspecException($"YAML, line {exception.Start.Line}: {exception.Message}");
        }
    }

    private static Dictionary<string, string> Variables(YamlNode? node)
    {
        if (node is null)
        {
            return [];
        }

        var env = Mapping(node, "env");
        OnlyKeys(env, "env", "shell", "variables");
        if (Text(env, "shell") is not (null or "bash"))
        {
            throw new BuildspecException("env.shell: the rehearsal simulates bash only");
        }

        var variables = new Dictionary<string, string>();
        foreach (var (key, value) in Child(env, "variables") is { } given ? Mapping(given, "env.variables").Children.AsEnumerable() : [])
        {
            // Keys that differ in their tags are two to YAML.
            if (!variables.TryAdd(Scalar(key, "env.variables"), Scalar(value, "env.variables")))
            {
                throw new BuildspecException($"env.variables: '{Scalar(key, "env.variables")}' is there twice");
            }
        }

        return variables;
    }

    private static BuildspecPhase Phase(string key, string name, YamlNode? node)
    {
        if (node is null)
        {
            return new BuildspecPhase(name, []);
        }

        // The versions of runtimes are a property of AWS's image; a rehearsal runs on the machine as it is.
        var phase = Mapping(node, $"phases.{key}");
        OnlyKeys(phase, $"phases.{key}", key == "install" ? ["commands", "on-failure", "runtime-versions"] : ["commands", "on-failure"]);
        var onFailure = Text(phase, "on-failure");
        if (onFailure is not (null or "ABORT" or "CONTINUE"))
        {
            throw new BuildspecException($"phases.{key}.on-failure: the rehearsal simulates ABORT and CONTINUE, not '{onFailure}'");
        }

        return new BuildspecPhase(
            name,
            Child(phase, "commands") is { } commands ? Texts(commands, $"phases.{key}.commands") : [],
            onFailure
        );
    }

    private static BuildspecArtifacts? Artifacts(YamlNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var artifacts = Mapping(node, "artifacts");
        OnlyKeys(artifacts, "artifacts", "files", "base-directory", "name", "discard-paths");
        return new BuildspecArtifacts(
            Texts(Child(artifacts, "files") ?? throw new BuildspecException("artifacts.files is missing"), "artifacts.files"),
            Text(artifacts, "base-directory"),
            Text(artifacts, "name"),
            Text(artifacts, "discard-paths") is "yes" or "true"
        );
    }

    private static void OnlyKeys(YamlMappingNode mapping, string where, params string[] known)
    {
        foreach (var key in mapping.Children.Keys.Select(key => Scalar(key, where)))
        {
            if (!known.Contains(key, StringComparer.Ordinal))
            {
                throw new BuildspecException($"{where}: the rehearsal does not simulate '{key}'");
            }
        }
    }

    private static YamlMappingNode Mapping(YamlNode node, string where) =>
        node as YamlMappingNode ?? throw new BuildspecException($"{where} is not a mapping");

    private static YamlNode? Child(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string? Text(YamlMappingNode mapping, string key) => Child(mapping, key) is { } node ? Scalar(node, key) : null;

    private static string Scalar(YamlNode node, string where) =>
        (node as YamlScalarNode)?.Value ?? throw new BuildspecException($"{where}: expected text");

    private static IReadOnlyList<string> Texts(YamlNode node, string where) =>
        node is YamlSequenceNode list
            ? [.. list.Children.Select(item => Scalar(item, where))]
            : throw new BuildspecException($"{where} is not a list");
}
