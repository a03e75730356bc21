using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>Every property of every type with a model of its own, one after the other.</summary>
public sealed class EveryPropertyTests : IAsyncLifetime
{
    private SimulatedCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await SimulatedCloud.Start();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task Is_simulated_in_creations_and_updates_or_refused_before_anything_runs()
    {
        await _cloud.Deploy("all", EveryType.All);
        var (found, tried, types) = (new List<string>(), 0, new HashSet<string>());
        await _cloud.World.Do(() =>
        {
            var catalogue = _cloud.Service<ResourceTypeCatalogue>();
            var stack = new StackTable(_cloud.World).Find(SimulatedCloud.Account, "us-east-1", "all")!;
            foreach (var resource in stack.Resources.Values)
            {
                var (schema, type) = (ResourceSchemas.Find(resource.Type)!, catalogue.Find(resource.Type));
                types.Add(resource.Type);
                foreach (var (path, properties) in Variants(schema, resource.Properties))
                {
                    tried++;
                    var refused = SimulatedProperties.Refused(resource.Type, properties).Any();
                    foreach (var action in new[] { StepAction.Create, StepAction.Update })
                    {
                        if (!refused && Unsupported(type, stack, resource, properties, action) is { } message)
                        {
                            found.Add($"{resource.Type} {path} {action}: {message}");
                        }
                    }
                }
            }
        });

        types.Order().ShouldBe(ReplacementRules.Types.Where(type => type != "AWS::CloudFormation::Stack").Order());
        tried.ShouldBeGreaterThan(1_000);
        found.ShouldBeEmpty();
    }

    /// <summary>What the rehearsal says of itself when the type is asked; null when it does not, or AWS refuses the value.</summary>
    private string? Unsupported(IResourceType type, StackRecord stack, ResourceRecord resource, JsonObject properties, StepAction action)
    {
        var call = new ResourceCall(
            _cloud.World,
            Principal.Root(SimulatedCloud.Account),
            stack,
            resource.LogicalId,
            action,
            properties,
            action == StepAction.Create ? null : resource
        )
        {
            StackTags = new Dictionary<string, string>(),
        };
        try
        {
            _ = action == StepAction.Create ? type.Create(call) : type.Update(call);
            return null;
        }
        catch (Exception exception) when (exception is ApiException or TemplateException or AmazonServiceException)
        {
            return OwnWords.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) ? exception.Message : null;
        }
    }

    // "Extraneous" and "expected type" come from a request of an API that the rehearsal has only a part of: the properties are of the
    // schema's types.
    private static readonly string[] OwnWords = ["rehears", "simulat", "extraneous key", "expected type"];

    /// <summary>The properties of a resource, each time with one more member, or one more allowed value, of the schema.</summary>
    private static IEnumerable<(string Path, JsonObject Properties)> Variants(ResourceSchema schema, JsonObject present) =>
        Members(schema, schema.Properties, present, []);

    private static IEnumerable<(string Path, JsonObject Properties)> Members(
        ResourceSchema schema,
        Dictionary<string, string> members,
        JsonObject present,
        IReadOnlyList<string> path
    )
    {
        foreach (var (name, written) in members)
        {
            foreach (var (inner, value) in Values(schema, ResourceSchema.TypeOf(written), present[name], [.. path, name]))
            {
                var properties = (JsonObject)present.DeepClone();
                properties[name] = value;
                yield return (inner, properties);
            }
        }
    }

    private static IEnumerable<(string Path, JsonNode Value)> Values(
        ResourceSchema schema,
        string type,
        JsonNode? present,
        IReadOnlyList<string> path
    )
    {
        var place = string.Join('.', path);
        switch (type[0])
        {
            case '[':
                return Values(schema, type[1..], (present as JsonArray)?.FirstOrDefault(), path)
                    .Select(one => (one.Path, (JsonNode)new JsonArray([one.Value])));
            case '{':
                return Values(schema, type[1..], (present as JsonObject)?.FirstOrDefault().Value, path)
                    .Select(one => (one.Path, (JsonNode)new JsonObject { ["key"] = one.Value }));
            case '#':
                var members = schema.Structures[int.Parse(type[1..], CultureInfo.InvariantCulture)];
                var map = present is JsonObject given ? given : Needed(schema, members, path.Count);
                IEnumerable<(string, JsonNode)> itself = [(place, map.DeepClone())];
                return path.Count > 5
                    ? itself
                    : itself.Concat(Members(schema, members, map, path).Select(one => (one.Path, (JsonNode)one.Properties)));
            case '(':
                return Values(schema, type[1..type.IndexOfAny(['|', ')'])].TrimStart('('), present, path);
            default:
                return schema.AllowedValues(type) is { } allowed
                    ? allowed.Select(value => ($"{place}={value}", (JsonNode)value))
                    : [(place, Scalar(type))];
        }
    }

    private static JsonObject Needed(ResourceSchema schema, Dictionary<string, string> members, int depth)
    {
        var map = new JsonObject();
        foreach (var (name, written) in members.Where(member => ResourceSchema.IsRequired(member.Value) && depth < 8))
        {
            map[name] = Sample(schema, ResourceSchema.TypeOf(written), depth + 1);
        }

        return map;
    }

    private static JsonNode Sample(ResourceSchema schema, string type, int depth) =>
        type[0] switch
        {
            '[' => new JsonArray([Sample(schema, type[1..], depth)]),
            '{' => new JsonObject { ["key"] = Sample(schema, type[1..], depth) },
            '#' => Needed(schema, schema.Structures[int.Parse(type[1..], CultureInfo.InvariantCulture)], depth),
            '(' => Sample(schema, type[1..type.IndexOfAny(['|', ')'])].TrimStart('('), depth),
            _ => schema.AllowedValues(type) is [var first, ..] ? first : Scalar(type),
        };

    private static JsonNode Scalar(string type) =>
        type[0] switch
        {
            'b' => "true",
            'j' => new JsonObject(),

            // Of texts too: some are numbers in the API.
            _ => "1",
        };
}
