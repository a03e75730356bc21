using System.Text.Json.Nodes;
using Amazon.Lambda;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS::Lambda::Permission: a statement in a function's policy. Any change makes a new one.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html</remarks>
internal sealed class PermissionResource : IResourceType
{
    public string Name => "AWS::Lambda::Permission";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var id = call.GeneratedName(100);
        call.Invoke(LambdaModel.Service, "AddPermission", ((JsonObject)call.Properties.DeepClone()).With("StatementId", id));
        return Identity(id, ("Id", id));
    }

    public ResourceIdentity Update(ResourceCall call) => new(call.Current!.PhysicalId!, call.Current.Attributes);

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(
            LambdaModel.Service,
            "RemovePermission",
            call.Properties.Taken("FunctionName").With("StatementId", call.Current!.PhysicalId)
        );
}
