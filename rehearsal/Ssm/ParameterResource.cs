using System.Text.Json.Nodes;
using Amazon.SimpleSystemsManagement;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ssm;

/// <summary>AWS::SSM::Parameter.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html</remarks>
internal sealed class ParameterResource(ParameterStore parameters) : IResourceType
{
    public string Name => "AWS::SSM::Parameter";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("Name", 1011);
        return Put(call, name, Request(call, name).With("Tags", call.Tags().AsList()));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        var identity = Put(call, name, Request(call, name).With("Overwrite", true));
        var parameter = parameters.Find(call.Account, call.Region, name)!;
        if (call.ChangesTags(parameter.Tags))
        {
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html: an update of tags
            // needs both permissions.
            call.Authorize("ssm", "AddTagsToResource", parameter.Arn);
            call.Authorize("ssm", "RemoveTagsFromResource", parameter.Arn);
            parameters.Retag(parameter, call.Tags());
        }

        return identity;
    }

    public ResourceReading? Read(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.Authorize("ssm", "GetParameters", SsmParameter.ArnOf(call.Account, call.Region, name));
        return parameters.Find(call.Account, call.Region, name) is { } parameter
            ? new ResourceReading(new JsonObject { ["Type"] = parameter.Type, ["Value"] = parameter.Versions[^1].Value })
            : new ResourceReading(null);
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(
            SimpleSystemsManagementModel.Service,
            "DeleteParameter",
            new JsonObject { ["Name"] = call.Current!.PhysicalId }
        );

    private static JsonObject Request(ResourceCall call, string name) => call.Properties.Without("Name", "Tags").With("Name", name);

    private static ResourceIdentity Put(ResourceCall call, string name, JsonObject request)
    {
        call.Invoke(SimpleSystemsManagementModel.Service, "PutParameter", request);
        return Identity(name, ("Type", call.Properties.Required("Type")), ("Value", call.Properties.Required("Value")));
    }
}
