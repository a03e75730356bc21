using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// The custom resource of the compute templates: several groups may share an application, so the first of them creates it
/// and the last one deletes it. The function behind it is not run; this does what it does.
/// </summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#naming-applications</remarks>
internal sealed class CodeDeployApplicationResource(DeployGroups groups) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "Custom::CodeDeployApplication";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call) => Ensure(call);

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) => Ensure(call);

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        CustomResourceFunction.Invoke(call);
        var name = call.Current!.PhysicalId!;
        if (!groups.Of(call.Account, call.Region, name).Any())
        {
            groups.DeleteApplication(call.Account, call.Region, name);
        }
    }

    private ResourceIdentity Ensure(ResourceCall call)
    {
        CustomResourceFunction.Invoke(call);
        var name = call.Properties.Required("ApplicationName");
        if (groups.Application(call.Account, call.Region, name) is null)
        {
            groups.CreateApplication(call.Account, call.Region, name);
        }

        return Identity(name);
    }
}
