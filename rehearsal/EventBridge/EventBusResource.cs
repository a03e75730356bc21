using Amazon.EventBridge;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>AWS::Events::EventBus.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html</remarks>
internal sealed class EventBusResource(EventBuses buses) : IResourceType
{
    public string Name => "AWS::Events::EventBus";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.Properties.Required("Name");
        var arn = call.Invoke(EventBridgeModel.Service, "CreateEventBus", call.Properties)["EventBusArn"].Text()!;
        return Identity(name, ("Arn", arn), ("Name", name));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        call.Authorize("events", "UpdateEventBus", buses.Get(call.Account, call.Region, call.Current!.PhysicalId!).Arn);
        return new ResourceIdentity(call.Current.PhysicalId!, call.Current.Attributes);
    }

    public void Delete(ResourceCall call) =>
        ServiceCalls.UnlessGone(() =>
        {
            var bus = buses.Get(call.Account, call.Region, call.Current!.PhysicalId!);
            call.Authorize("events", "DeleteEventBus", bus.Arn);
            buses.Delete(bus);
        });
}
