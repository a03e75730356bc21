using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>The names in a task definition: what they are made of, and that what one part names is another part of it.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, "family", and
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, "name", "dependsOn", "mountPoints",
/// "volumesFrom"; API_Volume, API_ContainerDependency and API_PortMapping beside it.
/// </remarks>
internal sealed class DefinitionNames
{
    private const int Longest = 255;

    private readonly IReadOnlyList<YamlMapping> _containers;
    private readonly List<string> _names;
    private readonly List<string> _volumes;
    private readonly TargetSpec _target;
    private readonly FaultList _faults;

    private DefinitionNames(YamlMapping definition, IReadOnlyList<YamlMapping> containers, TargetSpec target, FaultList faults)
    {
        (_containers, _target, _faults) = (containers, target, faults);
        _names = Named(containers);
        _volumes = Named(definition.Items("volumes").OfType<YamlMapping>());
    }

    /// <summary>Checks a definition with the values of a target.</summary>
    public static void Check(YamlMapping definition, IReadOnlyList<YamlMapping> containers, TargetSpec target, FaultList faults)
    {
        var names = new DefinitionNames(definition, containers, target, faults);
        names.CheckName("the family", definition["family"]);
        var volumes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var volume in definition.Items("volumes"))
        {
            names.CheckName("the volume's name", volume.At("name"));
            names.CheckOnce(volume.At("name"), "volume", volumes);
        }

        names.CheckTags(definition);
        foreach (var container in containers)
        {
            names.CheckName("the container's name", container["name"]);
            names.CheckContainer(container, definition.Text("networkMode"));
        }

        names.CheckOrder();
        names.CheckKnown(definition["proxyConfiguration"]?.At("containerName"), "the task definition", "container", names._names);
    }

    private void CheckContainer(YamlMapping container, string? network)
    {
        foreach (var mounted in container.Items("mountPoints"))
        {
            CheckKnown(mounted.At("sourceVolume"), "the task definition", "volume", _volumes);
        }

        var others = _names.Where(name => name != Text(container["name"])).ToList();
        foreach (var from in container.Items("volumesFrom"))
        {
            CheckKnown(from.At("sourceContainer"), "the task definition", "other container", others);
        }

        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var dependency in container.Items("dependsOn"))
        {
            CheckOnce(dependency.At("containerName"), "dependency on", before);
            CheckKnown(dependency.At("containerName"), "the task definition", "other container", others);
            CheckCondition(dependency);
        }

        // "either be left blank or set to the same value as the containerPort"
        foreach (var port in container.Items("portMappings"))
        {
            if (network is "awsvpc" or "host" && port.At("hostPort") is { } host && port.Text("hostPort") != port.Text("containerPort"))
            {
                _faults.Add(
                    host.Position,
                    $"the hostPort is {port.Text("hostPort")}, and the containerPort {port.Text("containerPort")}",
                    $"no hostPort, or the same port, in the network mode {network}"
                );
            }
        }
    }

    /// <remarks>
    /// No container of a circle is ever started: "ValidDependencies takes a task and verifies that it is possible to allow all containers
    /// within it to reach the desired status by proceeding in some order",
    /// https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/dependencygraph/graph.go
    /// </remarks>
    private void CheckOrder()
    {
        var waits = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var container in _containers)
        {
            if (Text(container["name"]) is { } name)
            {
                // One that waits for itself is a fault of its name already, and so is one that is not there.
                waits[name] =
                [
                    .. container
                        .Items("dependsOn")
                        .Select(dependency => Text(dependency.At("containerName")))
                        .OfType<string>()
                        .Where(other => other != name && _names.Contains(other)),
                ];
            }
        }

        if (TemplateCircle.Find(waits) is { Count: > 1 } circle)
        {
            _faults.Add(
                _containers.First(container => Text(container["name"]) == circle[0])["dependsOn"]!.Position,
                ContainerOrder.Problem(circle),
                ContainerOrder.Expected
            );
        }
    }

    private void CheckCondition(YamlNode dependency)
    {
        var name = Text(dependency.At("containerName"));
        var on = _containers.FirstOrDefault(container => Text(container["name"]) == name);
        var condition = dependency.Text("condition");
        if (on is not null && condition == "HEALTHY" && on["healthCheck"] is null)
        {
            _faults.Add(
                dependency.At("condition")!.Position,
                $"the container \"{name}\" has no healthCheck, and is never HEALTHY",
                "a healthCheck there, or another condition"
            );
        }
        else if (on is not null && condition is "COMPLETE" or "SUCCESS" && on!.Text("essential") != "false")
        {
            _faults.Add(
                dependency.At("condition")!.Position,
                $"the container \"{name}\" is essential, and the task ends with it before {condition} can be seen",
                "\"essential\": false there, or another condition"
            );
        }
    }

    /// <summary>No tag is there twice, with the one that the deployer adds.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, "tags": "For each resource, each tag key
    /// must be unique", and "Tag keys and values are case-sensitive".
    /// </remarks>
    private void CheckTags(YamlMapping definition)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var written in definition.Items("tags").Select(tag => tag.At("key")))
        {
            if (Text(written) is not { } key)
            {
                continue;
            }

            if (key == ServiceStep.MadeOfTag)
            {
                _faults.Add(written!.Position, $"the tag {key} is the deployer's own, which it adds to each revision", "tags without it");
            }
            else if (!before.Add(key))
            {
                _faults.Add(written!.Position, $"a tag \"{AddressCredentials.HideAndShorten(key, 40)}\" stands before", "each key once");
            }
        }
    }

    private void CheckName(string what, YamlNode? written)
    {
        if (
            Text(written) is { } name
            && (name.Length is 0 or > Longest || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        )
        {
            _faults.Add(
                written!.Position,
                $"{what} is \"{AddressCredentials.HideAndShorten(name, 40)}\"",
                $"1 to {Longest} letters, digits, hyphens and underscores"
            );
        }
    }

    private void CheckOnce(YamlNode? written, string what, HashSet<string> before)
    {
        if (Text(written) is { } name && !before.Add(name))
        {
            _faults.Add(written!.Position, $"a {what} \"{AddressCredentials.HideAndShorten(name, 40)}\" stands before", "each once");
        }
    }

    private void CheckKnown(YamlNode? written, string whose, string what, List<string> known)
    {
        if (Text(written) is { } name && !known.Contains(name))
        {
            _faults.Add(
                written!.Position,
                $"{whose} has no {what} \"{AddressCredentials.HideAndShorten(name, 40)}\"",
                known.Count == 0 ? $"the name of {WithArticle(what)}, and there is none" : NearestName.Expectation(name, known)
            );
        }
    }

    private static string WithArticle(string what) => (what[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a ") + what;

    private List<string> Named(IEnumerable<YamlMapping> all) => [.. all.Select(one => Text(one["name"])).OfType<string>()];

    private string? Text(YamlNode? written) => written is YamlScalar scalar ? DefinitionText.In(scalar.Value, _target) : null;
}
