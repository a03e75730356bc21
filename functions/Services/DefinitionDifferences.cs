using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.ECS.Model;

namespace Deployer.Functions.Services;

/// <summary>
/// What of a task definition in a file differs from the running revision, member by member. Values of the environment are never said, nor
/// what stands in a list or an object, such as a command, options of a log or labels.
/// </summary>
internal sealed class DefinitionDifferences
{
    private const string Containers = nameof(RegisterTaskDefinitionRequest.ContainerDefinitions);
    private const string Volumes = nameof(RegisterTaskDefinitionRequest.Volumes);
    private const string Environment = nameof(ContainerDefinition.Environment);
    private const string Secrets = nameof(ContainerDefinition.Secrets);
    private const string Image = nameof(ContainerDefinition.Image);
    private const string Name = nameof(ContainerDefinition.Name);
    private const string Essential = nameof(ContainerDefinition.Essential);
    private const int PerUnit = 1024;

    // What ECS answers where a definition does not say it:
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html and API_HealthCheck beside it.
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["Interval"] = "30",
        ["Protocol"] = "tcp",
        ["Retries"] = "3",
        ["Timeout"] = "5",
    };

    private readonly List<string> _found = [];

    private DefinitionDifferences() { }

    /// <summary>A sentence for each difference.</summary>
    /// <param name="wanted">What would be registered.</param>
    /// <param name="running">The running revision.</param>
    public static IReadOnlyList<string> Between(RegisterTaskDefinitionRequest wanted, TaskDefinition running)
    {
        var differences = new DefinitionDifferences();
        var (before, after) = (Read(WantedDefinition.Copy(running)), Read(wanted));
        differences.Members(string.Empty, before, after, [Containers, Volumes, nameof(RegisterTaskDefinitionRequest.Tags)]);
        differences.Named(
            "volume ",
            ByName(before, Volumes),
            ByName(after, Volumes),
            (name, one, other) =>
            {
                if (!JsonNode.DeepEquals(one, other))
                {
                    differences._found.Add($"volume {name} would change");
                }
            }
        );
        differences.Named("container ", ByName(before, Containers), ByName(after, Containers), differences.Container);
        return differences._found;
    }

    private void Container(string name, JsonObject before, JsonObject after)
    {
        var place = $"container {name}";
        var (image, was) = (after[Image]?.ToString(), before[Image]?.ToString());
        if (image != was)
        {
            _found.Add($"{place} would run {image} instead of {was ?? "none"}");
        }

        Members($"{place} ", before, after, [Name, Image, Environment, Secrets]);
        Variables(place, ByName(before, Environment), ByName(after, Environment), _ => string.Empty, string.Empty);
        Variables(place, ByName(before, Secrets), ByName(after, Secrets), secret => $" from {secret["ValueFrom"]}", "the secret ");
    }

    private void Variables(
        string place,
        SortedDictionary<string, JsonObject> before,
        SortedDictionary<string, JsonObject> after,
        Func<JsonObject, string> from,
        string what
    )
    {
        foreach (var (name, variable) in after)
        {
            if (!JsonNode.DeepEquals(before.GetValueOrDefault(name), variable))
            {
                _found.Add($"{place} would be given {what}{name}{from(variable)}");
            }
        }

        _found.AddRange(before.Keys.Where(name => !after.ContainsKey(name)).Select(name => $"{place} would lose {what}{name}"));
    }

    private void Named(
        string what,
        SortedDictionary<string, JsonObject> before,
        SortedDictionary<string, JsonObject> after,
        Action<string, JsonObject, JsonObject> compare
    )
    {
        foreach (var (name, one) in after)
        {
            if (before.GetValueOrDefault(name) is { } former)
            {
                compare(name, former, one);
            }
            else
            {
                _found.Add($"{what}{name} would be added");
            }
        }

        _found.AddRange(before.Keys.Where(name => !after.ContainsKey(name)).Select(name => $"{what}{name} would be removed"));
    }

    private void Members(string place, JsonObject before, JsonObject after, string[] except)
    {
        // LINQ is compiled anew for each value type, such as the entries of an object.
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in before)
        {
            names.Add(name);
        }

        foreach (var (name, _) in after)
        {
            names.Add(name);
        }

        names.ExceptWith(except);
        foreach (var member in names)
        {
            var (was, wanted) = (before[member], after[member]);
            if (JsonNode.DeepEquals(was, wanted))
            {
                continue;
            }

            var what = place.Length == 0 && member is "Cpu" or "Memory" ? "task " : place;
            what += JsonNamingPolicy.CamelCase.ConvertName(member);
            _found.Add(
                (was ?? wanted) is JsonValue ? $"{what} would be {wanted?.ToString() ?? "none"} instead of {was?.ToString() ?? "none"}"
                : was is null ? $"{what} would be added"
                : wanted is null ? $"{what} would be removed"
                : $"{what} would change"
            );
        }
    }

    private static SortedDictionary<string, JsonObject> ByName(JsonObject parent, string list)
    {
        var named = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var one in (parent[list] as JsonArray ?? []).OfType<JsonObject>())
        {
            named[one[Name]?.ToString() ?? string.Empty] = one;
        }

        return named;
    }

    /// <summary>A definition without what is as if it were not written.</summary>
    private static JsonObject Read(RegisterTaskDefinitionRequest definition)
    {
        var written = JsonSerializer.SerializeToNode(definition, DefinitionDocuments.Default.RegisterTaskDefinitionRequest)!.AsObject();
        foreach (var (member, unit) in new Dictionary<string, string> { ["Cpu"] = "vcpu", ["Memory"] = "gb" })
        {
            if (
                written[member]?.ToString() is { } size
                && size.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(
                    size[..^unit.Length].Trim(),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var units
                )
            )
            {
                written[member] = ((int)(units * PerUnit)).ToString(CultureInfo.InvariantCulture);
            }
        }

        return Said(string.Empty, written)?.AsObject() ?? [];
    }

    private static JsonNode? Said(string member, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var said = new JsonObject();
                foreach (var (name, value) in members)
                {
                    // In the network mode of Fargate a container's port is that of the host.
                    var isSame = name == "HostPort" && value?.ToString() == members["ContainerPort"]?.ToString();
                    if (!isSame && Said(name, value) is { } kept)
                    {
                        said[name] = kept;
                    }
                }

                return said.Count == 0 ? null : said;
            case JsonArray items:
                var list = new JsonArray([.. items.Select(item => item is JsonValue ? item.DeepClone() : Said(member, item))]);
                return list.Count == 0 ? null : list;
            case null:
                return null;
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.True => member == Essential ? null : node.DeepClone(),
                    JsonValueKind.False => member == Essential ? node.DeepClone() : null,
                    _ => node.ToString() is "0" || Defaults.GetValueOrDefault(member) == node.ToString() ? null : node.DeepClone(),
                };
        }
    }
}
