using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ec2;

/// <summary>AWS::EC2::LaunchTemplate: each change is a new version.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html</remarks>
internal sealed class LaunchTemplateResource(LaunchTemplates templates) : IResourceType
{
    private const string LatestVersion = "LatestVersionNumber";

    /// <inheritdoc/>
    public string Name => "AWS::EC2::LaunchTemplate";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.NetworkInStack;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var id = $"lt-0{call.World.Random.HexId(16)}";
        Authorize(call, "CreateLaunchTemplate", id);
        return Put(call, id, 1);
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        Authorize(call, "CreateLaunchTemplateVersion", id);
        return Put(call, id, int.Parse(call.Current.Attributes[LatestVersion].GetValue<string>(), CultureInfo.InvariantCulture) + 1);
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        Authorize(call, "DeleteLaunchTemplate", id);
        templates.Remove(call.Account, call.Region, id);
    }

    private ResourceIdentity Put(ResourceCall call, string id, int number)
    {
        var version = number.ToString(CultureInfo.InvariantCulture);
        var data = call.Properties["LaunchTemplateData"] as JsonObject ?? [];
        templates.Put(
            call.Account,
            call.Region,
            new LaunchSettings(
                id,
                version,
                data.Text("ImageId") ?? string.Empty,
                data.Text("InstanceType") ?? string.Empty,
                Role(call, data)
            )
        );
        return Identity(id, ("LaunchTemplateId", id), ("DefaultVersionNumber", "1"), (LatestVersion, version));
    }

    /// <summary>The role of the instance profile, which CloudFormation has made before.</summary>
    private static string? Role(ResourceCall call, JsonObject data)
    {
        var profile = data["IamInstanceProfile"] as JsonObject ?? [];
        var name = profile.Text("Name") ?? profile.Text("Arn")?.Split('/')[^1];
        return call
            .World.Store.Table<RecordedResource>("resources")
            .Get(RegionalKey.Create(call.Account, call.Region, "AWS::IAM::InstanceProfile", name))
            ?.Properties.Texts("Roles")
            .FirstOrDefault();
    }

    private static void Authorize(ResourceCall call, string operation, string id) =>
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, "ec2", operation, call.Account),
            [call.Arn("ec2", $"launch-template/{id}")]
        );
}
