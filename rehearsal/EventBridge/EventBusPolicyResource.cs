using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>AWS::Events::EventBusPolicy: one statement of a bus's policy.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html</remarks>
internal sealed class EventBusPolicyResource(EventBuses buses) : IResourceType
{
    public string Name => "AWS::Events::EventBusPolicy";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call) => Put(call);

    public ResourceIdentity Update(ResourceCall call) => Put(call);

    public void Delete(ResourceCall call) =>
        ServiceCalls.UnlessGone(() =>
        {
            var bus = Bus(call);
            call.Authorize("events", "RemovePermission", bus.Arn);
            buses.RemoveStatement(bus, call.Properties.Required("StatementId"));
        });

    private ResourceIdentity Put(ResourceCall call)
    {
        var bus = Bus(call);
        call.Authorize("events", "PutPermission", bus.Arn);
        var statement =
            call.Properties["Statement"] as JsonObject
            ?? throw new TemplateException(
                "Properties validation failed for resource with message: [#: required key [Statement] not found]"
            );
        buses.PutStatement(bus, call.Properties.Required("StatementId"), (JsonObject)statement.DeepClone());
        return Identity($"{bus.Name}|{call.Properties.Required("StatementId")}");
    }

    private EventBus Bus(ResourceCall call) => buses.Get(call.Account, call.Region, call.Properties.Text("EventBusName"));
}
