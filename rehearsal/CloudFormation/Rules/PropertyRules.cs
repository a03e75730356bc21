using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>
/// What services refuse of the properties of their resources. One table for templates at hand, before anything runs, and for the resources
/// themselves.
/// </summary>
internal static class PropertyRules
{
    private static readonly TagRule Tags = new();

    private static readonly FrozenDictionary<string, IPropertyRule[]> ByType = new IPropertyRule[]
    {
        new FunctionRule(),
        new TableRule(),
        new SecurityGroupRule(),
        new BlockRule(),
        new AlarmRule(),
        new KeyAliasRule(),
        new WaitConditionRule(),
    }
        .SelectMany(rule => rule.Types, (rule, type) => (rule, type))
        .GroupBy(pair => pair.type, pair => pair.rule)
        .ToFrozenDictionary(rules => rules.Key, rules => rules.ToArray());

    /// <summary>What is refused of a resource's properties; of those that a macro makes nothing is known.</summary>
    public static IEnumerable<RefusedValue> Find(string type, JsonObject properties) =>
        properties.ContainsKey("Fn::Transform") ? [] : Judge(type, properties);

    private static IEnumerable<RefusedValue> Judge(string type, JsonObject properties) =>
        Tags.Find(type, properties).Concat(ByType.GetValueOrDefault(type, []).SelectMany(rule => rule.Find(type, properties)));

    /// <summary>Refuses a resource that is to be made or changed, in its service's words.</summary>
    /// <exception cref="ApiException">The first thing that the service refuses.</exception>
    public static void Check(string type, JsonObject properties)
    {
        if (Find(type, properties).FirstOrDefault() is { } refused)
        {
            throw new ApiException(refused.Code, refused.Message);
        }
    }
}
