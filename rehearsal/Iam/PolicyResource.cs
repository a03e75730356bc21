using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Iam;

/// <summary>AWS::IAM::Policy: an inline policy in roles.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html</remarks>
internal sealed class PolicyResource(Roles roles) : IResourceType
{
    public string Name => "AWS::IAM::Policy";

    public SimulatedDuration Duration(ResourceCall call) => Durations.RoleInStack;

    public ResourceIdentity Create(ResourceCall call)
    {
        Put(call);
        return Identity(call.GeneratedName());
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        Put(call);
        var wanted = call.Properties.Required("PolicyName");
        foreach (
            var role in call.Current!.Properties.Texts("Roles")
                .Where(role => call.Current.Properties.Required("PolicyName") != wanted || !call.Properties.Texts("Roles").Contains(role))
        )
        {
            Remove(call, role, call.Current.Properties.Required("PolicyName"));
        }

        return Identity(call.Current.PhysicalId!);
    }

    public void Delete(ResourceCall call)
    {
        foreach (var role in call.Properties.Texts("Roles"))
        {
            Remove(call, role, call.Properties.Required("PolicyName"));
        }
    }

    private void Put(ResourceCall call)
    {
        foreach (var name in call.Properties.Texts("Roles"))
        {
            call.Authorize("iam", "PutRolePolicy", roles.Get(call.Account, name).Arn);
            roles.PutInlinePolicy(
                call.Account,
                name,
                call.Properties.Required("PolicyName"),
                call.Properties["PolicyDocument"]!.ToJsonString()
            );
        }
    }

    private void Remove(ResourceCall call, string name, string policy)
    {
        if (roles.Find(call.Account, name) is { } role)
        {
            call.Authorize("iam", "DeleteRolePolicy", role.Arn);
            ServiceCalls.UnlessGone(() => roles.DeleteInlinePolicy(call.Account, name, policy));
        }
    }
}
