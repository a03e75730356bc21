using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Logs;

/// <summary>AWS::Logs::LogGroup.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html</remarks>
internal sealed class LogGroupResource(LogStore store) : IResourceType
{
    public string Name => "AWS::Logs::LogGroup";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("LogGroupName", 512);
        call.Invoke(
            CloudWatchLogsModel.Service,
            "CreateLogGroup",
            new JsonObject { ["LogGroupName"] = name }.With("Tags", call.Tags().AsList())
        );
        Retain(call, name);
        return Identity(name, ("Arn", call.Arn("logs", $"log-group:{name}:*")));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        var group = store.Find(call.Account, call.Region, name)!;
        var days = call.Properties.Number("RetentionInDays");
        if (days is null && group.RetentionInDays is not null)
        {
            call.Authorize("logs", "DeleteRetentionPolicy", group.Arn);
            store.PutGroup(call.Account, call.Region, name);
        }

        Retain(call, name);
        call.Retag("logs", group.Arn, group.Tags, tags => store.PutGroup(call.Account, call.Region, name, days, tags));
        return new ResourceIdentity(call.Current.PhysicalId!, call.Current.Attributes);
    }

    public ResourceReading? Read(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.Authorize("logs", "DescribeLogGroups", call.Arn("logs", $"log-group:{name}"));
        return store.Find(call.Account, call.Region, name) is { } group
            ? new ResourceReading(new JsonObject { ["RetentionInDays"] = group.RetentionInDays })
            : ResourceReading.Gone;
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(
            CloudWatchLogsModel.Service,
            "DeleteLogGroup",
            new JsonObject { ["LogGroupName"] = call.Current!.PhysicalId }
        );

    private void Retain(ResourceCall call, string name)
    {
        if (call.Properties.Number("RetentionInDays") is { } days)
        {
            call.Authorize("logs", "PutRetentionPolicy", call.Arn("logs", $"log-group:{name}"));
            store.PutGroup(call.Account, call.Region, name, days);
        }
    }
}
