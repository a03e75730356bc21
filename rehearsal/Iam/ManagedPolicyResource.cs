using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Iam;

/// <summary>AWS::IAM::ManagedPolicy.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html</remarks>
internal sealed class ManagedPolicyResource(Roles roles) : IResourceType
{
    public string Name => "AWS::IAM::ManagedPolicy";

    public SimulatedDuration Duration(ResourceCall call) => Durations.RoleInStack;

    public ResourceIdentity Create(ResourceCall call)
    {
        var (name, path) = (call.NameFrom("ManagedPolicyName", 128), call.Properties.Text("Path") ?? "/");
        call.Authorize("iam", "CreatePolicy", $"arn:aws:iam::{call.Account}:policy{path}{name}");
        var policy = roles.CreatePolicy(call.Account, name, call.Properties["PolicyDocument"]!.ToJsonString(), path);
        Attach(call, policy.Arn, call.Properties.Texts("Roles"));
        return Identity(policy.Arn, ("PolicyArn", policy.Arn));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var arn = call.Current!.PhysicalId!;
        call.Authorize("iam", "CreatePolicyVersion", arn);
        roles.UpdatePolicy(arn, call.Properties["PolicyDocument"]!.ToJsonString());
        var (before, now) = (call.Current.Properties.Texts("Roles").ToList(), call.Properties.Texts("Roles").ToList());
        Attach(call, arn, now.Except(before));
        Detach(call, arn, before.Except(now));
        return new ResourceIdentity(arn, call.Current.Attributes);
    }

    public ResourceReading? Read(ResourceCall call)
    {
        var arn = call.Current!.PhysicalId!;
        call.Authorize("iam", "GetPolicy", arn);
        call.Authorize("iam", "GetPolicyVersion", arn);
        try
        {
            return new ResourceReading(new JsonObject { ["PolicyDocument"] = JsonNode.Parse(roles.PolicyText(arn)) });
        }
        catch (ApiException)
        {
            return ResourceReading.Gone;
        }
    }

    public void Delete(ResourceCall call)
    {
        var arn = call.Current!.PhysicalId!;
        Detach(call, arn, call.Properties.Texts("Roles"));
        call.Authorize("iam", "DeletePolicy", arn);
        ServiceCalls.UnlessGone(() => roles.DeletePolicy(arn));
    }

    private void Attach(ResourceCall call, string policy, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            call.Authorize(
                "iam",
                "AttachRolePolicy",
                roles.Get(call.Account, name).Arn,
                new Dictionary<string, string> { ["iam:PolicyARN"] = policy }
            );
            roles.Attach(call.Account, name, policy);
        }
    }

    private void Detach(ResourceCall call, string policy, IEnumerable<string> names)
    {
        foreach (var role in names.Select(name => roles.Find(call.Account, name)).OfType<Role>())
        {
            call.Authorize("iam", "DetachRolePolicy", role.Arn, new Dictionary<string, string> { ["iam:PolicyARN"] = policy });
            ServiceCalls.UnlessGone(() => roles.Detach(call.Account, role.Name, policy));
        }
    }
}
