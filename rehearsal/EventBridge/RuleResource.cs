using System.Text.Json.Nodes;
using Amazon.EventBridge;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>AWS::Events::Rule.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html</remarks>
internal sealed class RuleResource(EventBuses buses, RehearsalWorld world) : IResourceType
{
    private readonly EventRules _rules = new(world);

    public string Name => "AWS::Events::Rule";

    public SimulatedDuration Duration(ResourceCall call) => Durations.RuleInStack;

    public ResourceIdentity Create(ResourceCall call) => Put(call, call.NameFrom("Name"));

    public ResourceIdentity Update(ResourceCall call)
    {
        var name = RuleName(call.Current!.PhysicalId!);
        var identity = Put(call, name);
        var rule = _rules.Get(buses.Get(call.Account, call.Region, Bus(call)), name);
        call.Retag("events", rule.Arn, rule.Tags ?? new Dictionary<string, string>(), tags => _rules.Retag(rule, tags));
        RemoveTargets(call, name, Targets(call.Current.Properties).Except(Targets(call.Properties)));
        return identity;
    }

    public ResourceReading? Read(ResourceCall call)
    {
        var name = RuleName(call.Current!.PhysicalId!);
        call.Authorize("events", "DescribeRule", call.Current.Attributes["Arn"].Text()!);
        try
        {
            var rule = _rules.Get(buses.Get(call.Account, call.Region, Bus(call)), name);
            return new ResourceReading(
                new JsonObject
                {
                    ["State"] = rule.Enabled ? "ENABLED" : "DISABLED",
                    ["Description"] = rule.Description,
                    ["ScheduleExpression"] = rule.Schedule,
                    ["EventPattern"] = rule.Pattern is null ? null : JsonNode.Parse(rule.Pattern),
                }
            );
        }
        catch (ApiException gone) when (gone.Code == "ResourceNotFoundException")
        {
            return ResourceReading.Gone;
        }
    }

    public void Delete(ResourceCall call)
    {
        var name = RuleName(call.Current!.PhysicalId!);
        ServiceCalls.UnlessGone(() => RemoveTargets(call, name, Targets(call.Properties)));
        call.InvokeUnlessGone(EventBridgeModel.Service, "DeleteRule", new JsonObject { ["Name"] = name }.With("EventBusName", Bus(call)));
    }

    private static ResourceIdentity Put(ResourceCall call, string name)
    {
        var rule = call.Properties.Without("Name", "Targets", "Tags").With("Name", name).With("Tags", call.Tags().AsList());
        var arn = call.Invoke(EventBridgeModel.Service, "PutRule", rule)["RuleArn"].Text()!;
        if (call.Properties["Targets"] is JsonArray { Count: > 0 } targets)
        {
            call.Invoke(
                EventBridgeModel.Service,
                "PutTargets",
                new JsonObject { ["Rule"] = name, ["Targets"] = targets.DeepClone() }.With("EventBusName", Bus(call))
            );
        }

        var bus = Bus(call)?.Split('/')[^1];
        return Identity(bus is null or "default" ? name : $"{bus}|{name}", ("Arn", arn));
    }

    private static void RemoveTargets(ResourceCall call, string name, IEnumerable<string> ids)
    {
        var gone = new JsonArray([.. ids.Select(id => (JsonNode)id)]);
        if (gone.Count > 0)
        {
            call.Invoke(
                EventBridgeModel.Service,
                "RemoveTargets",
                new JsonObject { ["Rule"] = name, ["Ids"] = gone }.With("EventBusName", Bus(call))
            );
        }
    }

    private static string? Bus(ResourceCall call) => call.Properties.Text("EventBusName");

    private static string RuleName(string physicalId) => physicalId.Split('|')[^1];

    private static IEnumerable<string> Targets(JsonObject properties) =>
        (properties["Targets"] as JsonArray ?? []).Select(target => target?["Id"].Text() ?? "");
}
