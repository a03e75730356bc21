using System.Text.Json.Nodes;
using Amazon.Lambda;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Lambda.Functions;
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

/// <summary>AWS::Lambda::Version: a published version.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html</remarks>
internal sealed class VersionResource : IResourceType
{
    public string Name => "AWS::Lambda::Version";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var answer = call.Invoke(LambdaModel.Service, "PublishVersion", call.Properties.Taken("FunctionName", "Description", "CodeSha256"));
        return Identity(
            answer["FunctionArn"].Text()!,
            ("FunctionArn", answer["FunctionArn"].Text()!),
            ("Version", answer["Version"].Text()!)
        );
    }

    public ResourceIdentity Update(ResourceCall call) => new(call.Current!.PhysicalId!, call.Current.Attributes);

    /// <summary>The simulated Lambda deletes no single version; the record is removed under its permission.</summary>
    public void Delete(ResourceCall call)
    {
        call.Authorize("lambda", "DeleteFunction", call.Current!.PhysicalId!);
        var function = FunctionReference.Parse(call.Current.PhysicalId!, call.Account, call.Region);
        call.World.Store.Table<Functions.FunctionVersion>("lambda/versions").Remove($"{function.Key}/{function.Qualifier}");
    }
}

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
