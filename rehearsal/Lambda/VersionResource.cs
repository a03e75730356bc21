using Amazon.Lambda;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

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
