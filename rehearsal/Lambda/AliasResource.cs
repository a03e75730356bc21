using System.Text.Json.Nodes;
using Amazon.Lambda;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS::Lambda::Alias.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html</remarks>
internal sealed class AliasResource : IResourceType
{
    public string Name => "AWS::Lambda::Alias";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var arn = call.Invoke(LambdaModel.Service, "CreateAlias", call.Properties)["AliasArn"].Text()!;
        return Identity(arn, ("AliasArn", arn));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        call.Invoke(LambdaModel.Service, "UpdateAlias", call.Properties);
        return new ResourceIdentity(call.Current!.PhysicalId!, call.Current.Attributes);
    }

    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("lambda", "GetAlias", call.Current!.PhysicalId!);
        var function = FunctionReference.Parse(call.Properties.Required("FunctionName"), call.Account, call.Region);
        return
            call.World.Store.Table<FunctionAlias>("lambda/aliases").Get($"{function.Key}/{call.Properties.Required("Name")}") is { } alias
            ? new ResourceReading(new JsonObject { ["FunctionVersion"] = alias.Version })
            : ResourceReading.Gone;
    }

    /// <summary>The SDK's part has no DeleteAlias; the record is removed under its permission.</summary>
    public void Delete(ResourceCall call)
    {
        call.Authorize("lambda", "DeleteAlias", call.Current!.PhysicalId!);
        var (function, alias) = (
            FunctionReference.Parse(call.Properties.Required("FunctionName"), call.Account, call.Region),
            call.Properties.Required("Name")
        );
        call.World.Store.Table<FunctionAlias>("lambda/aliases").Remove($"{function.Key}/{alias}");
    }
}
